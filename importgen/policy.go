package importgen

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
)

// PolicyData is the style in which IAM policies are data blocks of aws_iam_policy_document; in any other they are
// written by jsonencode.
const PolicyData = "data"

// policy is an IAM policy document, as far as the data source aws_iam_policy_document can say it.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
type policy struct {
	name        string // of the data block
	version, id string
	statements  []statement
}

func (p *policy) address() string { return "data.aws_iam_policy_document." + p.name }

type statement struct {
	sid, effect string
	lists       map[string][]string            // Action, NotAction, Resource, NotResource
	principals  map[string]map[string][]string // Principal, NotPrincipal: type → identifiers
	conditions  map[string]map[string][]string // test → variable → values
}

// policyWords are the members of a statement and their words in the data source, in the order in which they are written.
var policyWords = []struct{ member, word string }{
	{"Action", "actions"}, {"NotAction", "not_actions"}, {"Resource", "resources"}, {"NotResource", "not_resources"},
	{"Principal", "principals"}, {"NotPrincipal", "not_principals"},
}

// defaultVersion is the version that the data source writes where none is asked for.
const defaultVersion = "2012-10-17"

// readPolicy reads a document that the data source can say: it answers false for one that would come back with another
// meaning, such as one without a version, with a number in a condition or with two statements of one name.
func readPolicy(text string) (*policy, bool) {
	var document struct {
		Version, ID string
		Statement   json.RawMessage
	}
	var whole any
	if json.Unmarshal([]byte(text), &document) != nil || json.Unmarshal([]byte(text), &whole) != nil || strings.Contains(text, "&{") {
		return nil, false // &{ is how the data source writes ${
	}
	var raws []map[string]any
	if json.Unmarshal(document.Statement, &raws) != nil {
		var one map[string]any
		if json.Unmarshal(document.Statement, &one) != nil {
			return nil, false
		}
		raws = []map[string]any{one}
	}
	p := &policy{version: document.Version, id: document.ID}
	sids := map[string]bool{}
	for _, raw := range raws {
		s, ok := readStatement(raw)
		if !ok || s.sid != "" && sids[s.sid] {
			return nil, false
		}
		sids[s.sid] = true
		p.statements = append(p.statements, s)
	}
	var back any
	if json.Unmarshal([]byte(p.json()), &back) != nil || len(p.statements) == 0 {
		return nil, false
	}
	return p, meaning(whole) == meaning(back)
}

func readStatement(raw map[string]any) (statement, bool) {
	s := statement{
		lists: map[string][]string{}, principals: map[string]map[string][]string{}, conditions: map[string]map[string][]string{},
	}
	for member, v := range raw {
		ok := false
		switch member {
		case "Sid":
			s.sid, ok = v.(string)
		case "Effect":
			s.effect, ok = v.(string)
		case "Action", "NotAction", "Resource", "NotResource":
			s.lists[member], ok = stringsOf(v)
		case "Principal", "NotPrincipal":
			if v == "*" {
				v = map[string]any{"*": "*"}
			}
			s.principals[member], ok = stringLists(v)
		case "Condition":
			tests, _ := v.(map[string]any)
			ok = tests != nil
			for test, variables := range tests {
				lists, readable := stringLists(variables)
				s.conditions[test], ok = lists, ok && readable
			}
		}
		if !ok {
			return s, false
		}
	}
	return s, s.effect == "Allow" || s.effect == "Deny"
}

func stringLists(v any) (map[string][]string, bool) {
	members, ok := v.(map[string]any)
	out := map[string][]string{}
	for name, member := range members {
		list, readable := stringsOf(member)
		out[name], ok = list, ok && readable
	}
	return out, ok && len(out) > 0
}

// stringsOf reads a string or a list of them; an empty list cannot be said.
func stringsOf(v any) ([]string, bool) {
	if s, ok := v.(string); ok {
		return []string{s}, true
	}
	list, _ := v.([]any)
	out := make([]string, len(list))
	for i, element := range list {
		s, ok := element.(string)
		if !ok {
			return nil, false
		}
		out[i] = s
	}
	return out, len(out) > 0
}

// json is the document as the data source writes it: two spaces of indentation, a list of one as its element, others from
// Z to A.
func (p *policy) json() string {
	var list []any
	for _, s := range p.statements {
		out := map[string]any{"Effect": s.effect}
		if s.sid != "" {
			out["Sid"] = s.sid
		}
		for member, values := range s.lists {
			out[member] = collapsed(values, true)
		}
		for member, principals := range s.principals {
			if slices.Equal(principals["*"], []string{"*"}) && len(principals) == 1 {
				out[member] = "*"
				continue
			}
			out[member] = collapsedAll(principals, true)
		}
		if len(s.conditions) > 0 {
			conditions := map[string]any{}
			for test, variables := range s.conditions {
				conditions[test] = collapsedAll(variables, false)
			}
			out["Condition"] = conditions
		}
		list = append(list, out)
	}
	document := map[string]any{"Version": cmp.Or(p.version, defaultVersion), "Statement": list}
	if p.id != "" {
		document["Id"] = p.id
	}
	text, _ := json.MarshalIndent(document, "", "  ") // strings always encode
	return string(text)
}

func collapsedAll(lists map[string][]string, set bool) map[string]any {
	out := map[string]any{}
	for name, values := range lists {
		out[name] = collapsed(values, set)
	}
	return out
}

