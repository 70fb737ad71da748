package e2e

import (
	"crypto/rand"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/internal/peers"
)

// checkRecreated applies generated code to a second, empty cloud and compares the settings of the two, attribute by
// attribute, as the provider reads them: nothing that is set in the first may be missing in the second but what only a
// cloud assigns. imported is Terraform's plan of the code in the first cloud; its root module is dir. What cannot be
// made, and what may differ, says the table.
func checkRecreated(t *testing.T, w *world, dir string, imported *tfjson.Plan, table recreation) {
	t.Helper()
	schemas := w.schemas(t, dir)
	again := filepath.Join(t.TempDir(), "again")
	if err := os.CopyFS(again, os.DirFS(filepath.Dir(dir))); err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(again, filepath.Base(dir))
	ignored := onlyResources(t, root)
	untried := leaveOut(t, root, table.Untried)
	second := *w
	second.env = append(slices.Clone(w.env), peers.AWSEnv(peers.StartMoto(t, "MOTO_IAM_LOAD_MANAGED_POLICIES=true"))...)
	second.initialise(t, root)
	var failure error
	timed(t, "apply to an empty cloud", func() {
		_, failure = second.terraform(t.Context(), root, "apply", "-auto-approve", "-input=false", "-no-color", "-parallelism=30", "-compact-warnings")
	})
	if failure != nil {
		t.Log(complaints(failure))
	}
	made := second.made(t, root)
	compareRecreated(t, imported, made, schemas, ignored, untried, leaveOut(t, root, table.Impossible), table)
}

// made is what an apply has left, by address, as the provider reads it. What was made and then could not be read is taken
// out of the state: it would end every refresh.
func (w *world) made(t *testing.T, root string) map[string]map[string]any {
	t.Helper()
	text, err := w.terraform(t.Context(), root, "show", "-json")
	if err != nil {
		t.Fatal(err)
	}
	var state tfjson.State
	decode(t, text, &state)
	if unread := tainted(state.Values.RootModule); len(unread) > 0 {
		if _, err := w.terraform(t.Context(), root, append([]string{"state", "rm"}, unread...)...); err != nil {
			t.Fatal(err)
		}
	}
	plan, err := w.plan(t.Context(), root, "-refresh-only")
	if err != nil {
		t.Fatal(err)
	}
	made := map[string]map[string]any{}
	collect(plan.PriorState.Values.RootModule, made)
	return made
}

// tainted are the addresses of what an apply could not finish, in a module and those in it.
func tainted(module *tfjson.StateModule) []string {
	var addresses []string
	for _, r := range module.Resources {
		if r.Tainted {
			addresses = append(addresses, r.Address)
		}
	}
	for _, child := range module.ChildModules {
		addresses = append(addresses, tainted(child)...)
	}
	return addresses
}

// compareRecreated holds what is imported in the first cloud against what was made in the second. What was not tried is
// left aside; what is hindered refers to what cannot be made.
func compareRecreated(t *testing.T, imported *tfjson.Plan, made map[string]map[string]any, schemas map[string]*tfjson.Schema,
	ignored map[string][]string, untried, hindered map[string]bool, table recreation,
) {
	t.Helper()
	words := counterparts(imported, made, schemas)
	excused, gone := map[string]bool{}, map[string]int{}
	compared, settings := 0, 0
	for _, c := range imported.ResourceChanges {
		before, _ := c.Change.Before.(map[string]any)
		if c.Change.Importing == nil || before == nil {
			continue
		}
		after := made[c.Address]
		if untried[c.Address] {
			excused[c.Address], excused[c.Type] = true, true
			continue
		}
		if after == nil {
			row := c.Address
			if table.Impossible[row] == "" {
				row = c.Type
			}
			gone[c.Type]++
			if excused[row] = true; !hindered[c.Address] {
				t.Errorf("%s was not made again", c.Address)
			}
			continue
		}
		compared++
		schema := schemas[c.Type].Block
		before = translated(t, before, words)
		for name := range before {
			if canonical(schema, name, before[name]) != nil {
				settings++
			}
		}
		for _, place := range lost(schema, before, after, "") {
			name, _, _ := strings.Cut(place, ".")
			row := c.Type + "." + place
			switch {
			case slices.Contains(ignored[c.Address], name):
			case table.Differs[row] != "":
				excused[row] = true
			default:
				t.Errorf("%s: %s is %s in the first cloud and %s in the second", c.Address, place, shown(before, name), shown(after, name))
			}
		}
	}
	for _, rows := range []map[string]string{table.Untried, table.Impossible, table.Differs} {
		for row := range rows {
			if !excused[row] {
				t.Errorf("%s is the same again: take it off the table", row)
			}
		}
	}
	if compared == 0 {
		t.Error("nothing was made again")
	}
	t.Logf("%d resources made again, %d settings compared; %d not tried, not made: %v", compared, settings, len(untried), gone)
}

