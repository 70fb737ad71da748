package prcomment

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/seed-e90528ae/driftline/drift"
)

// sarifSchema is the one that OASIS has published with SARIF 2.1.0, which allows no field that it does not know:
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json
func sarifSchema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func valid(t *testing.T, schema *jsonschema.Schema, log []byte) {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(log))
	if err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
	if err := schema.Validate(document); err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
}

func TestSARIFIsValid(t *testing.T) {
	t.Parallel()
	schema := sarifSchema(t)
	for name, r := range sarifReports() {
		for _, placed := range []bool{false, true} {
			log, err := SARIF(r, SARIFOptions{Prefix: "infra dir", Version: "v1.2.3", Placed: placed})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			valid(t, schema, log)
		}
	}
}

func TestSARIFPlaces(t *testing.T) {
	t.Parallel()
	r := night(1, "d a", "x b", "u c")
	r.Drifted[0].File, r.Drifted[0].Line = "net/a b.tf", 12
	r.Unmanaged[0].File, r.Unmanaged[0].Line = "net/sqs.tf", 3
	places := func(placed bool) (out []string) {
		log, err := SARIF(r, SARIFOptions{Prefix: "infra", Placed: placed})
		if err != nil {
			t.Fatal(err)
		}
		var parsed sarifLog
		if err := json.Unmarshal(log, &parsed); err != nil {
			t.Fatal(err)
		}
		for _, result := range parsed.Runs[0].Results {
			at := "nowhere"
			if p := result.Locations[0].Physical; p != nil {
				at = p.Artifact.URI + ":" + string(rune('0'+p.Region.StartLine/10)) + string(rune('0'+p.Region.StartLine%10))
			}
			out = append(out, result.RuleID+" "+at)
		}
		return out
	}
	all := []string{"driftline/drifted infra/net/a%20b.tf:12", "driftline/deleted nowhere", "driftline/unmanaged infra/net/sqs.tf:03"}
	if diff := cmp.Diff(all, places(false)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{all[0], all[2]}, places(true)); diff != "" {
		t.Error(diff)
	}
}

// FuzzSARIF has everything in a report be called what someone likes: the log stays valid, no text becomes a link, a
// placeholder or a control character, no place leads out of the repository's tree of URIs, and two logs are the same.
func FuzzSARIF(f *testing.F) {
	for _, s := range append(nasties, "[x](http://evil)", "{0}\x00\xff", "//evil/x", "javascript:alert(1)", "../..", "a\n](b") {
		f.Add(s)
	}
	schema := sarifSchema(f)
	f.Fuzz(func(t *testing.T, s string) {
		r := hostile(s)
		r.Drifted[0].File, r.Deleted[0].File = s, s
		r.Finish()
		for _, o := range []SARIFOptions{{}, {Prefix: s, Version: s, Placed: true}} {
			log, err := SARIF(r, o)
			if err != nil {
				t.Fatal(err)
			}
			valid(t, schema, log)
			var parsed sarifLog
			if err := json.Unmarshal(log, &parsed); err != nil {
				t.Fatal(err)
			}
			run := parsed.Runs[0]
			texts := []string{}
			for _, result := range run.Results {
				texts = append(texts, result.Message.Text)
				place := result.Locations[0].Physical
				if place == nil {
					continue
				}
				if u, err := url.Parse(place.Artifact.URI); err != nil || u.IsAbs() || u.Host != "" || u.RawQuery != "" || u.Fragment != "" {
					t.Errorf("%q is at %q: %v", s, place.Artifact.URI, err)
				}
			}
			for _, rule := range run.Tool.Driver.Rules {
				texts = append(texts, rule.ShortDescription.Text, rule.FullDescription.Text, rule.Help.Text)
			}
			for _, n := range run.Invocations[0].Notifications {
				texts = append(texts, n.Message.Text)
			}
			for _, text := range texts {
				plain := strings.NewReplacer("{{", "", "}}", "").Replace(text)
				if strings.Contains(text, "](") || strings.ContainsAny(plain, "{}") || strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && unicode.IsControl(r) }) {
					t.Errorf("%q makes the text %q", s, text)
				}
			}
			if again, err := SARIF(r, o); err != nil || !bytes.Equal(again, log) {
				t.Errorf("two logs of one report differ: %v", err)
			}
		}
	})
}

func sarifReports() map[string]*drift.Report {
	return map[string]*drift.Report{"clean": night(1, "m a"), "drift only": driftOnly(), "everything": everything(), "partial": partial(),
		"many": many(5000), "hostile": hostile("</details><script>`|\n::error::x]({0}")}
}
