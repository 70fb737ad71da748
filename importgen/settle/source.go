package settle

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/internal/bounded"
)

// sources is the configuration of a checkout as it is written. Directories are read when they are asked for.
type sources struct {
	files   fs.FS
	dirs    map[string]*sourceDir
	callers map[string]int // directory → how many module blocks of the checkout call it; nil until it is asked for
}

// sourceDir is one module: everything that stands in the native-syntax files of a directory.
type sourceDir struct {
	dir       string
	content   map[string][]byte // path → content
	resources map[string]sourceBlock
	variables map[string]sourceBlock
	calls     map[string]sourceBlock
	imports   map[string]sourceBlock // address → its import block
	locals    map[string]sourceAttr
	given     map[string][]sourceAttr // variable → where files that Terraform loads by itself set it
	mentioned []mentioned
}

type sourceBlock struct {
	file string
	*hclsyntax.Block
}

type sourceAttr struct {
	file string
	*hclsyntax.Attribute
}

// mentioned is one reference in a module.
type mentioned struct {
	file      string
	traversal hcl.Traversal
}

func newSources(files fs.FS) *sources { return &sources{files: files, dirs: map[string]*sourceDir{}} }

// read is what stands in a directory; a file that does not parse is not looked at.
func (s *sources) read(dir string) *sourceDir {
	dir = path.Clean(dir)
	if d, ok := s.dirs[dir]; ok {
		return d
	}
	d := &sourceDir{
		dir: dir, content: map[string][]byte{}, resources: map[string]sourceBlock{}, variables: map[string]sourceBlock{},
		calls: map[string]sourceBlock{}, imports: map[string]sourceBlock{}, locals: map[string]sourceAttr{}, given: map[string][]sourceAttr{},
	}
	s.dirs[dir] = d
	if s.files == nil {
		return d
	}
	entries, err := fs.ReadDir(s.files, dir)
	if err != nil {
		return d
	}
	for _, entry := range entries {
		name := path.Join(dir, entry.Name())
		values := entry.Name() == "terraform.tfvars" || strings.HasSuffix(name, ".auto.tfvars")
		if entry.IsDir() || !values && path.Ext(name) != ".tf" && path.Ext(name) != ".tofu" {
			continue
		}
		content, err := fs.ReadFile(s.files, name)
		if err != nil {
			continue
		}
		file, diags := hclsyntax.ParseConfig(content, name, hcl.InitialPos)
		if diags.HasErrors() {
			continue
		}
		d.content[name] = content
		body := file.Body.(*hclsyntax.Body) // the type that ParseConfig documents
		if values {
			for variable, attr := range body.Attributes {
				d.given[variable] = append(d.given[variable], sourceAttr{name, attr})
			}
			continue
		}
		d.learn(name, body)
	}
	return d
}

func (d *sourceDir) learn(file string, body *hclsyntax.Body) {
	for _, b := range body.Blocks {
		switch {
		case b.Type == "resource" && len(b.Labels) == 2:
			d.resources[b.Labels[0]+"."+b.Labels[1]] = sourceBlock{file, b}
		case b.Type == "variable" && len(b.Labels) == 1:
			d.variables[b.Labels[0]] = sourceBlock{file, b}
		case b.Type == "module" && len(b.Labels) == 1:
			d.calls[b.Labels[0]] = sourceBlock{file, b}
		case b.Type == "import" && b.Body.Attributes["to"] != nil:
			if t, diags := hcl.AbsTraversalForExpr(b.Body.Attributes["to"].Expr); !diags.HasErrors() {
				d.imports[strings.Join(words(t), ".")] = sourceBlock{file, b}
			}
		case b.Type == "locals":
			for name, attr := range b.Body.Attributes {
				d.locals[name] = sourceAttr{file, attr}
			}
		}
	}
	for _, t := range traversals(body) {
		d.mentioned = append(d.mentioned, mentioned{file, t})
	}
}

