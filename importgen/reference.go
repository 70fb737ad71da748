package importgen

import (
	"maps"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
)

// refKey is a string in an attribute: the attribute's own name, or that of a member of its objects, and the value.
type refKey struct{ name, value string }

// reference is how a string is written that is another resource's: as that, and what follows it in the string.
type reference struct{ to, ending string }

func (r reference) String() string {
	if r.ending == "" {
		return r.to
	}
	return `"${` + r.to + `}` + r.ending + `"`
}

// targetsOf are the targets of an argument, by the place where it stands.
func targetsOf(typ, place string) []target {
	parts := strings.Split(place, ".")
	last := parts[len(parts)-1]
	keys := []string{typ + "." + place}
	if len(parts) > 1 {
		keys = append(keys, parts[len(parts)-2]+"."+last)
	}
	for _, key := range append(keys, last) {
		if targets, known := holds[key]; known {
			return targets
		}
	}
	return nil
}

// mention is a string in a body that may be another resource's.
type mention struct {
	holder  *body
	attr    string
	key     refKey
	targets []target
	inside  bool // in a JSON document, where the string may go on after the target's
}

// mentions are all strings of a body that the table knows, in a stable order.
func mentions(typ string, b *body, at string) []mention {
	var found []mention
	for _, name := range slices.Sorted(maps.Keys(b.attrs)) {
		eachString(b.attrs[name], "", func(member, value string) {
			place, key := join(at, name), refKey{name, value}
			if member != "" {
				place, key = join(place, member), refKey{member, value}
			}
			if targets := targetsOf(typ, place); len(targets) > 0 && value != "" {
				found = append(found, mention{b, name, key, targets, false})
			}
		})
		if document := b.exprs[name].document; document != cty.NilVal {
			eachString(document, "", func(member, value string) {
				if targets := documentHolds[member]; len(targets) > 0 && value != "" {
					found = append(found, mention{b, name, refKey{member, value}, targets, true})
				}
			})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b.blocks)) {
		for _, child := range b.blocks[name] {
			found = append(found, mentions(typ, child, join(at, name))...)
		}
	}
	return found
}

// eachString visits the strings in a value of an argument: the value itself, elements of lists and sets, members of
// objects. Values of maps are free text and are not visited.
func eachString(v cty.Value, member string, visit func(member, value string)) {
	switch ty := v.Type(); {
	case v.IsNull() || !v.IsKnown():
	case ty == cty.String:
		visit(member, v.AsString())
	case ty.IsListType(), ty.IsSetType(), ty.IsTupleType():
		for it := v.ElementIterator(); it.Next(); {
			_, element := it.Element()
			eachString(element, member, visit)
		}
	case ty.IsObjectType():
		for it := v.ElementIterator(); it.Next(); {
			key, element := it.Element()
			eachString(element, key.AsString(), visit)
		}
	}
}

// identity is a value that one resource of a root module has.
type identity struct {
	root, account, region string
	target
	value string
}

// refer replaces literal ids by references to what is managed in the same root module or generated beside it. A
// block that is not verified is commented out, so nothing refers to it. What would close a cycle stays literal.
func refer(blocks []*block, opts Options) {
	known := map[identity]referent{}
	owners := map[string]*block{}
	modules := newModules(opts.Checkout)
	for _, m := range opts.Managed {
		attr, ok := managedAttr(m)
		if !ok {
			continue
		}
		to := referent{m.Address.String(), m.Address.String() + "." + attr}
		if m.Address.Module != "" {
			to.expression = modules.expression(m, attr)
		}
		if to.expression != "" {
			known[identityOf(m.RootModule, m.Resource, attr, m.ImportID)] = to
		}
	}
	for _, b := range blocks {
		if !b.verified() {
			continue
		}
		owners[b.root+"\x00"+b.address()] = b
		for _, attr := range attrsReferredTo[b.Type] {
			if v := member(b.Object.Value, attr); v.IsKnown() && !v.IsNull() && v.Type() == cty.String {
				known[identityOf(b.root, b.Resource, attr, v.AsString())] = referent{b.address(), b.address() + "." + attr}
			}
		}
	}
	edges := map[*block]map[*block]bool{}
	for _, b := range blocks {
		b.conf.forget()
		if !b.verified() {
			continue
		}
		for _, m := range mentions(b.Type, b.conf, "") {
			of, ending := resolveMention(known, b, m)
			from, to := b.node(), owners[b.root+"\x00"+of.address].node()
			if of.expression == "" || to == from || to != nil && reaches(edges, to, from) {
				continue
			}
			if to != nil {
				if edges[from] == nil {
					edges[from] = map[*block]bool{}
				}
				edges[from][to] = true
			}
			m.holder.refer(m.attr, m.key, reference{of.expression, ending})
		}
	}
}