// complaints are the lines of Terraform's errors that say what went wrong where.
func complaints(failure error) string {
	var lines []string
	for line := range strings.Lines(failure.Error()) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "Error: ") || strings.HasPrefix(line, "with ") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// recreation is what a second cloud cannot have like the first, with the reason.
type recreation struct {
	Untried    map[string]string // type or address: it would take minutes, or end the provider; what refers to it is not tried either
	Impossible map[string]string // type or address: moto cannot make it through Terraform
	Differs    map[string]string // type.place: what only a cloud assigns, or moto answers otherwise
}

func recreationOf(t *testing.T, file string) recreation {
	t.Helper()
	var table recreation
	decode(t, readFile(t, estates(file)), &table)
	return table
}

// onlyResources makes a root module one that creates what it describes: without import and removed blocks, with its state
// beside it, with values for its secrets and code for its functions. It returns the ignored arguments of each resource.
func onlyResources(t *testing.T, root string) map[string][]string {
	t.Helper()
	ignored := map[string][]string{}
	for name, content := range files(t, root) {
		if !strings.HasSuffix(name, ".tf") || strings.Contains(name, "/") {
			continue
		}
		file, diags := hclwrite.ParseConfig(content, name, hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		for _, block := range file.Body().Blocks() {
			switch block.Type() {
			case "import", "removed":
				file.Body().RemoveBlock(block)
			case "variable":
				value, typ := block.Body().GetAttribute("default"), block.Body().GetAttribute("type")
				if value != nil && typ != nil && expression(value) == "null" && expression(typ) == "string" {
					block.Body().SetAttributeValue("default", cty.StringVal("Again_"+rand.Text()))
				}
			case "resource":
				if name := block.Body().GetAttribute("filename"); name != nil {
					writeFile(t, filepath.Join(root, strings.Trim(expression(name), `"`)), zipped(t, "index.py", "def handler(event, context):\n    return event\n"))
				}
				if lifecycle := block.Body().FirstMatchingBlock("lifecycle", nil); lifecycle != nil {
					ignored[strings.Join(block.Labels(), ".")] = attributesIn(lifecycle.Body().GetAttribute("ignore_changes"))
				}
			}
		}
		writeFile(t, filepath.Join(root, name), file.Bytes())
	}
	writeFile(t, filepath.Join(root, "again_override.tf"), []byte("terraform {\n  backend \"local\" {}\n}\n"))
	if err := os.RemoveAll(filepath.Join(root, ".terraform", "terraform.tfstate")); err != nil {
		t.Fatal(err)
	}
	return ignored
}

// leaveOut takes resources out of a root module, by type or address, with all that refers to them, and returns their
// addresses.
func leaveOut(t *testing.T, root string, unwanted map[string]string) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	parsed := map[string]*hclwrite.File{}
	for name, content := range files(t, root) {
		if strings.HasSuffix(name, ".tf") && !strings.Contains(name, "/") {
			file, diags := hclwrite.ParseConfig(content, name, hcl.InitialPos)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			parsed[name] = file
		}
	}
	for before := -1; before < len(out); {
		before = len(out)
		for _, file := range parsed {
			for _, block := range file.Body().Blocks() {
				if block.Type() != "resource" {
					continue
				}
				address := strings.Join(block.Labels(), ".")
				if unwanted[block.Labels()[0]] != "" || unwanted[address] != "" || refersToOne(block.Body(), out) {
					out[address] = true
					file.Body().RemoveBlock(block)
				}
			}
		}
	}
	for name, file := range parsed {
		writeFile(t, filepath.Join(root, name), file.Bytes())
	}
	return out
}

