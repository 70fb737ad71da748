package importgen

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/importgen/since"
)

// A group has at least this many members, of which this many arguments may differ, names left aside.
const (
	minGroup   = 3
	maxVarying = 4
)

// group is one resource block for several alike resources. Its members keep bodies of their own, which the provider has
// planned: what is written is what they have in common, and a map of what they have not.
type group struct {
	name    string
	local   string // name of the local value that holds the map
	members []*block
}

// varying are the arguments that differ and do not follow from the key.
func (g *group) varying() []string {
	return slices.DeleteFunc(differingAttrs(g.members), func(name string) bool { return g.fromKey(name) != "" })
}

// groupAlike puts blocks together that differ in few arguments. Names are decided before, so that a resource is called
// the same whether there are others like it or not; taken are those of the root modules.
func groupAlike(blocks []*block, c *checkout, taken names) {
	alike := map[string][]*block{}
	for _, b := range blocks {
		if b.group = nil; b.groupable() {
			alike[b.likeness()] = append(alike[b.likeness()], b)
		}
	}
	locals := names{}
	for _, likeness := range slices.Sorted(maps.Keys(alike)) {
		for _, members := range divide(alike[likeness]) {
			g := &group{members: members}
			for _, b := range members {
				delete(taken, b.family()+b.name)
			}
			g.choose(c, taken, locals)
			for _, b := range members {
				b.group = g
			}
			keys(members)
		}
	}
}

func (b *block) groupable() bool { return b.verified() && !b.written && !b.alone }

// likeness is what the members of a group have in common: all but arguments that hold a plain value.
func (b *block) likeness() string {
	rest := b.conf.clone()
	for name := range rest.attrs {
		if b.mayVary(name) {
			delete(rest.attrs, name)
		}
	}
	parts := []string{b.root, b.Type, b.Provider, b.alias, asJSON(rest.value(b.schema))}
	if tags, ok := b.conf.attrs["tags"]; ok && tags.Type().IsMapType() { // tagged otherwise, it is of another kind
		parts = append(parts, slices.Sorted(maps.Keys(tags.AsValueMap()))...)
	}
	secretsIn(b.conf, "", func(holder *body, at, name string) {
		parts = append(parts, join(at, name), strings.Join(holder.secret[name].names(), "\x01"))
	})
	return strings.Join(slices.Concat(parts, []string{""}, b.ignored, []string{""}, b.notes), "\x00")
}

// mayVary reports whether members of a group may have different values of an argument: not where it is written as blocks,
// as a variable or as a data source, which are there once for all.
func (b *block) mayVary(name string) bool {
	return !writtenAsBlocks(b.schema.Attributes[name], b.conf.attrs[name]) && b.conf.secret[name] == nil && b.conf.exprs[name].policy == nil
}

// divide splits alike blocks where they differ in too much: at the argument that has the fewest different values.
func divide(blocks []*block) [][]*block {
	if len(blocks) < minGroup {
		return nil
	}
	slices.SortFunc(blocks, func(a, b *block) int { return cmp.Or(strings.Compare(a.name, b.name), a.Resource.Compare(b.Resource)) })
	differing := differingAttrs(blocks)
	if len(differing) <= maxVarying {
		return [][]*block{blocks}
	}
	var parts map[string][]*block
	for _, name := range differing {
		by := map[string][]*block{}
		for _, b := range blocks {
			value := asJSON(b.conf.value(b.schema).GetAttr(name))
			by[value] = append(by[value], b)
		}
		if parts == nil || len(by) < len(parts) {
			parts = by
		}
	}
	var out [][]*block
	for _, value := range slices.Sorted(maps.Keys(parts)) {
		out = append(out, divide(parts[value])...)
	}
	return out
}

