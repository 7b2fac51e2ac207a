//go:build go_v2

package main

import (
	"fmt"

	gocql "github.com/apache/cassandra-gocql-driver/v2"
)

func custom(info gocql.TypeInfo) string {
	if vector, ok := info.(gocql.VectorType); ok {
		return fmt.Sprintf("vector<%s, %d>", typeName(vector.SubType), vector.Dimensions)
	}
	return fmt.Sprintf("'%v'", info)
}
