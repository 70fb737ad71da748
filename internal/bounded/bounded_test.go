package bounded_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	hcljson "github.com/hashicorp/hcl/v2/json"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/seed-e90528ae/driftline/internal/bounded"
)

func TestHostileFiles(t *testing.T) {
	t.Parallel()
	const usual = "resource \"aws_vpc\" \"main\" {\n  # ---------------------------\n  tags = { a = (1 > -2 ? [\"x\"] : []) }\n}\n"
	for name, tc := range map[string]struct {
		content string
		hostile bool
	}{
		"usual.tf":        {usual, false},
		"large.tf":        {strings.Repeat(usual, 20_000), false},
		"empty.tf":        {"", false},
		"brackets.tf":     {"a = " + strings.Repeat("(", 2_000_000), true},
		"lists.tf":        {"a = " + strings.Repeat("[", 100_000), true},
		"objects.tfvars":  {"a = " + strings.Repeat("{a=", 100_000), true},
		"signs.tf":        {"a = " + strings.Repeat("- ", 100_000), true},
		"conditionals.tf": {"a = " + strings.Repeat("true?1:", 100_000), true},
		"operators.tf":    {"a = 1" + strings.Repeat("+1", 20_000), true},
		"commented.tf":    {"a = 1" + strings.Repeat("+ /* , */ 1", 20_000), true},
		"negations.tf":    {"a = " + strings.Repeat("! /**/", 20_000), true},
		"choices.tf":      {"a = " + strings.Repeat("x?[y]:", 20_000), true},
		"loop.tf":         {"a = {for x in y:\nx => 1" + strings.Repeat("\n+1", 20_000), true},
		"indexes.tf":      {"a = f()" + strings.Repeat("[0]", 20_000), true},
		"directives.tf":   {"a = \"" + strings.Repeat("%{if true}", 20_000), true},
		"crossed.tf":      {"a = <<E\n" + strings.Repeat("%{if true}%{endfor}", 20_000) + "\nE\n", true},
		"number.tf":       {"a = 1e600000000", true},
		"digits.tf":       {"a = " + strings.Repeat("1", 100_000), true},
		"words.tf":        {"a = [" + strings.Repeat("1,", bounded.MaxSize/3) + "]", true},
		"many.tf":         {"a = [\n" + strings.Repeat("\"${a}-${b.c[0]}\" == f(1) ? 1 : -1,\n", 12_000) + "]", false},
		"text.tf":         {"a = <<E\n" + strings.Repeat("%{if a}${b}%{else}c%{endif}, \"[[[\"\n", 12_000) + "E\n", false},
		"table.tf":        {"locals {\n" + strings.Repeat("a = b || c # ((((\n", 12_000) + "}\n", false},
		"deep.tf.json":    {strings.Repeat("[", 100_000), true},
		"usual.tf.json":   {"{\"locals\": {\"a\": [\"((((${a[0]}\", 1.5e3, {}]}}", false},
		"hidden.tf.json":  {"{\"a\": \"" + strings.Repeat(`\u0025{if x}`, 100_000) + "\"}", true},
		"number.tf.json":  {"{\"a\": 1e600000000}", true},
		"huge.tf.json":    {strings.Repeat(" ", bounded.MaxSize+1), true},
		"brackets.txt":    {strings.Repeat("(", 2_000_000), false}, // is never parsed
	} {
		files := bounded.FS(fstest.MapFS{name: {Data: []byte(tc.content)}})
		content, err := fs.ReadFile(files, name)
		if errors.Is(err, bounded.ErrHostile) != tc.hostile || !tc.hostile && (err != nil || string(content) != tc.content) {
			t.Errorf("%s: read %d bytes, %v", name, len(content), err)
		}
		opened, err := files.Open(name)
		if errors.Is(err, bounded.ErrHostile) != tc.hostile {
			t.Errorf("%s: opened: %v", name, err)
		}
		if err == nil {
			opened.Close()
		}
	}
}

func TestDirectoriesAndLinks(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "module.tf"), 0o700); err != nil {
		t.Fatal(err)
	}
	files := bounded.FS(os.DirFS(dir))
	if entries, err := fs.ReadDir(files, "."); err != nil || len(entries) != 1 {
		t.Error(entries, err)
	}
	if _, err := fs.ReadFile(files, "module.tf"); !errors.Is(err, bounded.ErrHostile) {
		t.Errorf("a directory was read: %v", err)
	}
	if _, err := os.Stat("/dev/zero"); err != nil || os.Symlink("/dev/zero", filepath.Join(dir, "endless.tf")) != nil {
		return // no such thing here
	}
	if _, err := fs.ReadFile(files, "endless.tf"); !errors.Is(err, bounded.ErrHostile) {
		t.Errorf("a device was read: %v", err)
	}
}