// traversals are all references in a piece of configuration.
func traversals(node hclsyntax.Node) []hcl.Traversal {
	var found []hcl.Traversal
	_ = hclsyntax.VisitAll(node, func(n hclsyntax.Node) hcl.Diagnostics {
		if e, ok := n.(*hclsyntax.ScopeTraversalExpr); ok {
			found = append(found, e.Traversal)
		}
		return nil
	})
	return found
}

// uses counts the references of a module to a value or to something that holds it or is held by it.
func (d *sourceDir) uses(t hcl.Traversal) int {
	n := 0
	for _, m := range d.mentioned {
		if overlap(words(m.traversal), words(t)) {
			n++
		}
	}
	return n
}

func overlap(a, b []string) bool {
	n := min(len(a), len(b))
	return slices.Equal(a[:n], b[:n])
}

// words are the names and keys of a reference, up to the first that only a run can tell.
func words(t hcl.Traversal) []string {
	var out []string
	for _, step := range t {
		switch step := step.(type) {
		case hcl.TraverseRoot:
			out = append(out, step.Name)
		case hcl.TraverseAttr:
			out = append(out, step.Name)
		case hcl.TraverseIndex:
			if step.Key.Type() != cty.String {
				return append(out, step.Key.AsBigFloat().String())
			}
			out = append(out, step.Key.AsString())
		default:
			return out
		}
	}
	return out
}

// callsOf counts the module blocks of the whole checkout that call a directory.
func (s *sources) callsOf(dir string) int {
	if s.callers == nil {
		s.callers = map[string]int{}
		_ = fs.WalkDir(s.files, ".", func(name string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return nil //nolint:nilerr // what cannot be read calls nothing that Terraform could run
			case !entry.IsDir():
				return nil
			case name != "." && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "node_modules"):
				return fs.SkipDir
			}
			d := s.read(name)
			for _, call := range d.calls {
				if target, ok := localSource(d.dir, call); ok {
					s.callers[target]++
				}
			}
			return nil
		})
	}
	return s.callers[dir]
}

// localSource is the directory that a module block calls, where that is one of the checkout.
func localSource(from string, call sourceBlock) (string, bool) {
	source := bounded.Argument(call.Body.Attributes["source"])
	if !strings.HasPrefix(source, "./") && !strings.HasPrefix(source, "../") {
		return "", false
	}
	dir := path.Join(from, source)
	return dir, fs.ValidPath(dir)
}

// scope is a module as one resource sees it: with the call that it was reached by.
type scope struct {
	*sourceDir
	parent *scope       // nil in a root module
	call   *sourceBlock // in parent
	shared string       // why what stands in the module is not this resource's alone; "" when it is
}

// enter follows a module address (module.a.module.b) from a root module. why says what stands in the way.
func (s *sources) enter(root, module string) (_ *scope, why string) {
	at := &scope{sourceDir: s.read(root)}
	if module == "" {
		return at, ""
	}
	traversal, diags := hclsyntax.ParseTraversalAbs([]byte(module), "", hcl.InitialPos)
	if diags.HasErrors() {
		return nil, "the address " + module + " cannot be read"
	}
	names := make([]string, 0, len(traversal))
	for _, step := range traversal {
		switch step := step.(type) {
		case hcl.TraverseRoot:
			names = append(names, step.Name)
		case hcl.TraverseAttr:
			names = append(names, step.Name)
		}
	}
	for i := 1; i < len(names); i += 2 {
		call, ok := at.calls[names[i]]
		if !ok {
			return nil, "module." + names[i] + " is not called in " + at.dir
		}
		dir, ok := localSource(at.dir, call)
		if !ok {
			return nil, "module." + names[i] + " is not of this checkout"
		}
		next := &scope{sourceDir: s.read(dir), parent: at, call: &call, shared: at.shared}
		switch n := s.callsOf(dir); {
		case repeated(call.Block):
			next.shared = "module." + names[i] + " stands for several instances"
		case n != 1 && next.shared == "":
			next.shared = "the module in " + dir + " is called more than once"
		}
		at = next
	}
	return at, ""
}

// repeated reports whether one block stands for any number of instances.
func repeated(b *hclsyntax.Block) bool {
	return b.Body.Attributes["count"] != nil || b.Body.Attributes["for_each"] != nil
}