// node stands for a block in the graph of references: a group is one node, since its members are one block.
func (b *block) node() *block {
	if b == nil || b.group == nil {
		return b
	}
	return b.group.members[0]
}

// forget makes literals of all references again.
func (b *body) forget() {
	for name, e := range b.exprs {
		e.refs = nil
		b.exprs[name] = e
	}
	for _, children := range b.blocks {
		for _, child := range children {
			child.forget()
		}
	}
}

func (b *body) refer(attr string, key refKey, to reference) {
	e := b.exprs[attr]
	e.refs = maps.Clone(e.refs)
	if e.refs == nil {
		e.refs = map[refKey]reference{}
	}
	e.refs[key] = to
	b.exprs[attr] = e
}

// attrsReferredTo are, by type, the attributes that the table above names.
var attrsReferredTo = func() map[string][]string {
	out := map[string][]string{}
	for _, table := range []map[string][]target{holds, documentHolds} {
		for _, targets := range table {
			for _, t := range targets {
				if !slices.Contains(out[t.typ], t.attr) {
					out[t.typ] = append(out[t.typ], t.attr)
				}
			}
		}
	}
	for _, attrs := range out {
		slices.Sort(attrs)
	}
	return out
}()

func identityOf(root string, r drift.Resource, attr, value string) identity {
	return identity{root: root, account: r.Account, region: regionOf(r), target: target{r.Type, attr}, value: value}
}

func regionOf(r drift.Resource) string {
	if r.Region == drift.Global {
		return ""
	}
	return r.Region
}

// referent is what a string turns out to be: the address of a resource, and the expression that has the string's value.
type referent struct{ address, expression string }

// managedAttr is the attribute that a managed resource's import ID is.
func managedAttr(m drift.Managed) (string, bool) {
	attr, special := importIDHolds[m.Type]
	if !special {
		attr = "id"
	}
	return attr, attr != "" && m.Address.Name != ""
}

// resolveMention finds whom a string speaks of, in the resource's own region or where its type has none, and the
// ending that follows.
func resolveMention(known map[identity]referent, b *block, m mention) (of referent, ending string) {
	find := func(value string) referent {
		for _, t := range m.targets {
			for _, region := range []string{regionOf(b.Resource), ""} {
				id := identity{root: b.root, account: b.Account, region: region, target: t, value: value}
				if of := known[id]; of.expression != "" {
					return of
				}
			}
		}
		return referent{}
	}
	if of = find(m.key.value); of.expression != "" || !m.inside {
		return of, ""
	}
	for _, ending := range allBelow {
		if whole, ok := strings.CutSuffix(m.key.value, ending); ok {
			if of = find(whole); of.expression != "" {
				return of, ending
			}
		}
	}
	return referent{}, ""
}

func reaches(edges map[*block]map[*block]bool, from, to *block) bool {
	seen := map[*block]bool{}
	var walk func(b *block) bool
	walk = func(b *block) bool {
		if b == to {
			return true
		}
		if seen[b] {
			return false
		}
		seen[b] = true
		for next := range edges[b] {
			if walk(next) {
				return true
			}
		}
		return false
	}
	return walk(from)
}
