// Package untrusted reads values whose bytes may be anything: what a plugin sends, and what stands in a recording that a
// stranger has sent. go-cty's decoders panic on some, allocate what a length announces, and hang on a number of a gigabyte.
// It knows nothing of where the bytes are from.
package untrusted

import (
	"errors"
	"fmt"

	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
	"github.com/zclconf/go-cty/cty/msgpack"
)

// Limits of a value.
const (
	maxDepth    = 512  // of its nesting
	maxExponent = 4096 // of its numbers, in bits: more than a thousand digits
)

var (
	// ErrMalformed is the error of bytes that are no value, and what the decoders panicked on.
	ErrMalformed = errors.New("the value is not well-formed")

	errMisfit = errors.New("the value does not fit its schema")
	errDepth  = fmt.Errorf("the value is nested more than %d levels deep", maxDepth)
	errNumber = errors.New("the value has a number of more than a thousand digits")
)

// JSON reads a value of a type. What it returns has exactly this type, dynamic parts filled in.
func JSON(data []byte, typ cty.Type) (cty.Value, error) {
	if Depth(data) > maxDepth {
		return cty.NilVal, errDepth
	}
	return read(data, typ, ctyjson.Unmarshal)
}

// Msgpack reads a value of a type, as JSON does.
func Msgpack(data []byte, typ cty.Type) (cty.Value, error) {
	if err := checkMsgpack(data); err != nil {
		return cty.NilVal, err
	}
	return read(data, typ, msgpack.Unmarshal)
}

// MsgpackType is the type that a value itself suggests, where no schema is known.
func MsgpackType(data []byte) (cty.Type, error) {
	if err := checkMsgpack(data); err != nil {
		return cty.NilType, err
	}
	typ, err := msgpack.ImpliedType(data)
	if err != nil {
		return cty.NilType, ErrMalformed
	}
	return typ, nil
}

func read(data []byte, typ cty.Type, unmarshal func([]byte, cty.Type) (cty.Value, error)) (value cty.Value, err error) {
	defer func() {
		if recover() != nil { // on elements of unequal types, for one
			value, err = cty.NilVal, ErrMalformed
		}
	}()
	if longNumber(data) {
		if typ.HasDynamicTypes() {
			return cty.NilVal, errNumber // of which type it is stands in the bytes themselves
		}
		// A set's elements are written out as they are read, to tell them apart, so the first look is at lists.
		listed, err := unmarshal(data, unordered(typ))
		if err != nil {
			return cty.NilVal, err
		}
		if !writable(listed) {
			return cty.NilVal, errNumber
		}
	}
	value, err = unmarshal(data, typ)
	switch {
	case err != nil:
		return cty.NilVal, err
	case len(value.Type().TestConformance(typ)) > 0:
		return cty.NilVal, errMisfit
	}
	return value, nil
}

// longNumber says that something in the bytes may be a number, or be read as one, that is long when it is written out.
func longNumber(data []byte) bool {
	digits, exponent := 0, 0 // in a row; behind an e
	for _, c := range data {
		switch {
		case '0' <= c && c <= '9':
			digits++
			if exponent > 0 {
				exponent++
			}
		case (c == 'e' || c == 'E') && digits > 0:
			digits, exponent = 0, 1
		case (c == '+' || c == '-') && exponent == 1:
		case c == '.' && exponent == 0:
		default:
			digits, exponent = 0, 0
		}
		if digits > 1000 || exponent > 4 {
			return true
		}
	}
	return false
}

// unordered is a type with lists for its sets.
func unordered(typ cty.Type) cty.Type {
	switch {
	case typ.IsSetType(), typ.IsListType():
		return cty.List(unordered(typ.ElementType()))
	case typ.IsMapType():
		return cty.Map(unordered(typ.ElementType()))
	case typ.IsTupleType():
		var elements []cty.Type
		for _, element := range typ.TupleElementTypes() {
			elements = append(elements, unordered(element))
		}
		return cty.Tuple(elements)
	case typ.IsObjectType():
		attributes := map[string]cty.Type{}
		for name, attribute := range typ.AttributeTypes() {
			attributes[name] = unordered(attribute)
		}
		return cty.Object(attributes)
	}
	return typ
}

// writable says that no number of a value is too long to be written out.
func writable(v cty.Value) bool {
	return cty.Walk(v, func(_ cty.Path, part cty.Value) (bool, error) {
		if part.Type() == cty.Number && part.IsKnown() && !part.IsNull() {
			if exponent := part.AsBigFloat().MantExp(nil); exponent > maxExponent || exponent < -maxExponent {
				return false, errNumber
			}
		}
		return true, nil
	}) == nil
}

// Depth is the nesting of a JSON text.
func Depth(text []byte) int {
	depth, deepest := 0, 0
	inString := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '[' || c == '{':
			depth++
			deepest = max(deepest, depth)
		case c == ']' || c == '}':
			depth--
		}
	}
	return deepest
}
