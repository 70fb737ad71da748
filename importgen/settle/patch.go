package settle

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/internal/bounded"
)

// obstacle says why a value cannot be patched.
type obstacle string

func (o obstacle) Error() string { return string(o) }

func obstaclef(format string, args ...any) error { return obstacle(fmt.Sprintf(format, args...)) }

// patch follows one change from a resource's block to the literal that says what was, and has it say what is.
type patch struct {
	edits edits
	file  string // where the following has got to
	line  int
}

// cursor is an expression in its file.
type cursor struct {
	*scope
	file   string
	text   sourceText
	asJSON bool // it stands in the text of a heredoc that holds JSON
	sorted bool // the order of lists means something
}

func (p *patch) reach(c cursor, r hcl.Range) { p.file, p.line = c.file, r.Start.Line }

func (p *patch) add(c cursor, e edit) error {
	if c.shared != "" {
		return obstacle(c.shared)
	}
	p.edits = append(p.edits, e)
	return nil
}

// attribute patches the argument of a body.
func (p *patch) attribute(c cursor, body *hclsyntax.Body, schema *tfjson.SchemaBlock, steps []step, before, after any) error {
	name := steps[0].name
	if nested := schema.NestedBlocks[name]; nested != nil {
		return p.block(c, body, nested, steps, before, after)
	}
	attr := body.Attributes[name]
	if attr == nil {
		return p.absent(c, body, schema, steps, before, after)
	}
	p.reach(c, attr.SrcRange)
	c.sorted = ordered(schema.Attributes[name])
	if after == nil && len(steps) == 1 && !required(schema.Attributes[name]) {
		if err := unchanged(attr.Expr, before); err != nil {
			return err
		}
		from, to, ok := c.text.wholeLines(attr.SrcRange.Start.Byte, attr.SrcRange.End.Byte)
		if !ok {
			return obstacle("another argument stands on its line")
		}
		return p.add(c, edit{c.file, from, to, ""})
	}
	return p.value(c, attr.Expr, steps[1:], before, after)
}

func required(attr *tfjson.SchemaAttribute) bool { return attr != nil && attr.Required }

func ordered(attr *tfjson.SchemaAttribute) bool { return !drift.AttributeType(attr).IsSetType() }

// unchanged makes sure that a literal says what was.
func unchanged(expr hclsyntax.Expression, before any) error {
	v, diags := bounded.Value(expr, nil)
	now, ok := plain(v)
	if diags.HasErrors() || !ok {
		return obstacle("the configuration has an expression there")
	}
	if !equal(now, before) {
		return obstacle("the configuration says something else than the state: it has been changed since the last apply")
	}
	return nil
}

// absent adds an argument that the configuration leaves to the provider.
func (p *patch) absent(c cursor, body *hclsyntax.Body, schema *tfjson.SchemaBlock, steps []step, before, after any) error {
	p.reach(c, body.SrcRange)
	attr := schema.Attributes[steps[0].name]
	if blocks := blocksOf(body, steps[0].name); len(blocks) > 0 {
		return p.blocks(c, body, blocks, attributesSchema(attr), steps, before, after)
	}
	switch {
	case attr == nil || !attr.Optional && !attr.Required:
		return obstacle(computed)
	case hasDynamic(body, steps[0].name):
		return obstacle("a dynamic block writes it")
	case attr.Computed:
		return obstacle(leftToCloud)
	case after == nil:
		return obstacle("the configuration does not set it")
	case len(steps) == 2 && steps[1].index < 0:
		after = map[string]any{steps[1].word(): after}
	case len(steps) > 1:
		return obstacle("the configuration does not set it")
	}
	return p.add(c, c.text.addTo(c.file, body, []string{steps[0].name + " = " + written(after, false)}))
}

