package importgen

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
)

// FuzzGeneratedIsNoOp has code generated for random resources, single or grouped, with policies in either style, secrets
// and references, reads the files back as Terraform does, and requires that every resource is planned as it was read, that
// it is imported by its own ID, and that a second night writes nothing.
func FuzzGeneratedIsNoOp(f *testing.F) {
	for seed := range uint64(30) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		r := &random{rand.New(rand.NewPCG(seed, 2))}
		planner, items := r.estate()
		opts := Options{
			Planner: planner, Group: r.IntN(3) > 0, PolicyStyle: []string{"", PolicyData}[r.IntN(2)],
			Running: []string{"1.4.0", "1.6.0", "1.11.4"}[r.IntN(3)], DefaultRoot: "infra", Concurrency: 1,
			Roots:  []drift.RootModule{{Dir: "infra", Required: map[string]string{drift.AWS: ""}}},
			Secret: func(_, value string) bool { return strings.Contains(value, "hunter2") },
		}
		result, err := Generate(context.Background(), items, opts)
		if err != nil {
			t.Fatal(err)
		}
		code := read(t, planner, result, items)
		for _, u := range result.Unmanaged {
			item := itemOf(items, u)
			if !u.Verified {
				t.Fatalf("%s is not verified: %v\n%#v", u.SuggestedAddress, u.Differences, item.Object.Value)
			}
			if got := code.imports[u.SuggestedAddress]; cty.NormalizeString(got) != cty.NormalizeString(u.ImportID) {
				t.Fatalf("%s imports %q, want %q\n%s", u.SuggestedAddress, got, u.ImportID, code.text)
			}
			said, ok := code.resources[u.SuggestedAddress]
			if !ok {
				t.Fatalf("no block for %s\n%s", u.SuggestedAddress, code.text)
			}
			if said.ignores { // a secret, which the code does not say
				continue
			}
			planned, _ := planner.Plan(context.Background(), item.Resource, item.Object, said.config)
			if !planned.Value.RawEquals(item.Object.Value) {
				t.Fatalf("%s is planned as %#v\nwas read as %#v\n%s", u.SuggestedAddress, planned.Value, item.Object.Value, code.text)
			}
		}
		checkout := fstest.MapFS{}
		for _, file := range result.Files {
			if strings.Contains(string(file.Content), "hunter2") {
				t.Fatalf("%s holds a secret:\n%s", file.Path, file.Content)
			}
			checkout[file.Path] = &fstest.MapFile{Data: file.Content}
		}
		opts.Checkout = checkout
		again, err := Generate(context.Background(), items, opts)
		if err != nil || len(again.Files) > 0 {
			t.Fatalf("written again: %v %v\nafter\n%s", err, again.Files, code.text)
		}
	})
}

func itemOf(items []Item, u drift.Unmanaged) Item {
	return items[slices.IndexFunc(items, func(i Item) bool { return i.Resource.Compare(u.Resource) == 0 })]
}

// echo is a provider that plans what is configured, keeps what is computed, and takes policies of the same meaning for equal.
type echo map[string]*tfjson.SchemaBlock

func (e echo) Schema(_ context.Context, _, typ string) (*tfjson.Schema, error) {
	return &tfjson.Schema{Block: e[typ]}, nil
}

func (e echo) Validate(context.Context, drift.Resource, cty.Value) ([]drift.Diagnostic, error) {
	return nil, nil
}

func (e echo) Plan(_ context.Context, r drift.Resource, prior drift.Object, config cty.Value) (drift.Planned, error) {
	out := config.AsValueMap()
	for _, name := range []string{"id", "arn"} {
		if out[name] != cty.NilVal {
			out[name] = cty.UnknownVal(cty.String)
			if !prior.Value.IsNull() {
				out[name] = prior.Value.GetAttr(name)
			}
		}
	}
	if !prior.Value.IsNull() && !config.GetAttr("policy").IsNull() && !prior.Value.GetAttr("policy").IsNull() {
		return drift.Planned{Value: byMeaning("policy")(prior.Value, cty.ObjectVal(out))}, nil
	}
	return drift.Planned{Value: cty.ObjectVal(out)}, nil
}