// differingAttrs are the arguments that not all blocks have the same value of.
func differingAttrs(blocks []*block) []string {
	names := map[string]bool{}
	for _, b := range blocks {
		for name, v := range b.conf.attrs {
			first, ok := blocks[0].conf.attrs[name]
			names[name] = names[name] || !ok || !first.RawEquals(v)
		}
		for name := range blocks[0].conf.attrs {
			if _, ok := b.conf.attrs[name]; !ok {
				names[name] = true
			}
		}
	}
	maps.DeleteFunc(names, func(_ string, differs bool) bool { return !differs })
	return slices.Sorted(maps.Keys(names))
}

// keys gives every member its key: what it is called in the cloud where no two are called the same, else its name in the
// code.
func keys(members []*block) {
	different := map[string]bool{}
	for _, b := range members {
		b.key = cmp.Or(b.conf.called(), b.Name, b.Tags["Name"])
		different[b.key] = true
	}
	if different[""] || len(different) < len(members) {
		for _, b := range members {
			b.key = b.name
		}
	}
	slices.SortFunc(members, func(a, b *block) int { return strings.Compare(a.key, b.key) })
}

// choose names the group after the words that its members' names begin with, else after its type.
func (g *group) choose(c *checkout, taken, locals names) {
	first := g.members[0]
	short := shortType(first.Type)
	name := commonWords(mapSlice(g.members, func(b *block) string { return b.name }))
	if name == "" {
		name = plural(short[strings.LastIndexByte(short, '_')+1:])
	}
	print := hash(first.Type + "\x00" + fingerprint(first.Resource))
	g.name = taken.take(first.family(), name, print)
	for local := range c.locals[first.root] {
		locals[first.root+"\x00"+local] = true
	}
	local := plural(short)
	if g.name != plural(short[strings.LastIndexByte(short, '_')+1:]) {
		local = g.name + "_" + local
	}
	g.local = locals.take(first.root+"\x00", local, print)
}

func plural(word string) string {
	switch {
	case strings.HasSuffix(word, "y") && !strings.HasSuffix(word, "ey") && !strings.HasSuffix(word, "ay"):
		return strings.TrimSuffix(word, "y") + "ies"
	case strings.HasSuffix(word, "s"), strings.HasSuffix(word, "x"), strings.HasSuffix(word, "h"):
		return word + "es"
	}
	return word + "s"
}

// commonWords is what names in snake case begin with, whole words only.
func commonWords(names []string) string {
	words := strings.Split(names[0], "_")
	for _, name := range names[1:] {
		others := strings.Split(name, "_")
		n := 0
		for n < min(len(words), len(others)) && words[n] == others[n] {
			n++
		}
		words = words[:n]
	}
	return strings.Join(words, "_")
}

// fromKey is how an argument is written that follows from the key, "" where it does not: it is the key, or a map in which
// the key is all that differs.
func (g *group) fromKey(name string) string {
	isKey := func(v cty.Value, b *block) bool {
		return v.Type() == cty.String && !v.IsNull() && v.AsString() == b.key
	}
	every := func(test func(b *block) bool) bool {
		return !slices.ContainsFunc(g.members, func(b *block) bool { return !test(b) })
	}
	if slices.ContainsFunc(g.members, func(b *block) bool { return len(b.conf.exprs[name].refs) > 0 }) {
		return g.reference(name)
	}
	if every(func(b *block) bool { v, ok := b.conf.attrs[name]; return ok && isKey(v, b) }) {
		return "each.key"
	}
	first := g.members[0].conf.attrs[name]
	if first == cty.NilVal || first.IsNull() || !first.Type().IsMapType() || first.Type().ElementType() != cty.String || first.LengthInt() == 0 {
		return ""
	}
	elements := first.AsValueMap()
	var attrs []hclwrite.ObjectAttrTokens
	for _, key := range slices.Sorted(maps.Keys(elements)) {
		in := func(b *block) cty.Value {
			v, ok := b.conf.attrs[name]
			if !ok || v.IsNull() || v.LengthInt() != len(elements) || v.AsValueMap()[key] == cty.NilVal {
				return cty.NullVal(cty.String)
			}
			return v.AsValueMap()[key]
		}
		value := hclwrite.TokensForValue(elements[key])
		if !every(func(b *block) bool { return in(b).RawEquals(elements[key]) }) {
			if !every(func(b *block) bool { return isKey(in(b), b) }) {
				return ""
			}
			value = raw("each.key")
		}
		attrs = append(attrs, hclwrite.ObjectAttrTokens{Name: keyTokens(key), Value: value})
	}
	return string(objectTokens(attrs, 1).Bytes())
}