// attributesSchema is the schema of an attribute that is written with block syntax.
func attributesSchema(attr *tfjson.SchemaAttribute) *tfjson.SchemaBlockType {
	nested := &tfjson.SchemaBlockType{NestingMode: tfjson.SchemaNestingModeSet, Block: &tfjson.SchemaBlock{Attributes: map[string]*tfjson.SchemaAttribute{}}}
	ty := drift.AttributeType(attr)
	if ty.IsListType() {
		nested.NestingMode = tfjson.SchemaNestingModeList
	}
	if ty.IsCollectionType() && ty.ElementType().IsObjectType() {
		for name, t := range ty.ElementType().AttributeTypes() {
			nested.Block.Attributes[name] = &tfjson.SchemaAttribute{AttributeType: t, Optional: true}
		}
	}
	return nested
}

func blocksOf(body *hclsyntax.Body, name string) []*hclsyntax.Block {
	var found []*hclsyntax.Block
	for _, b := range body.Blocks {
		if b.Type == name {
			found = append(found, b)
		}
	}
	return found
}

func hasDynamic(body *hclsyntax.Body, name string) bool {
	return slices.ContainsFunc(body.Blocks, func(b *hclsyntax.Block) bool {
		return b.Type == "dynamic" && len(b.Labels) == 1 && b.Labels[0] == name
	})
}

// block patches within nested blocks.
func (p *patch) block(c cursor, body *hclsyntax.Body, nested *tfjson.SchemaBlockType, steps []step, before, after any) error {
	if hasDynamic(body, steps[0].name) {
		p.reach(c, body.SrcRange)
		return obstacle("a dynamic block writes it")
	}
	return p.blocks(c, body, blocksOf(body, steps[0].name), nested, steps, before, after)
}

func (p *patch) blocks(c cursor, body *hclsyntax.Body, blocks []*hclsyntax.Block, nested *tfjson.SchemaBlockType, steps []step, before, after any) error {
	if len(steps) == 1 {
		return p.several(c, body, blocks, nested, steps[0].name, before, after)
	}
	i, rest := 0, steps[1:]
	if steps[1].name == "" {
		i, rest = steps[1].index, steps[2:]
		if nested.NestingMode == tfjson.SchemaNestingModeMap {
			i = slices.IndexFunc(blocks, func(b *hclsyntax.Block) bool { return len(b.Labels) == 1 && b.Labels[0] == steps[1].key })
		}
	}
	if i < 0 || i >= len(blocks) || len(rest) == 0 {
		p.reach(c, body.SrcRange)
		return obstaclef("the configuration has no such %s block", steps[0].name)
	}
	p.reach(c, blocks[i].TypeRange)
	return p.attribute(c, blocks[i].Body, nested.Block, rest, before, after)
}

// several patches a set of blocks, or a list that has become longer or shorter. What is gone is looked for by what the
// blocks say literally.
func (p *patch) several(c cursor, body *hclsyntax.Body, blocks []*hclsyntax.Block, nested *tfjson.SchemaBlockType, name string, before, after any) error {
	p.reach(c, body.SrcRange)
	old, _ := before.([]any)
	now, _ := after.([]any)
	gone, added := missing(old, now), missing(now, old)
	if len(gone) == 0 && len(added) == 0 {
		return obstacle("only the order of its blocks differs")
	}
	for len(gone) > 0 {
		i, err := matching(blocks, gone[0])
		if err != nil {
			return err
		}
		b := blocks[i]
		p.reach(c, b.TypeRange)
		if len(added) == 0 || len(gone) > 1 && len(added) != len(gone) {
			from, to, ok := c.text.wholeLines(b.TypeRange.Start.Byte, b.CloseBraceRange.End.Byte)
			if !ok {
				return obstacle("another block stands on its lines")
			}
			if err := p.add(c, edit{c.file, from, to, ""}); err != nil {
				return err
			}
		} else {
			if err := p.members(c, b.Body, nested.Block, gone[0], added[0]); err != nil {
				return err
			}
			added = added[1:]
		}
		blocks = slices.Delete(slices.Clone(blocks), i, i+1)
		gone = gone[1:]
	}
	for _, v := range added {
		object, ok := v.(map[string]any)
		if !ok {
			return obstacle("its blocks cannot be read")
		}
		at := c.text.lineStart(body.SrcRange.End.Byte-1) - 1
		indent := c.text.indent(body.SrcRange.Start.Byte) + "  "
		all := blocksOf(body, name)
		if len(all) > 0 {
			at = all[len(all)-1].CloseBraceRange.End.Byte
			indent = c.text.indent(all[len(all)-1].TypeRange.Start.Byte)
		} else if at < body.SrcRange.Start.Byte {
			return obstacle("the configuration's block is on one line")
		}
		lines, err := blockLines(name, nested.Block, object, indent)
		if err != nil {
			return err
		}
		if err := p.add(c, edit{c.file, at, at, "\n\n" + lines}); err != nil {
			return err
		}
	}
	return nil
}

