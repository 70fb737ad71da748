package state

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
)

const fixtures = "../testdata/state"

// decoded is all that decodeState says of one file.
type decoded struct {
	instances []drift.Instance
	lost      []drift.Skipped // What, Reason, Remedy
	failure   *failure
}

func decodeAll(t testing.TB, r io.Reader) (d decoded) {
	t.Helper()
	err := decodeState(r,
		func(i drift.Instance) bool { d.instances = append(d.instances, i); return true },
		func(what string, c cause) bool {
			d.lost = append(d.lost, drift.Skipped{What: what, Reason: c.reason, Remedy: c.remedy})
			return true
		})
	if err != nil && !errors.As(err, &d.failure) {
		t.Fatalf("decodeState answers with %T: %v", err, err)
	}
	return d
}

func decodeFile(t testing.TB, name string) decoded {
	t.Helper()
	f, err := os.Open(filepath.Join(fixtures, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	return decodeAll(t, f)
}

func addresses(d decoded) (out []string) {
	for _, i := range d.instances {
		s := i.Address.String()
		if i.Deposed != "" {
			s += " deposed " + i.Deposed
		}
		out = append(out, s)
	}
	return out
}

// The list beside the fixture is what `terraform state list` said of it, without data sources.
func TestDecodeAgreesWithTerraformStateList(t *testing.T) {
	t.Parallel()
	list, err := os.ReadFile(filepath.Join(fixtures, "good/terraform-1.11.list"))
	if err != nil {
		t.Fatal(err)
	}
	d := decodeFile(t, "good/terraform-1.11.tfstate")
	if d.failure != nil || len(d.lost) > 0 {
		t.Fatalf("failure %v, lost %v", d.failure, d.lost)
	}
	sorted := cmpopts.SortSlices(func(a, b string) bool { return a < b })
	if diff := cmp.Diff(strings.Split(strings.TrimSpace(string(list)), "\n"), addresses(d), sorted); diff != "" {
		t.Errorf("addresses (-terraform +driftline):\n%s", diff)
	}
	for _, i := range d.instances {
		if want := i.Address.Name == "secret"; want != (len(i.Sensitive) > 0) {
			t.Errorf("%s: sensitive paths %v", i.Address, i.Sensitive)
		}
	}
}

func TestDecodeAWS(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"aws.tfstate", "sorted-keys.tfstate"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := decodeFile(t, "good/"+name)
			if d.failure != nil || len(d.lost) > 0 {
				t.Fatalf("failure %v, lost %v", d.failure, d.lost)
			}
			want := []string{
				"aws_vpc.main", "aws_vpc.main deposed 0a1b2c3d",
				`module.net["a.b"].module.sub.aws_subnet.each["a"]`, `module.net["a.b"].module.sub.aws_subnet.each[3]`,
				"aws_eip.old", "aws_eip.moved", `aws_eip.tofu["eu"]`,
			}
			if diff := cmp.Diff(want, addresses(d)); diff != "" {
				t.Fatalf("addresses (-want +got):\n%s", diff)
			}
			providers := map[string]string{}
			for _, i := range d.instances {
				providers[i.Address.Type+"."+i.Address.Name] = i.Provider + " " + i.Alias
			}
			wantProviders := map[string]string{
				"aws_vpc.main":    drift.AWS + " west",
				"aws_subnet.each": drift.AWS + " east",
				"aws_eip.old":     drift.AWS + " legacy",
				"aws_eip.moved":   drift.AWS + " ",
				"aws_eip.tofu":    `registry.opentofu.org/hashicorp/aws by["eu"]`,
			}
			if diff := cmp.Diff(wantProviders, providers); diff != "" {
				t.Errorf("providers (-want +got):\n%s", diff)
			}

			vpc := d.instances[0]
			if vpc.SchemaVersion != 1 || string(vpc.Private) != `{"schema_version":"1"}` {
				t.Errorf("schema version %d, private %q", vpc.SchemaVersion, vpc.Private)
			}
			wantPaths := []cty.Path{
				cty.GetAttrPath("tags").IndexString("Name"),
				cty.GetAttrPath("routes").IndexInt(0).GetAttr("cidr"),
			}
			if len(vpc.Sensitive) != len(wantPaths) {
				t.Fatalf("sensitive paths %v", vpc.Sensitive)
			}
			for i, want := range wantPaths {
				if !vpc.Sensitive[i].Equals(want) {
					t.Errorf("sensitive path %d is %v, want %v", i, vpc.Sensitive[i], want)
				}
			}
		})
	}
}