// reference is an argument that refers to the member with the same key of another group, "" where it does not.
func (g *group) reference(name string) string {
	common := ""
	for i, b := range g.members {
		v, ok := b.conf.attrs[name]
		if !ok || v.IsNull() {
			return ""
		}
		written := string(attributeTokens(v, name, b.conf.exprs[name]).Bytes())
		general := strings.ReplaceAll(written, index(b.key), "[each.key]")
		if general == written || i > 0 && general != common {
			return ""
		}
		common = general
	}
	return common
}

// index is a key as it stands in an address.
func index(key string) string {
	return "[" + string(hclwrite.TokensForValue(cty.StringVal(key)).Bytes()) + "]"
}

// template is the body of the group's block.
func (g *group) template() *body {
	conf := g.members[0].conf.clone()
	for _, name := range differingAttrs(g.members) {
		for _, b := range g.members { // any value will do to say that there is one
			if v, ok := b.conf.attrs[name]; ok {
				conf.attrs[name] = v
			}
		}
		conf.exprs[name] = expr{as: cmp.Or(g.fromKey(name), "each.value."+name)}
	}
	return conf
}

// render is the group's code: the map, the import blocks, the resource block.
func (g *group) render(opts Options) []byte {
	first := g.members[0]
	file := hclwrite.NewEmptyFile()
	locals := file.Body().AppendNewBlock("locals", nil).Body()
	locals.SetAttributeRaw(g.local, g.mapTokens())
	file.Body().AppendNewline()
	first.renderPolicies(file.Body())
	if !first.scripted {
		g.renderImports(file.Body(), opts)
	}
	resource := file.Body().AppendNewBlock("resource", []string{first.Type, g.name}).Body()
	resource.SetAttributeRaw("for_each", raw("local."+g.local))
	if first.alias != "" {
		resource.SetAttributeTraversal("provider", hcl.Traversal{hcl.TraverseRoot{Name: first.local}, hcl.TraverseAttr{Name: first.alias}})
	}
	resource.AppendNewline()
	renderBody(resource, first.schema, g.template())
	first.renderLifecycle(resource)
	var out bytes.Buffer
	for _, note := range first.notes {
		out.WriteString("# " + note + "\n")
	}
	out.Write(hclwrite.Format(file.Bytes()))
	return out.Bytes()
}

// proven reports whether the code of every group says just what the provider has planned of its members. Where it does not,
// they stand alone from then on.
func proven(blocks []*block) bool {
	all := true
	for _, b := range blocks {
		if b.group != nil && b.leads() && !b.group.holds() {
			all = false
			for _, member := range b.group.members {
				member.alone = true
			}
		}
	}
	return all
}

// holds evaluates the group's code for each member, as Terraform will, with what it refers to having the values that it is
// known by.
func (g *group) holds() bool {
	known, ok := g.known()
	if !ok {
		return false
	}
	scope := &hcl.EvalContext{Functions: functions, Variables: known.values()}
	over, err := evaluateTokens(g.mapTokens(), scope)
	if err != nil || over.LengthInt() != len(g.members) {
		return false
	}
	file := hclwrite.NewEmptyFile()
	renderBody(file.Body(), g.members[0].schema, g.template())
	code, err := parse(file.Bytes())
	if err != nil {
		return false
	}
	for _, b := range g.members {
		each := map[string]cty.Value{"key": cty.StringVal(b.key), "value": cty.StringVal(b.key)}
		if over.Type().IsObjectType() {
			each["value"] = member(over, b.key)
		}
		scope.Variables["each"] = cty.ObjectVal(each)
		said, err := evaluate(code, b.schema, scope)
		if err != nil || !said.value(b.schema).RawEquals(b.conf.value(b.schema)) {
			return false
		}
	}
	return true
}