// members patches those arguments of a block in which two objects differ.
func (p *patch) members(c cursor, body *hclsyntax.Body, schema *tfjson.SchemaBlock, before, after any) error {
	old, ok := before.(map[string]any)
	now, alsoOK := after.(map[string]any)
	if !ok || !alsoOK {
		return obstacle("its blocks cannot be read")
	}
	for _, name := range union(old, now) {
		if equal(old[name], now[name]) || computedOnly(schema, name) {
			continue
		}
		value := now[name]
		if empty(value) {
			value = nil
		}
		if err := p.attribute(c, body, schema, []step{{name: name, index: -1}}, old[name], value); err != nil {
			return err
		}
	}
	return nil
}

func computedOnly(schema *tfjson.SchemaBlock, name string) bool {
	attr := schema.Attributes[name]
	return attr != nil && !attr.Optional && !attr.Required
}

// matching is the one block whose literals say what an object says.
func matching(blocks []*hclsyntax.Block, v any) (int, error) {
	object, _ := v.(map[string]any)
	found := -1
	for i, b := range blocks {
		literals, fits := 0, true
		for name, attr := range b.Body.Attributes {
			value, diags := bounded.Value(attr.Expr, nil)
			said, ok := plain(value)
			if diags.HasErrors() || !ok {
				continue
			}
			literals++
			fits = fits && (equal(said, object[name]) || sameElements(said, object[name]))
		}
		if !fits || literals == 0 {
			continue
		}
		if found >= 0 {
			return 0, obstacle("several blocks could be the one that changed")
		}
		found = i
	}
	if found < 0 {
		return 0, obstacle("no block of the configuration says what was there before")
	}
	return found, nil
}

func sameElements(a, b any) bool {
	x, ok := a.([]any)
	y, alsoOK := b.([]any)
	return ok && alsoOK && len(missing(x, y)) == 0 && len(missing(y, x)) == 0
}

// blockLines writes a new block with what is set in an object.
func blockLines(name string, schema *tfjson.SchemaBlock, object map[string]any, indent string) (string, error) {
	var out strings.Builder
	out.WriteString(name + " {\n")
	for _, member := range union(object, nil) {
		v := object[member]
		if empty(v) || v == false || computedOnly(schema, member) {
			continue
		}
		if schema.NestedBlocks[member] != nil {
			return "", obstacle("the new block has blocks of its own")
		}
		out.WriteString("  " + member + " = " + written(v, false) + "\n")
	}
	out.WriteString("}")
	formatted := string(hclwrite.Format([]byte(out.String())))
	return indent + strings.ReplaceAll(formatted, "\n", "\n"+indent), nil
}