// refersToOne reports whether a body mentions a resource, by its address.
func refersToOne(body *hclwrite.Body, addresses map[string]bool) bool {
	for _, attribute := range body.Attributes() {
		for _, traversal := range attribute.Expr().Variables() {
			parts := strings.Split(strings.TrimSpace(string(traversal.BuildTokens(nil).Bytes())), ".")
			if len(parts) > 1 && addresses[parts[0]+"."+parts[1]] {
				return true
			}
		}
	}
	return slices.ContainsFunc(body.Blocks(), func(block *hclwrite.Block) bool { return refersToOne(block.Body(), addresses) })
}

func expression(attribute *hclwrite.Attribute) string {
	return strings.TrimSpace(string(attribute.Expr().BuildTokens(nil).Bytes()))
}

// attributesIn are the attributes that a list of references begins with.
func attributesIn(list *hclwrite.Attribute) []string {
	if list == nil {
		return nil
	}
	expr, diags := hclsyntax.ParseExpression([]byte(expression(list)), "", hcl.InitialPos)
	if diags.HasErrors() {
		return nil
	}
	var names []string
	for _, traversal := range expr.Variables() {
		names = append(names, traversal.RootName())
	}
	return names
}

// schemas are those of the AWS provider, by resource type.
func (w *world) schemas(t *testing.T, dir string) map[string]*tfjson.Schema {
	t.Helper()
	text, err := w.terraform(t.Context(), dir, "providers", "schema", "-json")
	if err != nil {
		t.Fatal(err)
	}
	var all tfjson.ProviderSchemas
	decode(t, text, &all)
	return all.Schemas[drift.AWS].ResourceSchemas
}

// collect takes the resources of a module and of those in it, by address.
func collect(module *tfjson.StateModule, into map[string]map[string]any) {
	for _, r := range module.Resources {
		into[r.Address] = r.AttributeValues
	}
	for _, child := range module.ChildModules {
		collect(child, into)
	}
}

// assigned is what a cloud puts into what it names by itself: digits beside other signs. An account's number, which is some
// resources' ID, has none; "default" has no digits.
var assigned = regexp.MustCompile(`[0-9].*[^0-9]|[^0-9].*[0-9]`)

// drawn is what an ID of API Gateway may be by chance: letters alone.
var drawn = regexp.MustCompile(`^[a-z]{8,10}$`)

// counterparts are the strings that the provider alone computes in the first cloud (an ID, an ARN), each with what stands
// at its place in the second.
func counterparts(first *tfjson.Plan, second map[string]map[string]any, schemas map[string]*tfjson.Schema) map[string]string {
	words := map[string]string{}
	for _, c := range first.ResourceChanges {
		before, _ := c.Change.Before.(map[string]any)
		after := second[c.Address]
		if before == nil || after == nil || schemas[c.Type] == nil {
			continue
		}
		chosen, computed := map[string]bool{}, map[string]string{}
		for name, attribute := range schemas[c.Type].Block.Attributes {
			from, _ := before[name].(string)
			if name != "id" && name != "arn" && (attribute.Optional || attribute.Required) {
				chosen[from] = true
			} else if to, _ := after[name].(string); (assigned.MatchString(from) || name == "id" && drawn.MatchString(from)) && len(from) > 5 && to != "" && from != to {
				computed[from] = to
			}
		}
		for from, to := range computed {
			if !chosen[from] { // an ID that is a name was given by a person
				words[from] = to
			}
		}
	}
	return words
}

// translated is what a resource is in the first cloud, in the words of the second.
func translated(t *testing.T, before map[string]any, words map[string]string) map[string]any {
	t.Helper()
	var pairs []string
	for _, from := range slices.SortedFunc(maps.Keys(words), func(a, b string) int { return len(b) - len(a) }) {
		pairs = append(pairs, from, words[from])
	}
	var out map[string]any
	decode(t, []byte(strings.NewReplacer(pairs...).Replace(string(encode(t, before)))), &out)
	return out
}

// lost are the places at which something is set in before, by anyone who could, and not the same in after.
func lost(schema *tfjson.SchemaBlock, before, after map[string]any, at string) []string {
	var places []string
	for _, name := range slices.Sorted(maps.Keys(before)) {
		a, b := canonical(schema, name, before[name]), canonical(schema, name, after[name])
		if a == nil || reflect.DeepEqual(a, b) {
			continue
		}
		nested := schema.NestedBlocks[name]
		one, other := only(before[name]), only(after[name])
		if nested != nil && one != nil && other != nil {
			places = append(places, lost(nested.Block, one, other, at+name+".")...)
			continue
		}
		places = append(places, at+name)
	}
	return places
}

