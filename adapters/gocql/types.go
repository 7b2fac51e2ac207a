//go:build !go_v2

package main

import "github.com/gocql/gocql"

func custom(info gocql.TypeInfo) string { return "'" + info.Custom() + "'" }