// value patches an expression, or what steps lead to in it.
func (p *patch) value(c cursor, expr hclsyntax.Expression, steps []step, before, after any) error {
	p.reach(c, expr.Range())
	switch e := expr.(type) {
	case *hclsyntax.ParenthesesExpr:
		return p.value(c, e.Expression, steps, before, after)
	case *hclsyntax.TemplateWrapExpr:
		return p.value(c, e.Wrapped, steps, before, after)
	case *hclsyntax.ScopeTraversalExpr:
		return p.follow(c, e.Traversal, steps, before, after)
	case *hclsyntax.ObjectConsExpr:
		return p.object(c, e, steps, before, after)
	case *hclsyntax.TupleConsExpr:
		return p.tuple(c, e, steps, before, after)
	case *hclsyntax.FunctionCallExpr:
		return p.call(c, e, steps, before, after)
	case *hclsyntax.TemplateExpr, *hclsyntax.LiteralValueExpr, *hclsyntax.UnaryOpExpr:
		if len(traversals(e)) > 0 {
			if heredoc := c.heredoc(e.Range()); heredoc != nil && len(steps) == 0 {
				return p.heredocDocument(c, heredoc, before, after)
			}
			return obstacle("the text has references in it")
		}
		return p.literal(c, e, steps, before, after)
	case *hclsyntax.ConditionalExpr:
		return obstacle("a condition decides on it")
	case *hclsyntax.ForExpr, *hclsyntax.SplatExpr:
		return obstacle("it is computed from other values")
	}
	return obstacle("it is computed by an expression")
}

func (p *patch) literal(c cursor, expr hclsyntax.Expression, steps []step, before, after any) error {
	if len(steps) > 0 {
		return obstacle("the configuration has no such element")
	}
	if heredoc := c.heredoc(expr.Range()); heredoc != nil {
		if err := p.heredocDocument(c, heredoc, before, after); err == nil {
			return nil
		}
		if err := unchanged(expr, before); err != nil {
			return err
		}
		return p.heredocText(c, heredoc, after)
	}
	if err := unchanged(expr, before); err != nil {
		return err
	}
	r := expr.Range()
	return p.add(c, edit{c.file, r.Start.Byte, r.End.Byte, written(after, c.asJSON)})
}

// heredoc is a text of several lines as it stands in a file.
type heredoc struct {
	r          hcl.Range
	start, end int // of the lines between the markers
	flush      bool
}

func (c cursor) heredoc(r hcl.Range) *heredoc {
	text := c.text.of(r)
	if !strings.HasPrefix(text, "<<") {
		return nil
	}
	start := c.text.lineEnd(r.Start.Byte) + 1
	end := r.End.Byte
	if c.text[end-1] == '\n' { // the range of a heredoc ends behind the marker's line
		end--
	}
	return &heredoc{r: r, start: start, end: c.text.lineStart(end), flush: strings.HasPrefix(text, "<<-")}
}

// heredocText replaces the lines of a heredoc.
func (p *patch) heredocText(c cursor, h *heredoc, after any) error {
	text, ok := after.(string)
	if !ok || !strings.HasSuffix(text, "\n") {
		return obstacle("a heredoc cannot say a text without a newline at its end")
	}
	marker := strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(string(c.text[h.r.Start.Byte:h.start]), "<<"), "-"))
	indent := ""
	if h.flush {
		indent = c.text.indent(h.start)
	}
	var out strings.Builder
	for line := range strings.Lines(escapeTemplate(text)) {
		if strings.TrimSpace(line) == marker {
			return obstacle("the text has the heredoc's own marker in it")
		}
		if strings.TrimSpace(line) != "" {
			out.WriteString(indent)
		}
		out.WriteString(line)
	}
	return p.add(c, edit{c.file, h.start, h.end, out.String()})
}

// heredocDocument patches JSON in a heredoc: the text of a document is an expression like any other.
func (p *patch) heredocDocument(c cursor, h *heredoc, before, after any) error {
	old, ok := document(before)
	now, alsoOK := document(after)
	if !ok || !alsoOK {
		return obstacle("the text has references in it")
	}
	inner := c.text[h.start:h.end]
	at := hcl.Pos{Byte: h.start, Line: h.r.Start.Line + 1, Column: 1}
	leading := len(inner) - len(bytes.TrimLeft(inner, " \t\n"))
	at.Byte += leading
	expr, diags := hclsyntax.ParseExpression(bytes.TrimSpace(inner), c.file, at)
	if diags.HasErrors() {
		return obstacle("the text has references in it")
	}
	c.asJSON, c.sorted = true, true
	edits := len(p.edits)
	if err := p.value(c, expr, nil, old, now); err != nil {
		p.edits = p.edits[:edits]
		return err
	}
	return nil
}

