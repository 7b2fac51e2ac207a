// The gocql adapter: one JSON line in, one out. It asks once, at one node, and prints no value: types and raw bytes go out as they came.
//
// It is built four times from this file: go.mod names upstream 1.6, go.1.14.mod and go.1.17.mod the fork's versions, go.v2.mod upstream's
// second, whose name then stands in the import below (the program that builds this puts it there).
package main

import (
	"bufio"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/gocql/gocql"
)

type request struct {
	Connect     *connect `json:"connect"`
	CQL         string   `json:"cql"`
	Consistency string   `json:"consistency"`
	Serial      string   `json:"serial"`
	Page        int      `json:"page"`
	Timestamp   *int64   `json:"timestamp"`
	Unstamped   bool     `json:"unstamped"`
	Skew        string   `json:"skew"`
}

type connect struct {
	Host     string `json:"host"`
	Port     int    `json:"port"`
	Keyspace string `json:"keyspace"`
}

type answer struct {
	OK      bool        `json:"ok,omitempty"`
	Columns [][2]string `json:"columns,omitempty"`
	Rows    [][]*string `json:"rows,omitempty"`
	Done    bool        `json:"done,omitempty"`
	Error   *failure    `json:"error,omitempty"`
	Client  string      `json:"client,omitempty"`
	Said    string      `json:"said,omitempty"`
}

type failure struct {
	Code        int    `json:"code"`
	Message     string `json:"message"`
	Consistency string `json:"consistency,omitempty"`
	Received    int    `json:"received"`
	Required    int    `json:"required"`
	Alive       int    `json:"alive"`
	WriteType   string `json:"write_type,omitempty"`
	Data        bool   `json:"data"`
	Keyspace    string `json:"keyspace,omitempty"`
	Table       string `json:"table,omitempty"`
}

// raw takes a value's bytes as they are.
type raw struct {
	data []byte
	null bool
}

func (r *raw) UnmarshalCQL(_ gocql.TypeInfo, data []byte) error {
	r.data, r.null = append([]byte(nil), data...), data == nil
	return nil
}

// whole gives the value in hex. gocql takes a tuple apart, so one is put together again; of nothing but nulls it is a null itself.
func whole(parts []raw, tuple bool) *string {
	var all []byte
	null := true
	for _, part := range parts {
		null = null && part.null
		if tuple {
			length := uint32(len(part.data))
			if part.null {
				length = 1<<32 - 1
			}
			all = binary.BigEndian.AppendUint32(all, length)
		}
		all = append(all, part.data...)
	}
	if null {
		return nil
	}
	text := hex.EncodeToString(all)
	return &text
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(make([]byte, 1<<16), 1<<26)
	out := json.NewEncoder(os.Stdout)
	var session *gocql.Session
	var at connect
	for in.Scan() {
		var asked request
		if err := json.Unmarshal(in.Bytes(), &asked); err != nil {
			out.Encode(answer{Client: "Adapter", Said: err.Error()})
			continue
		}
		switch {
		case asked.Skew != "":
			// The clock of this machine, as far as this program can tell: its time.Now is built to heed this.
			os.Setenv("GO_CLOCK_SKEW", asked.Skew)
			out.Encode(answer{OK: true})
		case asked.Connect != nil:
			if session != nil {
				session.Close()
			}
			var err error
			at = *asked.Connect
			if session, err = open(&at); err != nil {
				session = nil
				out.Encode(answer{Client: "NoHost", Said: err.Error()})
			} else {
				out.Encode(answer{OK: true})
			}
		case session == nil:
			out.Encode(answer{Client: "NoHost", Said: "there is no session"})
		case len(asked.CQL) > 3 && strings.EqualFold(asked.CQL[:4], "use "):
			// gocql refuses USE: the keyspace of a session is for life, so there is another session.
			to := at
			to.Keyspace = keyspace(asked.CQL[4:])
			next, said := use(session, &to)
			if next != nil {
				session.Close()
				session, at = next, to
			}
			out.Encode(said)
		default:
			out.Encode(ask(session, &asked))
		}
	}
}

func open(to *connect) (*gocql.Session, error) {
	cluster := gocql.NewCluster(to.Host)
	cluster.Port = to.Port
	cluster.Keyspace = to.Keyspace
	cluster.Timeout = 30 * time.Second
	cluster.ConnectTimeout = 30 * time.Second
	// One node, as the scenario names it, and no second try: what the server says is the outcome.
	cluster.HostFilter = gocql.WhiteListHostFilter(to.Host)
	cluster.ReconnectInterval = 0
	return cluster.CreateSession()
}

func ask(session *gocql.Session, asked *request) (got answer) {
	query := session.Query(asked.CQL)
	if level, err := gocql.ParseConsistencyWrapper(asked.Consistency); err == nil {
		query.Consistency(level)
	}
	switch asked.Serial {
	case "SERIAL":
		query.SerialConsistency(gocql.Serial)
	case "LOCAL_SERIAL":
		query.SerialConsistency(gocql.LocalSerial)
	}
	query.PageSize(asked.Page)
	// gocql reads rows by the columns that a statement was prepared with, and a transaction is prepared without any: read like a SELECT,
	// its answer is lost. ScanCAS asks for the columns, and so does this.
	if word, _, _ := strings.Cut(strings.TrimSpace(asked.CQL), " "); !strings.EqualFold(word, "select") {
		query.NoSkipMetadata()
	}
	if asked.Timestamp != nil {
		query.WithTimestamp(*asked.Timestamp)
	} else if asked.Unstamped {
		query.DefaultTimestamp(false)
	}
	iter := query.Iter()
	columns := iter.Columns()
	for _, column := range columns {
		got.Columns = append(got.Columns, [2]string{column.Name, typeName(column.TypeInfo)})
	}
	for len(columns) > 0 {
		row, places := places(columns)
		if !iter.Scan(places...) {
			break
		}
		values := make([]*string, len(row))
		for i, parts := range row {
			_, tuple := columns[i].TypeInfo.(gocql.TupleTypeInfo)
			values[i] = whole(parts, tuple)
		}
		got.Rows = append(got.Rows, values)
	}
	if err := iter.Close(); err != nil {
		return failed(err)
	}
	got.Done = true
	return got
}