func TestNumbersKeepTheirPrecision(t *testing.T) {
	t.Parallel()
	attributes := string(decodeFile(t, "good/aws.tfstate").instances[0].Attributes)
	for _, digits := range []string{"12345678901234567890123456789", "1.10"} {
		if !strings.Contains(attributes, digits) {
			t.Errorf("%s is not in %s", digits, attributes)
		}
	}
}

func TestEmptyStateWithByteOrderMark(t *testing.T) {
	t.Parallel()
	if d := decodeFile(t, "good/empty-with-bom.tfstate"); d.failure != nil || len(d.instances)+len(d.lost) > 0 {
		t.Errorf("%+v", d)
	}
}

// An instance that cannot be read loses itself alone, and nothing of its content is repeated.
func TestUndecodableInstanceLosesItself(t *testing.T) {
	t.Parallel()
	d := decodeFile(t, "good/lost-instances.tfstate")
	if d.failure != nil {
		t.Fatal(d.failure)
	}
	if diff := cmp.Diff([]string{"aws_vpc.a[0]", "aws_vpc.a[9]", "aws_vpc.z"}, addresses(d)); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
	var got []string
	for _, s := range d.lost {
		got = append(got, s.What+": "+s.Reason)
		if s.Remedy == "" {
			t.Errorf("%s: no remedy", s.What)
		}
	}
	instance, resource := "the state's instance cannot be read: ", "the state's entry for it cannot be read: "
	want := []string{
		"aws_vpc.a[1]: " + instance + "its schema_version is not what state version 4 has there",
		"aws_vpc.a: " + instance + "its index_key is neither a string nor a whole number",
		"aws_vpc.a[3]: its attributes are in the flat form of Terraform 0.11",
		"aws_vpc.a[4]: " + instance + "it has no attributes",
		"aws_vpc.a[5]: " + instance + "its attributes are not an object",
		"aws_vpc.a[6]: " + instance + "its private data is not base64",
		"aws_vpc.a[7]: " + instance + "its sensitive_attributes cannot be read",
		"aws_vpc.a: " + instance + "it is not an object",
		"aws_vpc.b: " + instance + `its provider address "nonsense" is not known`,
		`aws_vpc.c: ` + resource + `its mode "ephemeral" is not known`,
		".d: " + resource + "it has no mode, type or name",
		".e: " + resource + "its type is not a string",
		"a resource: " + resource + "it is not an object",
		"a resource: " + resource + "it is not an object",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("lost (-want +got):\n%s", diff)
	}
	if all := fmt.Sprint(d.lost); strings.Contains(all, "s3cr3t") {
		t.Errorf("a value is repeated: %s", all)
	}
}

var badFiles = map[string]string{
	"zero-bytes":         "the file is empty (0 bytes)",
	"truncated":          "the file ends in the middle: it is truncated",
	"not-json":           "the file is not JSON: ",
	"broken-json":        "the file is not JSON: ",
	"package-json":       "the file is JSON, but not a Terraform state",
	"show-json":          "the file is JSON, but not a Terraform state",
	"array-json":         "the file is JSON, but not a Terraform state",
	"version-3":          "it is state version 3; only version 4 is read",
	"version-5":          "it is state version 5, newer than version 4",
	"gzip":               "the file is compressed with gzip",
	"opentofu-encrypted": "the state is encrypted with OpenTofu state encryption",
	"age":                "the state is encrypted with age",
	"git-crypt":          "the state is encrypted with git-crypt",
	"lfs":                "the file is a Git LFS pointer",
	"two-states":         "more data follows the end of the state",
	"too-deep":           "its JSON is nested too deeply",
}

