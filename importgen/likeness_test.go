package importgen

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
)

func TestParsePlacement(t *testing.T) {
	t.Parallel()
	rules, err := ParsePlacement([]string{"aws_iam_* tag:Team=data region:eu-west-1 => live/data/", "tag:Team=>."})
	if err != nil || len(rules) != 2 || rules[0] != (PlacementRule{"aws_iam_*", "Team=data", "eu-west-1", "live/data"}) || rules[1] != (PlacementRule{Tag: "Team", Dir: "."}) {
		t.Errorf("%+v %v", rules, err)
	}
	for _, bad := range []string{"aws_iam_*", "=> live", "aws_a =>", "a b => c", "team:x => c", "aws_a => ../c", "aws_a => /c", "[ => c"} {
		if _, err := ParsePlacement([]string{bad}); err == nil || !strings.Contains(err.Error(), bad) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestPlacedByLikeness(t *testing.T) {
	t.Parallel()
	managed := func(root, typ, name string, tags map[string]string) drift.Managed {
		r := resource(typ, name, name)
		r.Tags = tags
		return drift.Managed{Resource: r, RootModule: root, Address: drift.Address{Type: typ, Name: identify(name)}}
	}
	team := func(name string) map[string]string { return map[string]string{"Team": name} }
	providers := map[string]string{drift.AWS: ""}
	opts := Options{
		Roots: []drift.RootModule{{Dir: "data", Required: providers}, {Dir: "shop", Required: providers}, {Dir: "logs", Required: providers}},
		Managed: []drift.Managed{
			managed("data", "aws_s3_bucket", "lake-raw", team("data")), managed("data", "aws_sqs_queue", "ingest", team("data")),
			managed("shop", "aws_sqs_queue", "checkout-orders", nil), managed("shop", "aws_sqs_queue", "checkout-mails", nil),
			managed("logs", "aws_cloudwatch_log_group", "/a", nil), managed("logs", "aws_cloudwatch_log_group", "/b", nil),
		},
		Placement:  []PlacementRule{{Type: "aws_sns_*", Dir: "topics"}},
		HomeRegion: "us-east-1",
	}
	types := map[string]fakeType{}
	for _, typ := range []string{"aws_sqs_queue", "aws_sns_topic", "aws_cloudwatch_log_group", "aws_ecr_repository"} {
		types[typ] = fakeType{schema: flat(map[string]*tfjson.SchemaAttribute{"name": allowed(cty.String)})}
	}
	opts.Planner = &fakePlanner{types: types}
	for _, tt := range []struct {
		typ, name        string
		tags             map[string]string
		root, confidence string
	}{
		{"aws_ecr_repository", "etl", team("data"), "data", medium},
		{"aws_ecr_repository", "checkout", nil, "shop", medium},
		{"aws_cloudwatch_log_group", "c", nil, "logs", low},
		{"aws_ecr_repository", "nothing", nil, "driftline", low},
		{"aws_sns_topic", "checkout", team("data"), "topics", certain},
	} {
		r := resource(tt.typ, tt.name, tt.name)
		r.Tags = tt.tags
		u := generate(t, []Item{{r, drift.Object{Value: object(types[tt.typ].schema, `{"name":"`+tt.name+`"}`)}}}, opts).Unmanaged[0]
		if u.RootModule != tt.root || u.Confidence != tt.confidence {
			t.Errorf("%s %s goes to %s (%s, %s), want %s (%s)", tt.typ, tt.name, u.RootModule, u.Confidence, u.Placement, tt.root, tt.confidence)
		}
	}
}

// labelled is a managed resource of testdata/placement.json: what three root modules of testdata/estates/base have after
// an apply, with the strings of its attributes.
type labelled struct {
	Root, Type, ImportID, Region, Name string
	Address                            string
	Tags                               map[string]string
	Attributes                         map[string]any
}

// TestHideOneOut hides each resource of an estate from its state and sees where it is placed. The figure in the README
// is held by it.
func TestHideOneOut(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/placement.json")
	if err != nil {
		t.Fatal(err)
	}
	var estate []labelled
	if err := json.Unmarshal(raw, &estate); err != nil {
		t.Fatal(err)
	}
	managed := make([]drift.Managed, len(estate))
	roots := map[string]bool{}
	for i, l := range estate {
		r := resource(l.Type, l.ImportID, l.Name)
		r.Region, r.Tags = l.Region, l.Tags
		managed[i] = drift.Managed{Resource: r, RootModule: l.Root, Address: drift.Address{Type: l.Type, Name: l.Address}}
		roots[l.Root] = true
	}
	opts := withDefaults(Options{HomeRegion: "us-east-1"})
	for _, dir := range slices.Sorted(maps.Keys(roots)) {
		opts.Roots = append(opts.Roots, drift.RootModule{Dir: dir, Required: map[string]string{drift.AWS: ""}})
	}
	right, wrong, open := 0, 0, 0
	byConfidence := map[string][2]int{}
	for i, l := range estate {
		opts.Managed = slices.Delete(slices.Clone(managed), i, i+1)
		b := &block{Item: Item{Resource: managed[i].Resource, Object: drift.Object{Value: cty.EmptyObjectVal}}, conf: bodyOf(l.Attributes)}
		place([]*block{b}, opts)
		tally := byConfidence[b.confidence]
		tally[1]++
		switch b.root {
		case l.Root:
			right++
			tally[0]++
		case opts.DefaultRoot:
			open++
		default:
			wrong++
			t.Logf("%s %s of %s goes to %s: %s", l.Type, l.ImportID, l.Root, b.root, b.placement)
		}
		byConfidence[b.confidence] = tally
	}
	t.Logf("%d of %d placed where they came from, %d left open, %d elsewhere; by confidence (right, all): %v", right, len(estate), open, wrong, byConfidence)
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	figure := fmt.Sprintf("%d of %d resources where they came from, %d elsewhere and %d in the default root. All %d placed with high and all %d with medium confidence were right.",
		right, len(estate), wrong, open, byConfidence[high][0], byConfidence[medium][0])
	for _, sure := range []string{high, medium} {
		if n := byConfidence[sure]; n[0] != n[1] {
			t.Errorf("%s confidence: %d of %d right", sure, n[0], n[1])
		}
	}
	if !strings.Contains(strings.Join(strings.Fields(string(readme)), " "), figure) {
		t.Errorf("README.md does not say %q", figure)
	}
}

// bodyOf makes a body of a state's attributes.
func bodyOf(attributes map[string]any) *body {
	b := newBody()
	for name, v := range attributes {
		switch v := v.(type) {
		case string:
			b.attrs[name] = cty.StringVal(v)
		case []any:
			var texts []cty.Value
			for _, element := range v {
				switch element := element.(type) {
				case string:
					texts = append(texts, cty.StringVal(element))
				case map[string]any:
					b.blocks[name] = append(b.blocks[name], bodyOf(element))
				}
			}
			if len(texts) > 0 {
				b.attrs[name] = cty.ListVal(texts)
			}
		}
	}
	return b
}