// places has one for each value, and for a tuple one for each of its parts.
func places(columns []gocql.ColumnInfo) ([][]raw, []interface{}) {
	row := make([][]raw, len(columns))
	var places []interface{}
	for i, column := range columns {
		row[i] = make([]raw, 1)
		if tuple, ok := column.TypeInfo.(gocql.TupleTypeInfo); ok {
			row[i] = make([]raw, len(tuple.Elems))
		}
		for part := range row[i] {
			places = append(places, &row[i][part])
		}
	}
	return row, places
}

// keyspace gives the name that stands behind USE, as the server knows it.
func keyspace(text string) string {
	text = strings.TrimSpace(strings.TrimRight(text, "; \t\r\n"))
	if strings.HasPrefix(text, `"`) {
		return strings.ReplaceAll(strings.Trim(text, `"`), `""`, `"`)
	}
	return strings.ToLower(text)
}

// use opens a session in another keyspace. A session that finds none says nothing of the kind, so the server is asked first.
func use(session *gocql.Session, to *connect) (*gocql.Session, answer) {
	var found string
	asked := session.Query("SELECT keyspace_name FROM system_schema.keyspaces WHERE keyspace_name = ?", to.Keyspace)
	if err := asked.Consistency(gocql.One).Scan(&found); errors.Is(err, gocql.ErrNotFound) {
		return nil, answer{Error: &failure{Code: 0x2200, Message: fmt.Sprintf("Keyspace '%s' does not exist", to.Keyspace)}}
	} else if err != nil {
		return nil, failed(err)
	}
	next, err := open(to)
	if err != nil {
		return nil, failed(err)
	}
	return next, answer{Done: true}
}

var names = map[gocql.Type]string{
	gocql.TypeAscii: "ascii", gocql.TypeBigInt: "bigint", gocql.TypeBlob: "blob", gocql.TypeBoolean: "boolean",
	gocql.TypeCounter: "counter", gocql.TypeDecimal: "decimal", gocql.TypeDouble: "double", gocql.TypeFloat: "float",
	gocql.TypeInt: "int", gocql.TypeText: "text", gocql.TypeTimestamp: "timestamp", gocql.TypeUUID: "uuid",
	gocql.TypeVarchar: "text", gocql.TypeVarint: "varint", gocql.TypeTimeUUID: "timeuuid", gocql.TypeInet: "inet",
	gocql.TypeDate: "date", gocql.TypeDuration: "duration", gocql.TypeTime: "time", gocql.TypeSmallInt: "smallint",
	gocql.TypeTinyInt: "tinyint", gocql.TypeList: "list", gocql.TypeMap: "map", gocql.TypeSet: "set",
}

func quoted(name string) string {
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

func typeName(info gocql.TypeInfo) string {
	switch info := info.(type) {
	case gocql.CollectionType:
		if info.Type() == gocql.TypeMap {
			return fmt.Sprintf("map<%s, %s>", typeName(info.Key), typeName(info.Elem))
		}
		return fmt.Sprintf("%s<%s>", names[info.Type()], typeName(info.Elem))
	case gocql.TupleTypeInfo:
		parts := make([]string, len(info.Elems))
		for i, part := range info.Elems {
			parts[i] = typeName(part)
		}
		return "tuple<" + strings.Join(parts, ", ") + ">"
	case gocql.UDTTypeInfo:
		fields := make([]string, len(info.Elements))
		for i, field := range info.Elements {
			fields[i] = quoted(field.Name) + " " + typeName(field.Type)
		}
		return quoted(info.Name) + "(" + strings.Join(fields, ", ") + ")"
	default:
		if name, ok := names[info.Type()]; ok {
			return name
		}
		return custom(info)
	}
}

func failed(err error) answer {
	if errors.Is(err, gocql.ErrTimeoutNoResponse) {
		return answer{Client: "Timeout", Said: err.Error()}
	}
	var asked gocql.RequestError
	if !errors.As(err, &asked) {
		return answer{Client: "NoHost", Said: err.Error()}
	}
	got := failure{Code: asked.Code(), Message: asked.Message()}
	var unavailable *gocql.RequestErrUnavailable
	var write *gocql.RequestErrWriteTimeout
	var read *gocql.RequestErrReadTimeout
	var exists *gocql.RequestErrAlreadyExists
	switch {
	case errors.As(err, &unavailable):
		got.Consistency, got.Required, got.Alive = unavailable.Consistency.String(), unavailable.Required, unavailable.Alive
	case errors.As(err, &write):
		got.Consistency, got.Received, got.Required = write.Consistency.String(), write.Received, write.BlockFor
		got.WriteType = write.WriteType
	case errors.As(err, &read):
		got.Consistency, got.Received, got.Required = read.Consistency.String(), read.Received, read.BlockFor
		got.Data = read.DataPresent != 0
	case errors.As(err, &exists):
		got.Keyspace, got.Table = exists.Keyspace, exists.Table
	}
	return answer{Error: &got}
}