func TestBadFiles(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir(filepath.Join(fixtures, "bad"))
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(badFiles) {
		t.Errorf("%d fixtures, %d expectations", len(entries), len(badFiles))
	}
	for _, e := range entries {
		t.Run(e.Name(), func(t *testing.T) {
			t.Parallel()
			want, ok := badFiles[e.Name()]
			if !ok {
				t.Fatal("no expectation")
			}
			d := decodeFile(t, "bad/"+e.Name())
			if d.failure == nil {
				t.Fatalf("no failure, %d instances", len(d.instances))
			}
			if !strings.HasPrefix(d.failure.Error(), want) {
				t.Errorf("got  %s\nwant %s…", d.failure, want)
			}
			if d.failure.cause.remedy == "" {
				t.Error("no remedy")
			}
		})
	}
}

// Wherever a state is cut, it is told to be truncated, and what was yielded before is a prefix of the whole.
func TestTruncatedAnywhere(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile(filepath.Join(fixtures, "good/aws.tfstate"))
	if err != nil {
		t.Fatal(err)
	}
	content = bytes.TrimSpace(content)
	whole := addresses(decodeAll(t, bytes.NewReader(content)))
	some := false
	for n := 1; n < len(content); n++ {
		d := decodeAll(t, bytes.NewReader(content[:n]))
		if d.failure == nil || d.failure.cause != causeTruncated {
			t.Fatalf("cut at %d of %d: %v", n, len(content), d.failure)
		}
		got := addresses(d)
		if len(got) > 0 {
			some = true
			if diff := cmp.Diff(whole[:len(got)], got); diff != "" {
				t.Fatalf("cut at %d:\n%s", n, diff)
			}
		}
	}
	if !some {
		t.Error("no instance was yielded before any cut")
	}
}

func TestDecodeStopsWhenTold(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile(filepath.Join(fixtures, "good/aws.tfstate"))
	if err != nil {
		t.Fatal(err)
	}
	calls := 0
	err = decodeState(bytes.NewReader(content), func(drift.Instance) bool { calls++; return calls < 2 }, nil)
	if !errors.Is(err, errStop) || calls != 2 {
		t.Errorf("%d calls, error %v", calls, err)
	}
}

func FuzzDecode(f *testing.F) {
	for _, pattern := range []string{"good/*.tfstate", "bad/*"} {
		files, err := filepath.Glob(filepath.Join(fixtures, pattern))
		if err != nil || len(files) == 0 {
			f.Fatal("no fixtures", err)
		}
		for _, file := range files {
			content, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(content)
		}
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		d := decodeAll(t, bytes.NewReader(content))
		for _, i := range d.instances {
			if !json.Valid(i.Attributes) {
				t.Errorf("attributes of %s are not JSON", i.Address)
			}
			if i.Type == "" || i.Provider == "" {
				t.Errorf("%s has no type or no provider", i.Address)
			}
		}
		if d.failure == nil && !json.Valid(bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))) {
			t.Error("no failure for what is not JSON")
		}
		for _, s := range d.lost {
			if s.What == "" || s.Reason == "" || s.Remedy == "" || len(s.What)+len(s.Reason) > 3000 {
				t.Errorf("%+v", s)
			}
		}
	})
}