// call looks through the functions that leave values as they are.
func (p *patch) call(c cursor, e *hclsyntax.FunctionCallExpr, steps []step, before, after any) error {
	switch {
	case e.Name == "jsonencode" && len(e.Args) == 1 && len(steps) == 0:
		old, ok := document(before)
		now, alsoOK := document(after)
		if !ok || !alsoOK {
			return obstacle("it is no document any more")
		}
		c.sorted = true
		return p.value(c, e.Args[0], nil, old, now)
	case slices.Contains([]string{"tolist", "toset", "tomap", "tostring", "tonumber", "tobool"}, e.Name) && len(e.Args) == 1:
		c.sorted = c.sorted && e.Name != "toset"
		return p.value(c, e.Args[0], steps, before, after)
	case e.Name == "chomp" && len(e.Args) == 1 && len(steps) == 0:
		old, ok := before.(string)
		now, alsoOK := after.(string)
		if !ok || !alsoOK || strings.HasSuffix(now, "\n") {
			return obstacle("the function chomp computes it")
		}
		return p.value(c, e.Args[0], nil, old+"\n", now+"\n")
	case e.Name == "merge" && len(steps) > 0 && !e.ExpandFinal:
		return p.merge(c, e, steps, before, after)
	}
	return obstaclef("the function %s computes it", e.Name)
}

// merge finds the argument whose element wins. A new element goes into the last argument that is a literal map.
func (p *patch) merge(c cursor, e *hclsyntax.FunctionCallExpr, steps []step, before, after any) error {
	for i := len(e.Args) - 1; i >= 0; i-- {
		object, ok := e.Args[i].(*hclsyntax.ObjectConsExpr)
		if ok && (itemOf(object, steps[0].word()) >= 0 || before == nil) {
			return p.value(c, object, steps, before, after)
		}
		if !ok {
			if before == nil {
				continue
			}
			err := p.value(c, e.Args[i], steps, before, after)
			if i > 0 && errors.Is(err, noElement) {
				continue
			}
			return err
		}
	}
	return obstacle("the function merge computes it")
}

const noElement = obstacle("the configuration has no such element")

// follow goes where a reference leads.
func (p *patch) follow(c cursor, t hcl.Traversal, steps []step, before, after any) error {
	if len(t) < 2 {
		return obstacle("it is computed by an expression")
	}
	name, ok := t[1].(hcl.TraverseAttr)
	if !ok {
		return obstacle("it is computed by an expression")
	}
	for _, s := range t[2:] {
		switch s := s.(type) {
		case hcl.TraverseAttr:
			steps = append([]step{{name: s.Name, index: -1}}, steps...)
		case hcl.TraverseIndex:
			one := step{index: -1}
			if s.Key.Type() == cty.String {
				one.key = s.Key.AsString()
			} else {
				i, _ := s.Key.AsBigFloat().Int64()
				one.index = int(i)
			}
			steps = append([]step{one}, steps...)
		}
	}
	if n := c.uses(t); n > 1 && (t.RootName() == "var" || t.RootName() == "local") {
		return obstaclef("%s is used %d times", strings.Join(words(t), "."), n)
	}
	switch t.RootName() {
	case "local":
		local, ok := c.locals[name.Name]
		if !ok {
			return obstaclef("local.%s is not in this directory", name.Name)
		}
		return p.value(c.in(c.scope, local.file), local.Expr, steps, before, after)
	case "var":
		return p.variable(c, name.Name, steps, before, after)
	}
	return obstaclef("it comes from %s", strings.Join(words(t), "."))
}

func (c cursor) in(s *scope, file string) cursor {
	return cursor{scope: s, file: file, text: s.content[file], sorted: c.sorted}
}

