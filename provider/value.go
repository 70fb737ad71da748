package provider

import (
	"errors"
	"fmt"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/msgpack"

	"github.com/seed-e90528ae/driftline/internal/untrusted"
	"github.com/seed-e90528ae/driftline/provider/internal/tfplugin"
)

// encodeValue is the wire form of a value of the given type. It never names the value in an error.
func encodeValue(value cty.Value, typ cty.Type) (*tfplugin.DynamicValue, error) {
	data, err := msgpack.Marshal(value, typ)
	if err != nil {
		return nil, fmt.Errorf("encode value: %w", err)
	}
	return &tfplugin.DynamicValue{Msgpack: data}, nil
}

// decodeValue reads what a plugin sent. The result has exactly the given type (dynamic parts filled in) or there is
// an error, whatever bytes came: a plugin is not trusted to be well-behaved. No value at all is null.
func decodeValue(wire *tfplugin.DynamicValue, typ cty.Type) (value cty.Value, err error) {
	switch {
	case len(wire.GetMsgpack()) > 0:
		value, err = untrusted.Msgpack(wire.GetMsgpack(), typ)
	case len(wire.GetJson()) > 0:
		value, err = untrusted.JSON(wire.GetJson(), typ)
	default:
		return cty.NullVal(typ), nil
	}
	if err != nil {
		return cty.NilVal, fmt.Errorf("decode what the provider sent: %w", describe(err))
	}
	return value, nil
}

// decodeTexts are the strings among the attributes of an object whose schema is not known.
func decodeTexts(wire *tfplugin.DynamicValue) (map[string]string, error) {
	data := wire.GetMsgpack()
	if len(data) == 0 {
		return nil, nil
	}
	typ, err := untrusted.MsgpackType(data)
	if err != nil {
		return nil, fmt.Errorf("decode what the provider sent: %w", err)
	}
	value, err := decodeValue(wire, typ)
	if err != nil {
		return nil, err
	}
	if !value.Type().IsObjectType() || value.IsNull() {
		return nil, untrusted.ErrMalformed
	}
	texts := map[string]string{}
	for name, attribute := range value.AsValueMap() {
		if attribute.Type() == cty.String && !attribute.IsNull() && attribute.IsKnown() {
			texts[name] = attribute.AsString()
		}
	}
	return texts, nil
}

// describe adds the attribute path to an error of go-cty.
func describe(err error) error {
	var at cty.PathError
	if !errors.As(err, &at) || len(at.Path) == 0 {
		return err
	}
	if step, ok := at.Path[0].(cty.GetAttrStep); ok {
		return fmt.Errorf("attribute %q: %w", step.Name, err)
	}
	return err
}

// conform makes a value that was built by Driftline fit a schema's type; null becomes null of that type.
func conform(value cty.Value, typ cty.Type) (cty.Value, error) {
	if value == cty.NilVal {
		return cty.NullVal(typ), nil
	}
	value, _ = value.UnmarkDeep()
	if value.Type().Equals(typ) {
		return value, nil
	}
	value, err := convert.Convert(value, typ)
	if err != nil {
		return cty.NilVal, fmt.Errorf("value does not fit the schema: %w", describe(err))
	}
	return value, nil
}

// attributePath is a wire path as cty writes it.
func attributePath(wire *tfplugin.AttributePath) cty.Path {
	var path cty.Path
	for _, step := range wire.GetSteps() {
		switch selector := step.GetSelector().(type) {
		case *tfplugin.AttributePath_Step_AttributeName:
			path = path.GetAttr(selector.AttributeName)
		case *tfplugin.AttributePath_Step_ElementKeyString:
			path = path.Index(cty.StringVal(selector.ElementKeyString))
		case *tfplugin.AttributePath_Step_ElementKeyInt:
			path = path.Index(cty.NumberIntVal(selector.ElementKeyInt))
		}
	}
	return path
}