// estate is a few queues of a random schema, alike or not, and a policy for each.
func (r *random) estate() (echo, []Item) {
	queue := r.schema(2)
	maps.Copy(queue.Attributes, map[string]*tfjson.SchemaAttribute{
		"name": needed(cty.String), "id": readOnly(cty.String), "arn": readOnly(cty.String), "tags": allowed(cty.Map(cty.String)), "policy": allowed(cty.String),
	})
	policy := flat(map[string]*tfjson.SchemaAttribute{"queue_url": needed(cty.String), "policy": needed(cty.String)})
	var items []Item
	alike := r.body(queue)
	for i := range 1 + r.IntN(5) {
		b := alike.clone()
		if r.IntN(3) == 0 {
			b = r.body(queue)
		}
		for _, name := range slices.Sorted(maps.Keys(b.attrs)) {
			if r.IntN(6) == 0 {
				b.attrs[name] = r.value(drift.AttributeType(queue.Attributes[name]))
			}
		}
		word := strings.ReplaceAll(words[r.IntN(len(words))], "hunter2", "") // what identifies a resource cannot be kept secret
		name := fmt.Sprintf("%s-%d", word, i)
		b.attrs["name"], b.attrs["id"], b.attrs["arn"] = cty.StringVal(name), cty.StringVal("https://sqs/"+name), cty.StringVal("arn:aws:sqs:::"+name)
		items = append(items, Item{resource("aws_sqs_queue", "https://sqs/"+name, ""), drift.Object{Value: b.value(queue)}})
		if r.IntN(2) == 0 {
			p := newBody()
			p.attrs["queue_url"], p.attrs["policy"] = b.attrs["id"], cty.StringVal(r.policy("arn:aws:sqs:::"+name))
			items = append(items, Item{resource("aws_sqs_queue_policy", "https://sqs/"+name, ""), drift.Object{Value: p.value(policy)}})
		}
	}
	return echo{"aws_sqs_queue": queue, "aws_sqs_queue_policy": policy}, items
}

func (r *random) policy(arn string) string {
	p := policy{version: []string{"2012-10-17", "2008-10-17"}[r.IntN(2)], id: words[r.IntN(len(words))]}
	for i := range 1 + r.IntN(2) {
		s := statement{
			sid: []string{"", fmt.Sprintf("s%d", i)}[r.IntN(2)], effect: []string{"Allow", "Deny"}[r.IntN(2)],
			lists: map[string][]string{"Action": {"sqs:*"}, "Resource": {[]string{arn, arn + "/*", "*"}[r.IntN(3)], "x" + words[r.IntN(len(words))]}},
		}
		if r.IntN(2) == 0 {
			s.principals = map[string]map[string][]string{"Principal": {"AWS": {"*", words[r.IntN(len(words))]}}}
		}
		if r.IntN(2) == 0 {
			s.conditions = map[string]map[string][]string{"StringLike": {"aws:username": {words[r.IntN(len(words))], "b"}, "x": {"c"}}}
		}
		p.statements = append(p.statements, s)
	}
	return p.json()
}

// reading is what the files of a run say.
type reading struct {
	text      string
	imports   map[string]string // address → ID
	resources map[string]said   // by address
}

type said struct {
	config  cty.Value
	ignores bool
}