// variable goes to the call that sets a variable, to a file that does, or to its default.
func (p *patch) variable(c cursor, name string, steps []step, before, after any) error {
	if c.parent != nil {
		if argument := c.call.Body.Attributes[name]; argument != nil {
			caller := c.in(c.parent, c.scope.call.file)
			p.reach(caller, argument.SrcRange)
			if repeated(c.call.Block) {
				return obstacle(c.shared)
			}
			return p.value(caller, argument.Expr, steps, before, after)
		}
	}
	given := c.given[name]
	switch {
	case c.parent == nil && len(given) == 1:
		return p.value(c.in(c.scope, given[0].file), given[0].Expr, steps, before, after)
	case c.parent == nil && len(given) > 1:
		return obstaclef("var.%s is set in %d files", name, len(given))
	}
	block, ok := c.variables[name]
	if !ok || block.Body.Attributes["default"] == nil {
		return obstaclef("var.%s is set from outside", name)
	}
	return p.value(c.in(c.scope, block.file), block.Body.Attributes["default"].Expr, steps, before, after)
}

// object patches a map or an object.
func (p *patch) object(c cursor, e *hclsyntax.ObjectConsExpr, steps []step, before, after any) error {
	if len(steps) == 0 {
		old, ok := before.(map[string]any)
		now, alsoOK := after.(map[string]any)
		if !ok && before != nil || !alsoOK {
			return obstacle("it has become something else than a map")
		}
		return p.items(c, e, old, now)
	}
	word := steps[0].word()
	if len(steps) == 1 {
		old, now := map[string]any{}, map[string]any{}
		if before != nil {
			old[word] = before
		}
		if after != nil {
			now[word] = after
		}
		return p.items(c, e, old, now)
	}
	i := itemOf(e, word)
	if i < 0 {
		return noElement
	}
	return p.value(c, e.Items[i].ValueExpr, steps[1:], before, after)
}

// items patches the items of an object in which two maps differ.
func (p *patch) items(c cursor, e *hclsyntax.ObjectConsExpr, old, now map[string]any) error {
	parts := make([]span, len(e.Items))
	for i, item := range e.Items {
		parts[i] = span{item.KeyExpr.Range().Start.Byte, item.ValueExpr.Range().End.Byte}
		if h := c.heredoc(item.ValueExpr.Range()); h != nil {
			return obstacle("a heredoc stands beside it")
		}
	}
	var texts []string
	var gone []int
	for _, key := range union(old, now) {
		was, wasThere := old[key]
		is, isThere := now[key]
		i := itemOf(e, key)
		switch {
		case wasThere && isThere && equal(was, is):
		case !isThere && i < 0:
			return noElement
		case !isThere:
			p.reach(c, e.Items[i].ValueExpr.Range())
			if err := unchanged(e.Items[i].ValueExpr, was); err != nil {
				return err
			}
			gone = append(gone, i)
		case i >= 0:
			if err := p.value(c, e.Items[i].ValueExpr, nil, was, is); err != nil {
				return err
			}
		case wasThere:
			return noElement
		case c.asJSON:
			texts = append(texts, strconv.Quote(key)+": "+written(is, true))
		default:
			texts = append(texts, string(keyTokens(key).Bytes())+" = "+written(is, false))
		}
	}
	if len(texts) > 0 && len(gone) > 0 && len(gone) == len(parts) { // the first makes room for what is new
		at := parts[gone[0]]
		separator := ", "
		if !c.asJSON && c.text.lineStart(at.start) > e.SrcRange.Start.Byte {
			separator = "\n" + c.text.indent(at.start)
		}
		if err := p.add(c, edit{c.file, at.start, at.end, strings.Join(texts, separator)}); err != nil {
			return err
		}
		gone, texts = gone[1:], nil
	}
	for _, i := range gone {
		if err := p.add(c, c.text.remove(c.file, parts, i, c.asJSON)); err != nil {
			return err
		}
	}
	if len(texts) == 0 {
		return nil
	}
	var staying []span
	for i, part := range parts {
		if !slices.Contains(gone, i) {
			staying = append(staying, part)
		}
	}
	return p.add(c, c.text.insert(c.file, e.SrcRange, staying, texts, c.asJSON))
}