func collapsed(values []string, set bool) any {
	values = slices.Sorted(slices.Values(values))
	if set {
		values = slices.Compact(values)
	}
	if len(values) == 1 {
		return values[0]
	}
	slices.Reverse(values)
	return values
}

// meaning is a policy written so that two of the same meaning are equal: a single statement or string is a list of one,
// and lists are in order.
func meaning(v any) string {
	document, ok := v.(map[string]any)
	if !ok {
		return canonical(v)
	}
	out := maps.Clone(document)
	statements, many := out["Statement"].([]any)
	if !many {
		statements = []any{out["Statement"]}
	}
	out["Statement"] = mapSlice(statements, listed)
	return canonical(out)
}

// listed puts every string below a value into a list, but for a statement's effect and name.
func listed(v any) any {
	members, ok := v.(map[string]any)
	if !ok {
		if _, single := v.(string); single {
			return []any{v}
		}
		return v
	}
	out := map[string]any{}
	for name, member := range members {
		switch {
		case name == "Principal" && member == "*", name == "NotPrincipal" && member == "*": // anyone, which {"AWS": "*"} is not everywhere
			out[name] = member
		default:
			out[name] = listed(member)
		}
	}
	return out
}

// policiesAsData writes policies as data sources, one after another, where the block stays a no-op with what those would
// render.
func (w *work) policiesAsData() error {
	for i := range documentsIn(w.conf, "") {
		err := w.keepIfNoOp(func() bool {
			d := documentsIn(w.conf, "")[i]
			p, ok := readPolicy(d.text())
			if !ok {
				return false
			}
			rendered := p.json()
			value, _ := decodeDocument(rendered) // what was encoded just now
			return d.write(rendered, expr{document: value, policy: p})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// namePolicies names the data block of every policy after its resource, or group of them, and what the policy is to it
// where that is not all that the resource is.
func namePolicies(blocks []*block, c *checkout) {
	taken := names{}
	for _, b := range blocks {
		for address := range c.data[b.root] {
			taken[b.root+"\x00"+address] = true
		}
	}
	for _, b := range blocks {
		if b.written || !b.leads() {
			continue
		}
		for _, d := range policiesIn(b.conf) {
			base := b.label()
			switch {
			case d.at != "":
				base += "_" + identify(cmp.Or(d.holder.called(), d.at))
			case d.name == "assume_role_policy":
				base += "_assume_role"
			case b.Type != "aws_iam_policy":
				base += "_" + strings.TrimPrefix(strings.TrimSuffix(shortType(b.Type), "_policy"), "iam_")
			}
			print := hash(b.Type + "\x00" + join(d.at, d.name) + "\x00" + fingerprint(b.Resource))
			d.expr().policy.name = taken.take(b.root+"\x00aws_iam_policy_document.", base, print)
		}
	}
}

// policiesIn are the documents of a body that are data sources.
func policiesIn(b *body) []document {
	return slices.DeleteFunc(documentsIn(b, ""), func(d document) bool { return d.expr().policy == nil })
}

// renderPolicies writes the data blocks of a block's policies.
func (b *block) renderPolicies(out *hclwrite.Body) {
	for _, d := range policiesIn(b.conf) {
		e := d.expr()
		data := out.AppendNewBlock("data", []string{"aws_iam_policy_document", e.policy.name}).Body()
		if b.alias != "" {
			data.SetAttributeTraversal("provider", hcl.Traversal{hcl.TraverseRoot{Name: b.local}, hcl.TraverseAttr{Name: b.alias}})
			data.AppendNewline()
		}
		e.policy.render(data, e.refs)
		out.AppendNewline()
	}
}

func (p *policy) render(out *hclwrite.Body, refs map[refKey]reference) {
	if p.version != "" && p.version != defaultVersion {
		out.SetAttributeValue("version", cty.StringVal(p.version))
	}
	if p.id != "" {
		out.SetAttributeValue("policy_id", cty.StringVal(p.id))
	}
	list := func(member string, values []string) hclwrite.Tokens {
		return tuple(mapSlice(values, func(s string) hclwrite.Tokens {
			return valueTokens(cty.StringVal(s), member, expr{refs: refs})
		}))
	}
	for _, s := range p.statements {
		separate(out)
		body := out.AppendNewBlock("statement", nil).Body()
		if s.sid != "" {
			body.SetAttributeValue("sid", cty.StringVal(s.sid))
		}
		if s.effect != "Allow" {
			body.SetAttributeValue("effect", cty.StringVal(s.effect))
		}
		for _, w := range policyWords {
			if values := s.lists[w.member]; len(values) > 0 {
				body.SetAttributeRaw(w.word, list(w.member, values))
			}
		}
		for _, w := range policyWords {
			for _, typ := range slices.Sorted(maps.Keys(s.principals[w.member])) {
				separate(body)
				principals := body.AppendNewBlock(w.word, nil).Body()
				principals.SetAttributeValue("type", cty.StringVal(typ))
				principals.SetAttributeRaw("identifiers", list(typ, s.principals[w.member][typ]))
			}
		}
		for _, test := range slices.Sorted(maps.Keys(s.conditions)) {
			for _, variable := range slices.Sorted(maps.Keys(s.conditions[test])) {
				separate(body)
				condition := body.AppendNewBlock("condition", nil).Body()
				condition.SetAttributeValue("test", cty.StringVal(test))
				condition.SetAttributeValue("variable", cty.StringVal(variable))
				condition.SetAttributeRaw("values", list(variable, s.conditions[test][variable]))
			}
		}
	}
}
