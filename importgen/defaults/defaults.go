// Package defaults knows which values AWS chooses by itself where an argument is left out, so that code need not say
// them. It asks nobody and does not know what an account has set otherwise: such values are not in its table.
package defaults

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed aws.txt
var text string

// Choice is what the cloud puts at a place. Places are written with dots and without indices:
// root_block_device.iops.
type Choice struct {
	Place string
	Value string // JSON, or "*", "$account", "$region", "$" and a place
	Given string // place of which it depends; "" when of none
	Equal string // what must stand at Given, as JSON; "" when it must only be set
}

var table = sync.OnceValues(func() (map[string][]Choice, error) { return parse(text) })

// Of are the choices for a Terraform type, in the order of the table.
func Of(typ string) []Choice {
	all, _ := table() // the tests parse it
	return all[typ]
}

var row = regexp.MustCompile(`^  ([a-z0-9_.]+) = (.+?)(?: where ([a-z0-9_.]+)(?: = (.+))?)?$`)

func parse(text string) (map[string][]Choice, error) {
	out := map[string][]Choice{}
	var types []string
	for n, line := range strings.Split(text, "\n") {
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case !strings.HasPrefix(line, " "):
			types = strings.Fields(line)
		default:
			m := row.FindStringSubmatch(line)
			if m == nil || len(types) == 0 || !readable(m[2]) || m[4] != "" && !json.Valid([]byte(m[4])) {
				return nil, fmt.Errorf("line %d is no default: %s", n+1, line)
			}
			for _, typ := range types {
				out[typ] = append(out[typ], Choice{Place: m[1], Value: m[2], Given: m[3], Equal: m[4]})
			}
		}
	}
	return out, nil
}

func readable(value string) bool {
	return value == "*" || strings.HasPrefix(value, "$") || json.Valid([]byte(value))
}

// Resource is what Chosen is told of a resource: what stands at a place, as JSON, "" for nothing.
type Resource struct {
	Account, Region string
	At              func(place string) string
}

// inner is another value within a string of the table.
var inner = regexp.MustCompile(`<([a-z_]+)>`)

// Chosen reports whether the cloud would put value, as JSON, at a place of a type if it were left out.
func Chosen(typ, place, value string, r Resource) bool {
	for _, c := range Of(typ) {
		if c.Place == place && r.meets(c) && r.evaluated(c.Value, value) == value {
			return true
		}
	}
	return false
}

// Knows reports whether the table speaks of a place of a type at all.
func Knows(typ, place string) bool {
	return slices.ContainsFunc(Of(typ), func(c Choice) bool { return c.Place == place })
}

func (r Resource) meets(c Choice) bool {
	switch {
	case c.Given == "":
		return true
	case c.Equal == "":
		set := r.At(c.Given)
		return set != "" && set != `""`
	}
	return r.At(c.Given) == c.Equal
}

// evaluated is a value of the table for this resource; value is what stands there.
func (r Resource) evaluated(of, value string) string {
	switch {
	case of == "*":
		return value
	case strings.HasPrefix(of, "$"):
		return r.named(of[1:])
	}
	return inner.ReplaceAllStringFunc(of, func(name string) string {
		return strings.Trim(r.named(strings.Trim(name, "<>")), `"`)
	})
}

// named is the value that a name stands for.
func (r Resource) named(name string) string {
	switch name {
	case "account":
		return strconv.Quote(r.Account)
	case "region":
		return strconv.Quote(r.Region)
	}
	return r.At(name)
}