// FuzzBeside puts anything that is JSON beside good instances and good resources: it costs itself alone, and what is lost of
// it is told.
func FuzzBeside(f *testing.F) {
	for _, s := range []string{
		`null`, `1e700`, `[]`, `""`, `{}`, `{"attributes":{"a":1e600000000}}`, `{"index_key":-1,"attributes":{}}`, `{"index_key":1e600000000,"attributes":{}}`,
		`{"attributes":{},"sensitive_attributes":[[{"type":"index","value":{"value":1e600000000,"type":"number"}}]]}`,
		`{"attributes":{},"sensitive_attributes":[[{"type":"index","value":{"value":[1],"type":["set","number"]}}]]}`,
		`{"attributes":{},"provider":"` + strings.Repeat("x", 5000) + `"}`, `{"mode":"managed","type":"t","name":"n","provider":"p","instances":[{},null,1]}`,
		`{"instances":[{"attributes":{}}],"mode":"managed"}`, `{"attributes":{"a":{"a":[[[[{}]]]]}},"private":"*"}`,
	} {
		f.Add(s)
	}
	const resource = `{"mode":"managed","type":"aws_vpc","name":%q,"provider":"provider[\"registry.terraform.io/hashicorp/aws\"]","instances":[%s]}`
	good := func(key string) string {
		return `{"index_key":"` + key + `","schema_version":1,"attributes":{"id":"vpc-1"}}`
	}
	f.Fuzz(func(t *testing.T, bad string) {
		if !json.Valid([]byte(bad)) {
			return
		}
		state := `{"version":4,"resources":[` + strings.Join([]string{
			fmt.Sprintf(resource, "first", good("a")+","+bad+","+good("b")), bad, fmt.Sprintf(resource, "last", good("c")),
		}, ",") + `]}`
		d := decodeAll(t, strings.NewReader(state))
		if d.failure != nil {
			if d.failure.cause == causeTooDeep {
				return
			}
			t.Fatal(d.failure)
		}
		var whole []string
		for _, i := range d.instances {
			whole = append(whole, i.Address.String())
			for _, path := range i.Sensitive {
				for _, step := range path {
					if index, ok := step.(cty.IndexStep); ok && index.Key.Type() == cty.Number && len(index.Key.AsBigFloat().Text('f', -1)) > 20 {
						t.Errorf("an index of %d digits", len(index.Key.AsBigFloat().Text('f', -1)))
					}
				}
			}
		}
		for _, want := range []string{`aws_vpc.first["a"]`, `aws_vpc.first["b"]`, `aws_vpc.last["c"]`} {
			if !slices.Contains(whole, want) {
				t.Errorf("%s is lost beside %s", want, bad)
			}
		}
		if len(d.instances) == 3 && len(d.lost) == 0 {
			t.Errorf("nothing is told of %s", bad)
		}
	})
}

// writeState writes a state of about size bytes: instances of 2 KiB, 100 to a resource.
func writeState(w io.Writer, size int) error {
	attributes := fmt.Sprintf(`{"id":"vpc-1","cidr_block":"10.0.0.0/16","tags":{"Name":"main"},"policy":%q}`, strings.Repeat("0123456789abcdef", 115))
	instance := `{"index_key":%d,"schema_version":1,"attributes":` + attributes + `,"sensitive_attributes":[],"private":"eyJzY2hlbWFfdmVyc2lvbiI6IjEifQ=="}`
	written, err := fmt.Fprint(w, `{"version":4,"terraform_version":"1.9.8","serial":1,"lineage":"x","outputs":{},"resources":[`)
	for r := 0; written < size && err == nil; r++ {
		if r > 0 {
			fmt.Fprint(w, ",")
		}
		fmt.Fprintf(w, `{"mode":"managed","type":"aws_vpc","name":"r%d","provider":"provider[\"registry.terraform.io/hashicorp/aws\"]","instances":[`, r)
		for i := 0; i < 100 && written < size && err == nil; i++ {
			if i > 0 {
				fmt.Fprint(w, ",")
			}
			var n int
			n, err = fmt.Fprintf(w, instance, i)
			written += n
		}
		fmt.Fprint(w, "]}")
	}
	if err == nil {
		_, err = fmt.Fprint(w, "]}")
	}
	return err
}

func BenchmarkDecode(b *testing.B) {
	var state bytes.Buffer
	if err := writeState(&state, 8<<20); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(state.Len()))
	b.ReportAllocs()
	for b.Loop() {
		err := decodeState(bytes.NewReader(state.Bytes()), func(drift.Instance) bool { return true }, nil)
		if err != nil {
			b.Fatal(err)
		}
	}
}
