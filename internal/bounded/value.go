package bounded

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// Limits of evaluation. What is looked for in a checkout are names, regions and tags.
const (
	maxReferences = 1_000    // of one expression
	maxValue      = 64 << 10 // elements and bytes of text of one value
)

// Value is an expression's value in a scope of values that are Value's too. What could take a program long, or much memory,
// is an error as what is not known is: loops, sums of what is not written there, a thousand references, values beyond all
// measure.
func Value(e hcl.Expression, scope *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	v, diags := value(e, scope)
	if !diags.HasErrors() && !small(v) {
		return refusal(e, "its value is too large")
	}
	return v, diags
}

// Text is the string that an expression says without any scope, "" when it says none or is nil.
func Text(e hcl.Expression) string {
	if e == nil {
		return ""
	}
	v, diags := Value(e, nil)
	if diags.HasErrors() || v.IsNull() || !v.IsKnown() || v.Type() != cty.String {
		return ""
	}
	return v.AsString()
}

// Argument is the Text of an argument that may not be there.
func Argument(a *hclsyntax.Attribute) string {
	if a == nil {
		return ""
	}
	return Text(a.Expr)
}

func value(e hcl.Expression, scope *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	native, isNative := e.(hclsyntax.Expression)
	if isNative {
		if diags := hclsyntax.VisitAll(native, (&plainness{}).visit); diags.HasErrors() {
			return cty.DynamicVal, diags
		}
		return e.Value(scope)
	}
	// JSON's strings are templates where there is a scope, and are themselves where there is none.
	text, diags := e.Value(nil)
	if diags.HasErrors() || scope == nil {
		return text, diags
	}
	v, err := cty.Transform(text, func(_ cty.Path, part cty.Value) (cty.Value, error) {
		if part.Type() != cty.String || part.IsNull() || !part.IsKnown() {
			return part, nil
		}
		template, diags := hclsyntax.ParseTemplate([]byte(part.AsString()), e.Range().Filename, e.StartRange().Start)
		if !diags.HasErrors() {
			part, diags = value(template, scope)
		}
		if diags.HasErrors() {
			return cty.DynamicVal, diags
		}
		return part, nil
	})
	if err != nil {
		return refusal(e, err.Error())
	}
	return v, nil
}

func refusal(e hcl.Expression, why string) (cty.Value, hcl.Diagnostics) {
	return cty.DynamicVal, hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Not evaluated", Detail: why, Subject: e.Range().Ptr()}}
}

// plainness counts what an expression refers to.
type plainness struct{ references int }

func (p *plainness) visit(node hclsyntax.Node) hcl.Diagnostics {
	why := ""
	switch node := node.(type) {
	case *hclsyntax.ForExpr, *hclsyntax.SplatExpr, *hclsyntax.FunctionCallExpr:
		why = "it loops or calls"
	case *hclsyntax.BinaryOpExpr:
		if node.Op.Type == cty.Number && !(written(node.LHS) && written(node.RHS)) {
			why = "it calculates with what may be any number"
		}
	case *hclsyntax.UnaryOpExpr:
		if node.Op.Type == cty.Number && !written(node.Val) {
			why = "it calculates with what may be any number"
		}
	case *hclsyntax.ScopeTraversalExpr:
		if p.references++; p.references > maxReferences {
			why = fmt.Sprintf("it has more than %d references", maxReferences)
		}
	}
	if why == "" {
		return nil
	}
	return hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Not evaluated", Detail: why, Subject: node.Range().Ptr()}}
}

// written says that an operand is a number as it stands there, which Check has looked at, or is made of such.
func written(e hclsyntax.Expression) bool {
	switch e := e.(type) {
	case *hclsyntax.ParenthesesExpr:
		return written(e.Expression)
	case *hclsyntax.LiteralValueExpr, *hclsyntax.BinaryOpExpr, *hclsyntax.UnaryOpExpr:
		return true
	}
	return false
}

// small says that a value, which may hold another many times over, stays within maxValue when it is written out.
func small(v cty.Value) bool {
	size := 0
	err := cty.Walk(v, func(_ cty.Path, part cty.Value) (bool, error) {
		size++
		if part, _ = part.Unmark(); part.Type() == cty.String && part.IsKnown() && !part.IsNull() {
			size += len(part.AsString())
		}
		if size > maxValue {
			return false, ErrHostile
		}
		return true, nil
	})
	return err == nil
}
