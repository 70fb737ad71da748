package replay

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
	"github.com/zclconf/go-cty/cty/msgpack"

	"github.com/seed-e90528ae/driftline/internal/untrusted"
)

// value is a cty value of a type that the schema tells: as JSON, which a person can read, or, where parts of it are
// unknown, as msgpack, which can say so.
type value struct {
	JSON    json.RawMessage `json:"json,omitempty"`
	Msgpack []byte          `json:"msgpack,omitempty"`
}

func encode(v cty.Value, typ cty.Type) (value, error) {
	if v == cty.NilVal {
		v = cty.NullVal(typ)
	}
	if v.IsWhollyKnown() {
		b, err := ctyjson.Marshal(v, typ)
		return value{JSON: b}, err
	}
	b, err := msgpack.Marshal(v, typ)
	return value{Msgpack: b}, err
}

func (v value) decode(typ cty.Type) (cty.Value, error) {
	if v.JSON != nil {
		return untrusted.JSON(v.JSON, typ)
	}
	return untrusted.Msgpack(v.Msgpack, typ)
}

// question names a request to the provider by everything that its answer depends on.
func question(parts ...any) string {
	hash := sha256.New()
	for _, part := range parts {
		switch part := part.(type) {
		case cty.Value:
			if part == cty.NilVal || part.IsNull() {
				fmt.Fprint(hash, "null\x00")
				continue
			}
			b, err := msgpack.Marshal(part, part.Type())
			if err != nil {
				b = []byte(part.GoString())
			}
			hash.Write(b)
		default:
			fmt.Fprint(hash, part)
		}
		hash.Write([]byte{0})
	}
	return hex.EncodeToString(hash.Sum(nil)[:16])
}

func encodePath(path cty.Path) []step {
	var steps []step
	for _, s := range path {
		switch s := s.(type) {
		case cty.GetAttrStep:
			steps = append(steps, step{Attribute: s.Name})
		case cty.IndexStep:
			switch {
			case s.Key.IsNull() || !s.Key.IsKnown():
				return steps
			case s.Key.Type() == cty.String:
				steps = append(steps, step{Key: s.Key.AsString()})
			case s.Key.Type() == cty.Number:
				n, _ := s.Key.AsBigFloat().Int64()
				steps = append(steps, step{Index: &n})
			default:
				return steps // an element of a set has no name: its set is what can be named
			}
		}
	}
	return steps
}

func decodePath(steps []step) cty.Path {
	var path cty.Path
	for _, s := range steps {
		switch {
		case s.Attribute != "":
			path = path.GetAttr(s.Attribute)
		case s.Index != nil:
			path = path.IndexInt(int(*s.Index))
		default:
			path = path.IndexString(s.Key)
		}
	}
	return path
}

func encodePaths(paths []cty.Path) [][]step {
	var all [][]step
	for _, p := range paths {
		all = append(all, encodePath(p))
	}
	return all
}

func decodePaths(all [][]step) []cty.Path {
	var paths []cty.Path
	for _, steps := range all {
		paths = append(paths, decodePath(steps))
	}
	return paths
}