// TestValues: a scope is made of values that were evaluated in it before, as locals are.
func TestValues(t *testing.T) {
	t.Parallel()
	scope := &hcl.EvalContext{Variables: map[string]cty.Value{"local": cty.ObjectVal(map[string]cty.Value{
		"a": cty.StringVal("eu"), "list": cty.TupleVal([]cty.Value{cty.StringVal("x")}), "long": cty.StringVal(strings.Repeat("x", 50_000)),
	})}}
	for code, want := range map[string]string{
		`"${local.a}-west-1"`:                          "eu-west-1",
		`local.a == "eu" && !(1 > 2) ? "yes" : "no"`:   "yes",
		`local.list[0]`:                                "x",
		`{"b" = {c = "d"}}["b"].c`:                     "d",
		`"us-west-${(1 + 1) * -1}"`:                    "us-west--2",
		`local.a * 1`:                                  "",
		`-1`:                                           "-1",
		`[for x in local.list : x][0]`:                 "",
		`join(",", ["a"])`:                             "",
		`"${"1e600000000" * 1}"`:                       "",
		`"${-"1e600000000"}"`:                          "",
		`local.list[*]`:                                "",
		`"%{for x in local.list}${x}%{endfor}"`:        "",
		`"${local.long}${local.long}"`:                 "",
		`[local.long, local.long]`:                     "",
		`"` + strings.Repeat("${local.a}", 1001) + `"`: "",
		`local.unknown`:                                "",
	} {
		expression, diags := hclsyntax.ParseExpression([]byte(code), "x.tf", hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		quoted, err := json.Marshal(map[string]string{"a": "${" + code + "}"})
		if err != nil {
			t.Fatal(err)
		}
		file, diags := hcljson.Parse(quoted, "x.tf.json")
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		attributes, _ := file.Body.JustAttributes()
		for _, e := range []hcl.Expression{expression, attributes["a"].Expr} {
			v, diags := bounded.Value(e, scope)
			if got, err := convert.Convert(v, cty.String); (err != nil || diags.HasErrors()) != (want == "") || want != "" && got.AsString() != want {
				t.Errorf("%.60s is %#v, %v", code, v, diags)
			}
		}
	}
}

// FuzzParse: whatever passes is parsed, evaluated and looked through without harm, and stays small.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"a = \"${[for x in y : x]...}\"\n", "b {\n  c = <<-EOT\n    ${d ? 1 : 2}\n  EOT\n}\n", strings.Repeat("(", 400),
		"a = \"%{if x}%{for y in x}%{endif}%{else}\"", "a = x.*.y[*].0[\"1e9\"]\n", `{"a": "${x[0]}%{if y}", "b": [1e9, {"c": null}]}`,
	} {
		f.Add([]byte(s))
	}
	scope := &hcl.EvalContext{Variables: map[string]cty.Value{"x": cty.TupleVal([]cty.Value{cty.StringVal(strings.Repeat("1", 9999))}), "y": cty.True}}
	f.Fuzz(func(t *testing.T, content []byte) {
		for name, parse := range map[string]func([]byte, string) (*hcl.File, hcl.Diagnostics){
			"x.tf.json": hcljson.Parse,
			"x.tf": func(content []byte, name string) (*hcl.File, hcl.Diagnostics) {
				return hclsyntax.ParseConfig(content, name, hcl.InitialPos)
			},
		} {
			if bounded.Check(name, content) != nil {
				continue
			}
			file, diags := parse(content, name)
			if file == nil && !diags.HasErrors() {
				t.Error("neither a file nor a reason")
			}
			if file == nil {
				continue
			}
			attributes, _ := file.Body.JustAttributes()
			for _, a := range attributes {
				a.Expr.Variables()
				for _, s := range []*hcl.EvalContext{nil, scope} {
					v, diags := bounded.Value(a.Expr, s)
					if text, err := convert.Convert(v, cty.String); err == nil && !diags.HasErrors() && text.IsKnown() && !text.IsNull() && len(text.AsString()) > 1<<16 {
						t.Errorf("%d bytes of %q", len(text.AsString()), content)
					}
				}
			}
		}
	})
}