// only is the one element of a list of blocks, nil when there are several.
func only(v any) map[string]any {
	list, _ := v.([]any)
	if len(list) != 1 {
		return nil
	}
	element, _ := list[0].(map[string]any)
	return element
}

// canonical is the meaning of an argument, in no order; nil where nothing is set and where nobody can set it.
func canonical(schema *tfjson.SchemaBlock, name string, v any) any {
	if attribute := schema.Attributes[name]; attribute != nil {
		if name == "id" || name == "tags_all" || !attribute.Optional && !attribute.Required {
			return nil
		}
		return unordered(meaning(v))
	}
	nested := schema.NestedBlocks[name]
	elements, _ := v.([]any)
	if nested == nil || name == "timeouts" {
		return nil
	}
	var out []any
	for _, element := range elements {
		members := map[string]any{}
		object, _ := element.(map[string]any)
		for name, member := range object {
			if m := canonical(nested.Block, name, member); m != nil {
				members[name] = m
			}
		}
		if len(members) > 0 {
			out = append(out, members)
		}
	}
	if len(out) == 0 {
		return nil
	}
	return unordered(out)
}

// unordered sorts the elements of every list: Terraform orders a set by what its elements are, IDs among them.
func unordered(v any) any {
	switch v := v.(type) {
	case []any:
		texts := make([]string, len(v))
		for n, element := range v {
			text, _ := json.Marshal(unordered(element)) // what came from JSON goes back into it
			texts[n] = string(text)
		}
		slices.Sort(texts)
		return strings.Join(texts, ",")
	case map[string]any:
		for name, member := range v {
			v[name] = unordered(member)
		}
	}
	return v
}

func shown(object map[string]any, name string) string {
	text, _ := json.Marshal(object[name])
	return string(text[:min(len(text), 500)])
}

func TestLost(t *testing.T) {
	t.Parallel()
	optional, computed := &tfjson.SchemaAttribute{Optional: true}, &tfjson.SchemaAttribute{Computed: true}
	schema := &tfjson.SchemaBlock{
		Attributes: map[string]*tfjson.SchemaAttribute{"a": optional, "list": optional, "id": computed, "made": computed},
		NestedBlocks: map[string]*tfjson.SchemaBlockType{"b": {Block: &tfjson.SchemaBlock{
			Attributes: map[string]*tfjson.SchemaAttribute{"x": optional, "made": computed},
		}}},
	}
	for name, tc := range map[string]struct {
		before, after string
		want          []string
	}{
		"nothing":                  {`{"a":"1","id":"x","made":"2"}`, `{"a":"1","id":"y","made":"3"}`, nil},
		"less":                     {`{"a":"1"}`, `{"a":null}`, []string{"a"}},
		"more":                     {`{"a":null}`, `{"a":"1"}`, nil},
		"no order":                 {`{"list":["1","2"]}`, `{"list":["2","1"]}`, nil},
		"one fewer":                {`{"list":["1","2"]}`, `{"list":["2"]}`, []string{"list"}},
		"an ID":                    {`{"id":"first-1","a":"of first-1"}`, `{"id":"second-2","a":"of second-2"}`, nil},
		"another ID":               {`{"id":"first-1","a":"of first-1"}`, `{"id":"second-2","a":"of third-3"}`, []string{"a"}},
		"an account, a default":    {`{"id":"123456789012","made":"default","a":"of 123456789012 by default"}`, `{"id":"us-east-1","made":"other-2","a":"of 123456789012 by default"}`, nil},
		"in a block":               {`{"b":[{"x":"1","made":"1"}]}`, `{"b":[{"x":"2","made":"2"}]}`, []string{"b.x"}},
		"a block fewer":            {`{"b":[{"x":"1"},{"x":"2"}]}`, `{"b":[{"x":"1"}]}`, []string{"b"}},
		"a block that says naught": {`{"b":[{"x":"","made":"1"}]}`, `{"b":[]}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var before, after map[string]any
			decode(t, []byte(tc.before), &before)
			decode(t, []byte(tc.after), &after)
			first := &tfjson.Plan{ResourceChanges: []*tfjson.ResourceChange{{Address: "x", Type: "t", Change: &tfjson.Change{Before: before}}}}
			words := counterparts(first, map[string]map[string]any{"x": after}, map[string]*tfjson.Schema{"t": {Block: schema}})
			if got := lost(schema, translated(t, before, words), after, ""); !slices.Equal(got, tc.want) {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}