// read evaluates files: what resources are is known, everything else follows.
func read(t *testing.T, schemas echo, result Result, items []Item) reading {
	t.Helper()
	out := reading{imports: map[string]string{}, resources: map[string]said{}}
	blocks, contents := map[string][]*hclsyntax.Block{}, map[*hclsyntax.Block][]byte{}
	for _, file := range result.Files {
		out.text += "# -- " + file.Path + "\n" + string(file.Content)
		if strings.HasSuffix(file.Path, ".sh") {
			for _, m := range scriptLine.FindAllStringSubmatch(string(file.Content), -1) {
				out.imports[strings.ReplaceAll(m[2], `'\''`, "'")] = strings.ReplaceAll(m[3], `'\''`, "'")
			}
			continue
		}
		if again := hclwrite.Format(file.Content); string(again) != string(file.Content) {
			t.Fatalf("%s is not formatted:\n%s", file.Path, file.Content)
		}
		body, err := parse(file.Content)
		if err != nil {
			t.Fatalf("%v\n%s", err, file.Content)
		}
		for _, block := range body.Blocks {
			blocks[block.Type], contents[block] = append(blocks[block.Type], block), file.Content
		}
	}
	known := scopeTree{}
	for _, u := range result.Unmanaged {
		known.set(u.SuggestedAddress, itemOf(items, u).Object.Value)
	}
	scope := &hcl.EvalContext{Functions: functions, Variables: known.values()}
	value := func(e hcl.Expression) cty.Value {
		v, diags := e.Value(scope)
		if diags.HasErrors() {
			t.Fatalf("%v\n%s", diags, out.text)
		}
		return v
	}
	for _, block := range blocks["variable"] {
		known.set("var."+block.Labels[0], value(block.Body.Attributes["default"].Expr))
	}
	for _, block := range blocks["data"] {
		known.set("data."+strings.Join(block.Labels, ".")+".json", cty.StringVal(readData(block, value).json()))
	}
	for _, block := range blocks["locals"] {
		for name, attr := range block.Body.Attributes {
			known.set("local."+name, value(attr.Expr))
		}
	}
	scope.Variables = known.values()
	each := func(block *hclsyntax.Block, visit func(key string)) {
		over := block.Body.Attributes["for_each"]
		if over == nil {
			visit("")
			return
		}
		delete(block.Body.Attributes, "for_each")
		for it := value(over.Expr).ElementIterator(); it.Next(); {
			key, v := it.Element()
			scope.Variables["each"] = cty.ObjectVal(map[string]cty.Value{"key": key, "value": v})
			visit(index(key.AsString()))
		}
	}
	for _, block := range blocks["resource"] {
		lifecycle := slices.IndexFunc(block.Body.Blocks, func(b *hclsyntax.Block) bool { return b.Type == "lifecycle" })
		if lifecycle >= 0 {
			block.Body.Blocks = slices.Delete(block.Body.Blocks, lifecycle, lifecycle+1)
		}
		schema := schemas[block.Labels[0]]
		each(block, func(key string) {
			body, err := evaluate(block.Body, schema, scope)
			if err != nil {
				t.Fatalf("%v\n%s", err, out.text)
			}
			out.resources[strings.Join(block.Labels, ".")+key] = said{body.value(schema), lifecycle >= 0}
		})
	}
	for _, block := range blocks["import"] {
		to := block.Body.Attributes["to"].Expr.Range()
		each(block, func(key string) {
			address := string(to.SliceBytes(contents[block]))
			if group, each := strings.CutSuffix(address, "[each.key]"); each {
				address = group + key
			}
			out.imports[address] = value(block.Body.Attributes["id"].Expr).AsString()
		})
	}
	return out
}

// readData reads a data block of aws_iam_policy_document.
func readData(block *hclsyntax.Block, value func(hcl.Expression) cty.Value) *policy {
	text := func(b *hclsyntax.Block, name string) string {
		if attr := b.Body.Attributes[name]; attr != nil {
			return value(attr.Expr).AsString()
		}
		return ""
	}
	list := func(b *hclsyntax.Block, name string) []string {
		return mapSlice(value(b.Body.Attributes[name].Expr).AsValueSlice(), cty.Value.AsString)
	}
	p := &policy{version: text(block, "version"), id: text(block, "policy_id")}
	for _, b := range block.Body.Blocks {
		s := statement{
			sid: text(b, "sid"), effect: cmp.Or(text(b, "effect"), "Allow"),
			lists: map[string][]string{}, principals: map[string]map[string][]string{}, conditions: map[string]map[string][]string{},
		}
		for _, w := range policyWords {
			if b.Body.Attributes[w.word] != nil {
				s.lists[w.member] = list(b, w.word)
			}
			for _, below := range b.Body.Blocks {
				if below.Type == w.word {
					s.principals[w.member] = map[string][]string{text(below, "type"): list(below, "identifiers")}
				}
			}
		}
		for _, below := range b.Body.Blocks {
			if below.Type == "condition" {
				test := text(below, "test")
				if s.conditions[test] == nil {
					s.conditions[test] = map[string][]string{}
				}
				s.conditions[test][text(below, "variable")] = list(below, "values")
			}
		}
		p.statements = append(p.statements, s)
	}
	return p
}