// known are the values of what the group's code refers to; ok is false where the same reference stands for two.
func (g *group) known() (known scopeTree, ok bool) {
	known, ok = scopeTree{}, true
	var learn func(b *body)
	learn = func(b *body) {
		for _, e := range b.exprs {
			for key, to := range e.refs {
				ok = known.set(to.to, cty.StringVal(strings.TrimSuffix(key.value, to.ending))) && ok
			}
		}
		for _, children := range b.blocks {
			for _, child := range children {
				learn(child)
			}
		}
	}
	for _, b := range g.members {
		learn(b.conf)
	}
	first := g.members[0].conf
	for _, d := range policiesIn(first) {
		ok = known.set(d.expr().policy.address()+".json", cty.StringVal(d.text())) && ok
	}
	secretsIn(first, "", func(holder *body, _, name string) {
		for _, variable := range holder.secret[name].variables() {
			ok = known.set("var."+variable, cty.MapValEmpty(holder.secret[name].typ)) && ok
		}
	})
	return known, ok
}

// mapTokens is the map that the block goes over: a set of keys where nothing else differs.
func (g *group) mapTokens() hclwrite.Tokens {
	var entries []hclwrite.ObjectAttrTokens
	varying := g.varying()
	for _, b := range g.members {
		var attrs []hclwrite.ObjectAttrTokens
		for _, name := range varying {
			value := raw("null")
			if v, ok := b.conf.attrs[name]; ok {
				e := b.conf.exprs[name]
				if value = valueTokens(v, name, e); e.document != cty.NilVal {
					value = attributeTokens(v, name, e)
				}
			}
			attrs = append(attrs, hclwrite.ObjectAttrTokens{Name: keyTokens(name), Value: value})
		}
		entries = append(entries, hclwrite.ObjectAttrTokens{Name: keyTokens(b.key), Value: objectTokens(attrs, maxMembers)})
	}
	if len(varying) > 0 {
		return hclwrite.TokensForObject(entries)
	}
	keys := mapSlice(g.members, func(b *block) hclwrite.Tokens { return hclwrite.TokensForValue(cty.StringVal(b.key)) })
	return hclwrite.TokensForFunctionCall("toset", tuple(keys))
}

// renderImports writes one import block that goes over a map of IDs where the root module's Terraform knows that, else one
// for each member.
func (g *group) renderImports(out *hclwrite.Body, opts Options) {
	first := g.members[0]
	if !since.In(rootOf(opts, first.root), since.ImportBlockForEach, opts.Running) {
		for _, b := range g.members {
			imports := out.AppendNewBlock("import", nil).Body()
			imports.SetAttributeRaw("to", raw(b.address()))
			imports.SetAttributeValue("id", cty.StringVal(b.importID()))
			out.AppendNewline()
		}
		return
	}
	imports := out.AppendNewBlock("import", nil).Body()
	ids := mapSlice(g.members, func(b *block) hclwrite.ObjectAttrTokens {
		return hclwrite.ObjectAttrTokens{Name: keyTokens(b.key), Value: hclwrite.TokensForValue(cty.StringVal(b.importID()))}
	})
	imports.SetAttributeRaw("for_each", hclwrite.TokensForObject(ids))
	imports.SetAttributeRaw("to", raw(first.Type+"."+g.name+"[each.key]"))
	imports.SetAttributeRaw("id", raw("each.value"))
	out.AppendNewline()
}
