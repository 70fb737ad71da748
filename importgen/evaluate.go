package importgen

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/tryfunc"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"github.com/seed-e90528ae/driftline/drift"
)

// functions are those of Terraform that generated code calls.
var functions = map[string]function.Function{
	"jsonencode": stdlib.JSONEncodeFunc, "chomp": stdlib.ChompFunc, "toset": stdlib.MakeToFunc(cty.Set(cty.DynamicPseudoType)), "try": tryfunc.TryFunc,
}

// parse reads code that was written here.
func parse(code []byte) (*hclsyntax.Body, error) {
	file, diags := hclsyntax.ParseConfig(code, "generated.tf", hcl.InitialPos)
	if diags.HasErrors() {
		return nil, diags
	}
	return file.Body.(*hclsyntax.Body), nil
}

// evaluateTokens is what Terraform makes of an expression.
func evaluateTokens(tokens hclwrite.Tokens, scope *hcl.EvalContext) (cty.Value, error) {
	expression, diags := hclsyntax.ParseExpression(tokens.Bytes(), "generated.tf", hcl.InitialPos)
	if diags.HasErrors() {
		return cty.NilVal, diags
	}
	v, diags := expression.Value(scope)
	if diags.HasErrors() {
		return cty.NilVal, diags
	}
	return v, nil
}

// evaluate is what Terraform makes of a block's code by its schema.
func evaluate(code *hclsyntax.Body, schema *tfjson.SchemaBlock, scope *hcl.EvalContext) (*body, error) {
	out := newBody()
	for name, attr := range code.Attributes {
		known := schema.Attributes[name]
		if known == nil {
			return nil, fmt.Errorf("%s is no argument", name)
		}
		v, diags := attr.Expr.Value(scope)
		if diags.HasErrors() {
			return nil, diags
		}
		converted, err := convert.Convert(v, drift.AttributeType(known))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out.attrs[name] = converted
	}
	elements := map[string][]cty.Value{}
	for _, block := range code.Blocks {
		if nested := schema.NestedBlocks[block.Type]; nested != nil {
			child, err := evaluate(block.Body, nested.Block, scope)
			if err != nil {
				return nil, err
			}
			child.label = strings.Join(block.Labels, "")
			out.blocks[block.Type] = append(out.blocks[block.Type], child)
			continue
		}
		element, err := evaluateElement(block, schema.Attributes[block.Type], scope)
		if err != nil {
			return nil, err
		}
		elements[block.Type] = append(elements[block.Type], element)
	}
	for name, values := range elements {
		out.attrs[name] = cty.ListVal(values)
		if drift.AttributeType(schema.Attributes[name]).IsSetType() {
			out.attrs[name] = cty.SetVal(values)
		}
	}
	return out, nil
}

// evaluateElement reads an element of an attribute that is written with block syntax.
func evaluateElement(block *hclsyntax.Block, attr *tfjson.SchemaAttribute, scope *hcl.EvalContext) (cty.Value, error) {
	if attr == nil {
		return cty.NilVal, fmt.Errorf("%s is no block", block.Type)
	}
	members := &tfjson.SchemaBlock{Attributes: map[string]*tfjson.SchemaAttribute{}}
	for name, ty := range drift.AttributeType(attr).ElementType().AttributeTypes() {
		members.Attributes[name] = &tfjson.SchemaAttribute{AttributeType: ty, Optional: true}
	}
	element, err := evaluate(block.Body, members, scope)
	if err != nil {
		return cty.NilVal, err
	}
	return element.value(members), nil
}

// scopeTree is objects in objects with values as leaves: what stands behind the dots and brackets of references.
type scopeTree map[string]any

// set puts a value where a reference leads, and reports whether there was none or the same.
func (t scopeTree) set(reference string, v cty.Value) bool {
	traversal, diags := hclsyntax.ParseTraversalAbs([]byte(reference), "generated.tf", hcl.InitialPos)
	if diags.HasErrors() {
		return false
	}
	steps := mapSlice(traversal, stepName)
	for _, step := range steps[:len(steps)-1] {
		if t[step] == nil {
			t[step] = scopeTree{}
		}
		below, ok := t[step].(scopeTree)
		if !ok {
			return false
		}
		t = below
	}
	last := steps[len(steps)-1]
	if t[last] == nil {
		t[last] = v
	}
	before, ok := t[last].(cty.Value)
	return ok && before.RawEquals(v)
}

// stepName is the attribute or key that a step goes to. Objects take numbers for keys of their digits.
func stepName(step hcl.Traverser) string {
	switch step := step.(type) {
	case hcl.TraverseRoot:
		return step.Name
	case hcl.TraverseAttr:
		return step.Name
	case hcl.TraverseIndex:
		if key, err := convert.Convert(step.Key, cty.String); err == nil {
			return key.AsString()
		}
	}
	return ""
}

// values are the tree's objects by their names.
func (t scopeTree) values() map[string]cty.Value {
	out := map[string]cty.Value{}
	for name, below := range t {
		switch below := below.(type) {
		case cty.Value:
			out[name] = below
		case scopeTree:
			out[name] = cty.ObjectVal(below.values())
		}
	}
	return out
}
