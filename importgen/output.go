package importgen

import (
	"encoding/json"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/internal/bounded"
)

// modules knows the outputs of the modules that root modules call, as far as they lie in the checkout: by a local path, or
// where terraform init has put them.
type modules struct {
	files    fs.FS
	dirs     map[string]moduleDir
	manifest map[string]map[string]string // root module → "net.sub" → directory, from .terraform/modules/modules.json
}

type moduleDir struct {
	calls   map[string]string               // module call → its local directory
	outputs map[string]hclsyntax.Expression // by name, those that are sensitive left out
}

func newModules(files fs.FS) *modules {
	return &modules{files: files, dirs: map[string]moduleDir{}, manifest: map[string]map[string]string{}}
}

var moduleStep = regexp.MustCompile(`module\.([A-Za-z0-9_-]+)(\[[^\]]*\])?`)

// expression is how the root module of m says an attribute of it, by an output of each module on the way; "" where one of
// them has no output that is just this attribute.
func (ms *modules) expression(m drift.Managed, attr string) string {
	steps := moduleStep.FindAllStringSubmatch(m.Address.Module, -1)
	if ms.files == nil || strings.Join(mapSlice(steps, func(step []string) string { return step[0] }), ".") != m.Address.Module {
		return ""
	}
	dirs := []string{path.Clean(m.RootModule)}
	var called []string
	for _, step := range steps {
		called = append(called, step[1])
		dir := ms.directory(m.RootModule, dirs[len(dirs)-1], called)
		if dir == "" {
			return ""
		}
		dirs = append(dirs, dir)
	}
	want := m.Address.Type + "." + m.Address.Name + m.Address.Key + "." + attr
	for i := len(steps) - 1; i >= 0; i-- {
		outputs, found := ms.read(dirs[i+1]).outputs, ""
		for _, name := range slices.Sorted(maps.Keys(outputs)) {
			if rest, ok := yields(outputs[name], want); ok {
				found = steps[i][0] + "." + name + rest
				break
			}
		}
		if found == "" {
			return ""
		}
		want = found
	}
	return want
}

// yields reports whether an output's expression holds what want says, and how to get at it from there.
func yields(e hclsyntax.Expression, want string) (rest string, ok bool) {
	switch e := e.(type) {
	case *hclsyntax.FunctionCallExpr:
		if e.Name == "try" && len(e.Args) > 0 {
			return yields(e.Args[0], want)
		}
		if e.Name == "one" && len(e.Args) == 1 {
			if rest, ok = yields(e.Args[0], want); ok {
				return strings.CutPrefix(rest, "[0]")
			}
			return "", false
		}
	case *hclsyntax.SplatExpr: // aws_subnet.private[*].id
		below, found := strings.CutPrefix(want, traversalText(e.Source))
		key, tail, closed := strings.Cut(below, "]")
		each, relative := e.Each.(*hclsyntax.RelativeTraversalExpr)
		if !found || !closed || !relative {
			return "", false
		}
		if _, err := strconv.Atoi(strings.TrimPrefix(key, "[")); err != nil {
			return "", false
		}
		tail, found = strings.CutPrefix(tail, stepsText(each.Traversal))
		return key + "]" + tail, found
	case *hclsyntax.ForExpr: // { for key, subnet in aws_subnet.this : key => subnet.id }
		below, found := strings.CutPrefix(want, traversalText(e.CollExpr))
		key, tail, closed := strings.Cut(below, "]")
		value, member := strings.CutPrefix(traversalText(e.ValExpr), e.ValVar)
		if !found || !closed || !member || e.KeyExpr == nil || e.CondExpr != nil || e.Group || traversalText(e.KeyExpr) != e.KeyVar {
			return "", false
		}
		tail, found = strings.CutPrefix(tail, value)
		return key + "]" + tail, found && strings.HasPrefix(key, "[\"")
	}
	text := traversalText(e)
	rest, ok = strings.CutPrefix(want, text)
	return rest, ok && text != "" && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// traversalText is a reference as addresses are written, "" for any other expression.
func traversalText(e hclsyntax.Expression) string {
	traversal, diags := hcl.AbsTraversalForExpr(e)
	if diags.HasErrors() {
		return ""
	}
	return stepsText(traversal)
}

func stepsText(traversal hcl.Traversal) string {
	var out strings.Builder
	for _, step := range traversal {
		switch step := step.(type) {
		case hcl.TraverseRoot:
			out.WriteString(step.Name)
		case hcl.TraverseAttr:
			out.WriteString("." + step.Name)
		case hcl.TraverseIndex:
			if step.Key.Type() == cty.String {
				out.WriteString(index(step.Key.AsString()))
				continue
			}
			n, _ := step.Key.AsBigFloat().Int64()
			out.WriteString("[" + strconv.FormatInt(n, 10) + "]")
		}
	}
	return out.String()
}

// directory is where the module lies that a chain of calls from the root module leads to, "" when it is not at hand.
func (ms *modules) directory(root, caller string, called []string) string {
	if ms.manifest[root] == nil {
		ms.manifest[root] = map[string]string{}
		var installed struct {
			Modules []struct{ Key, Dir string }
		}
		text, err := fs.ReadFile(ms.files, path.Join(root, ".terraform/modules/modules.json"))
		if err == nil && json.Unmarshal(text, &installed) == nil {
			for _, m := range installed.Modules {
				ms.manifest[root][m.Key] = path.Join(root, m.Dir)
			}
		}
	}
	if dir := ms.read(caller).calls[called[len(called)-1]]; dir != "" {
		return dir
	}
	return ms.manifest[root][strings.Join(called, ".")]
}

// read is what stands in a directory; a file that does not parse is not looked at.
func (ms *modules) read(dir string) moduleDir {
	if d, ok := ms.dirs[dir]; ok {
		return d
	}
	d := moduleDir{calls: map[string]string{}, outputs: map[string]hclsyntax.Expression{}}
	ms.dirs[dir] = d
	entries, _ := fs.ReadDir(ms.files, dir) // what cannot be read has no outputs
	for _, entry := range entries {
		if entry.IsDir() || !strings.HasSuffix(entry.Name(), ".tf") {
			continue
		}
		name := path.Join(dir, entry.Name())
		text, err := fs.ReadFile(ms.files, name)
		if err != nil {
			continue
		}
		file, diags := hclsyntax.ParseConfig(text, name, hcl.InitialPos)
		if diags.HasErrors() {
			continue
		}
		for _, block := range file.Body.(*hclsyntax.Body).Blocks {
			if len(block.Labels) != 1 {
				continue
			}
			attrs := attributesOf(block.Body)
			switch source := bounded.Text(attrs["source"]); {
			case block.Type == "module" && (strings.HasPrefix(source, "./") || strings.HasPrefix(source, "../")):
				d.calls[block.Labels[0]] = path.Join(dir, source)
			case block.Type == "output" && attrs["sensitive"] == nil && attrs["value"] != nil:
				d.outputs[block.Labels[0]] = block.Body.Attributes["value"].Expr
			}
		}
	}
	return d
}