func itemOf(e *hclsyntax.ObjectConsExpr, key string) int {
	return slices.IndexFunc(e.Items, func(item hclsyntax.ObjectConsItem) bool {
		v, diags := bounded.Value(item.KeyExpr, nil)
		return !diags.HasErrors() && v.IsKnown() && !v.IsNull() && v.Type() == cty.String && v.AsString() == key
	})
}

// tuple patches a list or a set.
func (p *patch) tuple(c cursor, e *hclsyntax.TupleConsExpr, steps []step, before, after any) error {
	if len(steps) > 0 {
		if i := steps[0].index; i >= 0 && i < len(e.Exprs) {
			return p.value(c, e.Exprs[i], steps[1:], before, after)
		}
		return noElement
	}
	old, ok := before.([]any)
	now, alsoOK := after.([]any)
	if !ok && before != nil || !alsoOK && after != nil {
		return obstacle("it has become something else than a list")
	}
	if c.sorted && len(old) == len(now) && len(old) == len(e.Exprs) {
		for i := range old {
			if equal(old[i], now[i]) {
				continue
			}
			if err := p.value(c, e.Exprs[i], nil, old[i], now[i]); err != nil {
				return err
			}
		}
		return nil
	}
	return p.elements(c, e, old, now)
}

// elements adds and removes elements. Where their order means something, what stays has to be in it.
func (p *patch) elements(c cursor, e *hclsyntax.TupleConsExpr, old, now []any) error {
	gone, added := missing(old, now), missing(now, old)
	if c.sorted && (len(old) != len(e.Exprs) || !appended(old, now, gone, added)) {
		return obstacle("the order of its elements has changed")
	}
	parts := make([]span, len(e.Exprs))
	taken := make([]bool, len(e.Exprs))
	for i, element := range e.Exprs {
		parts[i] = span{element.Range().Start.Byte, element.Range().End.Byte}
	}
	var removed []edit
	for _, v := range gone {
		i := slices.IndexFunc(e.Exprs, func(element hclsyntax.Expression) bool { return unchanged(element, v) == nil })
		for i >= 0 && taken[i] {
			i = next(e.Exprs, i, v)
		}
		if i < 0 {
			return obstacle("the element that is gone is not written as a literal")
		}
		taken[i] = true
		if len(added) > 0 && !c.sorted { // one for the other
			removed = append(removed, edit{c.file, parts[i].start, parts[i].end, written(added[0], c.asJSON)})
			added = added[1:]
			continue
		}
		if len(gone) > 1 && len(parts) > 1 {
			if _, _, whole := c.text.wholeLines(parts[i].start, parts[i].end); !whole || c.asJSON {
				return obstacle("several elements on one line are gone")
			}
		}
		removed = append(removed, c.text.remove(c.file, parts, i, c.asJSON))
	}
	for _, e := range removed {
		if err := p.add(c, e); err != nil {
			return err
		}
	}
	if len(added) == 0 {
		return nil
	}
	if len(removed) > 0 && slices.ContainsFunc(removed, func(r edit) bool { return r.text == "" }) {
		return obstacle("elements have come and gone")
	}
	var texts []string
	for _, v := range added {
		texts = append(texts, written(v, c.asJSON))
	}
	return p.add(c, c.text.insert(c.file, e.SrcRange, parts, texts, true))
}

func next(exprs []hclsyntax.Expression, after int, v any) int {
	for i := after + 1; i < len(exprs); i++ {
		if unchanged(exprs[i], v) == nil {
			return i
		}
	}
	return -1
}

// appended reports whether a list is what another one was, without some elements and with others behind it.
func appended(old, now, gone, added []any) bool {
	kept := missing(old, gone)
	return slices.EqualFunc(append(slices.Clone(kept), added...), now, equal)
}
