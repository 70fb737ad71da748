package importgen

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"
)

// unverifiedMark begins the comment above a block that is commented out.
const unverifiedMark = "# Not verified:"

// maxLine is the width beyond which a list is written one element a line.
const maxLine = 100

// An object is written on one line up to this width and, in a list, this many members; elsewhere only with one.
const (
	maxShort   = 70
	maxMembers = 3
)

// render is a block's code: notes, the import block, the resource block. What is not verified is a comment, so that
// merging it changes nothing.
func (b *block) render() []byte {
	file := hclwrite.NewEmptyFile()
	b.renderPolicies(file.Body())
	if !b.scripted {
		imports := file.Body().AppendNewBlock("import", nil).Body()
		imports.SetAttributeTraversal("to", hcl.Traversal{hcl.TraverseRoot{Name: b.Type}, hcl.TraverseAttr{Name: b.name}})
		imports.SetAttributeValue("id", cty.StringVal(b.importID()))
		file.Body().AppendNewline()
	}
	resource := file.Body().AppendNewBlock("resource", []string{b.Type, b.name}).Body()
	if b.alias != "" {
		resource.SetAttributeTraversal("provider", hcl.Traversal{hcl.TraverseRoot{Name: b.local}, hcl.TraverseAttr{Name: b.alias}})
		resource.AppendNewline()
	}
	if b.schema != nil {
		renderBody(resource, b.schema, b.conf)
	}
	b.renderLifecycle(resource)
	code := hclwrite.Format(file.Bytes())

	var out bytes.Buffer
	for _, note := range b.notes {
		out.WriteString("# " + note + "\n")
	}
	if b.verified() {
		out.Write(code)
		return out.Bytes()
	}
	out.WriteString(unverifiedMark + " applying this block might change the resource.\n")
	for _, d := range b.differences {
		out.WriteString("#   - " + oneLine(strings.TrimPrefix(d.Path+": "+d.Reason, ": ")) + "\n")
	}
	for line := range strings.Lines(string(code)) {
		out.WriteString(strings.TrimRight("# "+strings.TrimSuffix(line, "\n"), " ") + "\n")
	}
	return out.Bytes()
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func (b *block) renderLifecycle(resource *hclwrite.Body) {
	if len(b.ignored) == 0 {
		return
	}
	if len(resource.Attributes())+len(resource.Blocks()) > 0 {
		resource.AppendNewline()
	}
	elements := mapSlice(b.ignored, func(path string) hclwrite.Tokens { return raw(path) })
	resource.AppendNewBlock("lifecycle", nil).Body().SetAttributeRaw("ignore_changes", tuple(elements))
}

// renderVariables declares the variables of a block's secrets.
func (b *block) renderVariables() [][]byte {
	var out [][]byte
	secretsIn(b.conf, "", func(holder *body, at, name string) {
		s := holder.secret[name]
		if s.elements == nil {
			out = append(out, b.renderVariable(s.variable, name, s.typ, holder.attrs[name]))
			return
		}
		for _, key := range s.names() {
			out = append(out, b.renderVariable(s.elements[key], key+" in "+name, s.typ, cty.StringVal(stub)))
		}
	})
	return out
}

func (b *block) renderVariable(variable, what string, ty cty.Type, def cty.Value) []byte {
	of := b.address()
	if b.group != nil {
		of, ty, def = "each "+b.Type+"."+b.group.name+", by its key", cty.Map(ty), cty.MapValEmpty(ty)
	}
	file := hclwrite.NewEmptyFile()
	body := file.Body().AppendNewBlock("variable", []string{variable}).Body()
	body.SetAttributeValue("description", cty.StringVal(
		what+" of "+of+". Changes of it are ignored, so the value in the cloud stays until that is lifted."))
	body.SetAttributeRaw("type", raw(typeExpr(ty)))
	body.SetAttributeValue("sensitive", cty.True)
	body.SetAttributeValue("default", def)
	return hclwrite.Format(file.Bytes())
}

func typeExpr(ty cty.Type) string {
	switch {
	case ty.IsPrimitiveType():
		return ty.FriendlyName()
	case ty.IsListType():
		return "list(" + typeExpr(ty.ElementType()) + ")"
	case ty.IsSetType():
		return "set(" + typeExpr(ty.ElementType()) + ")"
	case ty.IsMapType():
		return "map(" + typeExpr(ty.ElementType()) + ")"
	}
	return "any"
}

// renderBody writes arguments, then nested blocks.
func renderBody(out *hclwrite.Body, schema *tfjson.SchemaBlock, b *body) {
	names := slices.SortedFunc(maps.Keys(b.attrs), func(x, y string) int {
		return cmp.Or(cmp.Compare(rank(schema, b, x), rank(schema, b, y)), cmp.Compare(x, y))
	})
	var asBlocks []string
	for _, name := range names {
		attr, v := schema.Attributes[name], b.attrs[name]
		if s := b.secret[name]; s != nil && s.elements != nil {
			out.SetAttributeRaw(name, mapTokens(v, s))
			continue
		} else if s != nil {
			out.SetAttributeRaw(name, s.tokens(s.variable, v))
			continue
		}
		if v.IsNull() {
			continue
		}
		if writtenAsBlocks(attr, v) {
			asBlocks = append(asBlocks, name)
			continue
		}
		e := b.exprs[name]
		e.sparse = attr.AttributeNestedType != nil
		out.SetAttributeRaw(name, attributeTokens(v, name, e))
	}
	asBlocks = append(asBlocks, slices.Collect(maps.Keys(b.blocks))...)
	slices.Sort(asBlocks)
	for _, name := range asBlocks {
		if v, ok := b.attrs[name]; ok {
			for it := v.ElementIterator(); it.Next(); {
				_, element := it.Element()
				separate(out)
				renderObject(out.AppendNewBlock(name, nil).Body(), element, b.exprs[name])
			}
			continue
		}
		nested := schema.NestedBlocks[name]
		for _, child := range b.blocks[name] {
			separate(out)
			if len(child.attrs)+len(child.blocks) == 0 && child.label == "" {
				out.AppendUnstructuredTokens(raw(name + " {}\n"))
				continue
			}
			var labels []string
			if nested.NestingMode == tfjson.SchemaNestingModeMap {
				labels = []string{child.label}
			}
			renderBody(out.AppendNewBlock(name, labels).Body(), nested.Block, child)
		}
	}
}

// separate puts a blank line between a block and what stands above it.
func separate(out *hclwrite.Body) {
	if len(out.Attributes())+len(out.Blocks()) > 0 {
		out.AppendNewline()
	}
}

// rank orders arguments: what the resource is called by, what it must have, what it may have, its tags.
func rank(schema *tfjson.SchemaBlock, b *body, name string) int {
	switch attr := schema.Attributes[name]; {
	case name == b.calledBy(), name == "region" && attr.Computed:
		return 0
	case name == "tags":
		return 3
	case attr != nil && attr.Required:
		return 1
	}
	return 2
}

// identifying are arguments that name what a block describes, the first of them that is written.
var identifying = []string{
	"name", "identifier", "cluster_identifier", "function_name", "alarm_name", "family", "bucket", "id", "key",
}

func (b *body) calledBy() string {
	for _, name := range identifying {
		if _, ok := b.attrs[name]; ok {
			return name
		}
	}
	return ""
}

// called is what the block says that it is called, "" where it says nothing.
func (b *body) called() string {
	if v, ok := b.attrs[b.calledBy()]; ok && v.Type() == cty.String && !v.IsNull() {
		return v.AsString()
	}
	return ""
}

// writtenAsBlocks reports whether an attribute is written with block syntax, as people do: Terraform allows it for
// lists and sets of objects in the legacy SDK's schemas, and takes members that are left out as null.
func writtenAsBlocks(attr *tfjson.SchemaAttribute, v cty.Value) bool {
	ty := v.Type()
	return attr.AttributeNestedType == nil && !v.IsNull() && (ty.IsListType() || ty.IsSetType()) && ty.ElementType().IsObjectType() &&
		v.LengthInt() > 0
}

func renderObject(out *hclwrite.Body, v cty.Value, e expr) {
	members := v.AsValueMap()
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if !members[name].IsNull() && !writtenAsBlocks(&tfjson.SchemaAttribute{}, members[name]) {
			out.SetAttributeRaw(name, attributeTokens(members[name], name, expr{refs: e.refs}))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if !writtenAsBlocks(&tfjson.SchemaAttribute{}, members[name]) {
			continue
		}
		for it := members[name].ElementIterator(); it.Next(); {
			_, element := it.Element()
			separate(out)
			renderObject(out.AppendNewBlock(name, nil).Body(), element, e)
		}
	}
}

func attributeTokens(v cty.Value, name string, e expr) hclwrite.Tokens {
	if e.as != "" {
		return raw(e.as)
	}
	if e.policy != nil {
		return raw(e.policy.address() + ".json")
	}
	if e.document != cty.NilVal {
		return hclwrite.TokensForFunctionCall("jsonencode", valueTokens(e.document, "", expr{refs: e.refs, inside: true}))
	}
	if v.Type() == cty.String && !v.IsNull() && e.refs[refKey{name, v.AsString()}] == (reference{}) {
		if tokens := heredoc(v.AsString()); tokens != nil {
			return tokens
		}
	}
	return valueTokens(v, name, e)
}

// valueTokens writes a value as an expression. Null members of objects are kept, unless the schema says that they may
// be left out: in a document they mean something.
func valueTokens(v cty.Value, name string, e expr) hclwrite.Tokens {
	switch ty := v.Type(); {
	case v.IsNull():
		return raw("null")
	case ty == cty.String:
		if to, ok := e.refs[refKey{name, v.AsString()}]; ok {
			return raw(to.String())
		}
		return hclwrite.TokensForValue(v)
	case ty.IsListType(), ty.IsSetType(), ty.IsTupleType():
		var elements []hclwrite.Tokens
		for it := v.ElementIterator(); it.Next(); {
			_, element := it.Element()
			inner := e
			inner.element = true
			elements = append(elements, valueTokens(element, name, inner))
		}
		return tuple(elements)
	case ty.IsMapType(), ty.IsObjectType():
		var attrs []hclwrite.ObjectAttrTokens
		members := v.AsValueMap()
		for _, key := range keysOf(members, e.inside) {
			if e.sparse && ty.IsObjectType() && members[key].IsNull() {
				continue
			}
			inner := e
			inner.element = false
			if ty.IsMapType() && !ty.ElementType().IsObjectType() { // the values of a map are free text
				inner.refs = nil
			}
			attrs = append(attrs, hclwrite.ObjectAttrTokens{Name: keyTokens(key), Value: valueTokens(members[key], key, inner)})
		}
		if e.element {
			return objectTokens(attrs, maxMembers)
		}
		return objectTokens(attrs, 1)
	}
	return hclwrite.TokensForValue(v)
}

// documentOrder is the order in which people write the members of documents: policies, container definitions. The others
// follow from A to Z; to jsonencode it is all the same.
var documentOrder = []string{
	"name", "Version", "Id", "Statement", "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition",
}

func keysOf(members map[string]cty.Value, inDocument bool) []string {
	keys := slices.Sorted(maps.Keys(members))
	if inDocument {
		place := func(key string) int {
			if i := slices.Index(documentOrder, key); i >= 0 {
				return i
			}
			return len(documentOrder)
		}
		slices.SortStableFunc(keys, func(a, b string) int { return cmp.Compare(place(a), place(b)) })
	}
	return keys
}

// mapTokens writes a map some of whose elements are secret.
func mapTokens(v cty.Value, s *secret) hclwrite.Tokens {
	var attrs []hclwrite.ObjectAttrTokens
	members := v.AsValueMap()
	for _, key := range slices.Sorted(maps.Keys(members)) {
		value := hclwrite.TokensForValue(members[key])
		if variable, ok := s.elements[key]; ok {
			value = s.tokens(variable, members[key])
		}
		attrs = append(attrs, hclwrite.ObjectAttrTokens{Name: keyTokens(key), Value: value})
	}
	return objectTokens(attrs, 1)
}

// objectTokens writes an object on one line where it has few members and they are short: { Name = "web" }.
func objectTokens(attrs []hclwrite.ObjectAttrTokens, few int) hclwrite.Tokens {
	if len(attrs) == 0 {
		return raw("{}")
	}
	members := mapSlice(attrs, func(a hclwrite.ObjectAttrTokens) string {
		return string(a.Name.Bytes()) + " = " + strings.TrimSpace(string(a.Value.Bytes()))
	})
	line := "{ " + strings.Join(members, ", ") + " }"
	if len(attrs) > few || len(line) > maxShort || strings.Contains(line, "\n") || len(attrs) > 1 && strings.ContainsAny(line[1:len(line)-1], "{[") {
		return hclwrite.TokensForObject(attrs)
	}
	return raw(line)
}

// keyTokens writes an object's key, quoted where it would be read as something else than its name.
func keyTokens(key string) hclwrite.Tokens {
	switch key {
	case "for", "null", "true", "false":
	default:
		if hclsyntax.ValidIdentifier(key) {
			return hclwrite.TokensForIdentifier(key)
		}
	}
	return hclwrite.TokensForValue(cty.StringVal(key))
}

// tuple writes a list on one line where that is short and flat.
func tuple(elements []hclwrite.Tokens) hclwrite.Tokens {
	width, flat := 0, true
	for _, element := range elements {
		text := element.Bytes()
		width += len(text) + 2
		flat = flat && !bytes.ContainsRune(text, '\n')
	}
	if flat && width <= maxLine || len(elements) == 1 {
		return hclwrite.TokensForTuple(elements)
	}
	newline := &hclwrite.Token{Type: hclsyntax.TokenNewline, Bytes: []byte("\n")}
	tokens := hclwrite.Tokens{{Type: hclsyntax.TokenOBrack, Bytes: []byte("[")}, newline}
	for _, element := range elements {
		tokens = append(tokens, element...)
		tokens = append(tokens, &hclwrite.Token{Type: hclsyntax.TokenComma, Bytes: []byte(",")}, newline)
	}
	return append(tokens, &hclwrite.Token{Type: hclsyntax.TokenCBrack, Bytes: []byte("]")})
}

func raw(s string) hclwrite.Tokens {
	return hclwrite.Tokens{{Type: hclsyntax.TokenIdent, Bytes: []byte(s)}}
}

// heredoc writes a text of several lines as people do, or answers nil where it would not come back byte for byte. A
// heredoc always ends in a newline: chomp takes away the one that was not there.
func heredoc(s string) hclwrite.Tokens {
	if strings.Count(strings.TrimRight(s, "\n"), "\n") == 0 || strings.ContainsFunc(s, unprintable) {
		return nil
	}
	marker := "EOT"
	for slices.ContainsFunc(strings.Split(s, "\n"), func(line string) bool { return strings.TrimSpace(line) == marker }) {
		marker += "_"
	}
	text := strings.NewReplacer("${", "$${", "%{", "%%{").Replace(s)
	chomped := !strings.HasSuffix(s, "\n")
	if chomped {
		text += "\n"
	}
	tokens := hclwrite.Tokens{
		{Type: hclsyntax.TokenOHeredoc, Bytes: []byte("<<" + marker + "\n")},
		{Type: hclsyntax.TokenStringLit, Bytes: []byte(text)},
		{Type: hclsyntax.TokenCHeredoc, Bytes: []byte(marker)},
	}
	if !chomped {
		return tokens
	}
	tokens = append(tokens, &hclwrite.Token{Type: hclsyntax.TokenNewline, Bytes: []byte("\n")})
	return hclwrite.TokensForFunctionCall("chomp", tokens)
}

func unprintable(r rune) bool {
	return r != '\n' && r != '\t' && !unicode.IsPrint(r) || r == unicode.ReplacementChar
}
