// Package blocks finds the block that a resource's address stands for in a checkout: the file and line that a person
// would open. It reads configuration as it is written; it evaluates nothing, follows no module but local ones, and knows
// no state.
package blocks

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/seed-e90528ae/driftline/internal/bounded"
)

// Finder finds blocks in one checkout. Each directory is read once.
type Finder struct {
	checkout fs.FS

	mu   sync.Mutex
	dirs map[string]*directory
}

// New makes a Finder; a nil checkout holds nothing.
func New(checkout fs.FS) *Finder { return &Finder{checkout: checkout, dirs: map[string]*directory{}} }

// Place is where a block begins. Line counts from 1.
type Place struct {
	File string // relative to the checkout, slash-separated
	Line int
}

type directory struct {
	resources map[string]Place  // "aws_vpc.main"
	modules   map[string]string // name of a module call → its directory, where it is a local one
}

// Find is the place of the resource block typ.name in a module (`module.net["a"].module.sub`, "" for the root module) of
// the root module in dir.
func (f *Finder) Find(dir, module, typ, name string) (Place, bool) {
	calls, ok := callsOf(module)
	if f.checkout == nil || !ok {
		return Place{}, false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	dir = path.Clean(dir)
	for _, call := range calls {
		if dir, ok = f.read(dir).modules[call]; !ok {
			return Place{}, false
		}
	}
	p, ok := f.read(dir).resources[typ+"."+name]
	return p, ok
}

// callsOf are the names of the module calls in an address, without their keys.
func callsOf(module string) ([]string, bool) {
	if module == "" {
		return nil, true
	}
	traversal, diags := hclsyntax.ParseTraversalAbs([]byte(module), "", hcl.InitialPos)
	if diags.HasErrors() {
		return nil, false
	}
	var names []string
	for _, step := range traversal {
		switch step := step.(type) {
		case hcl.TraverseRoot:
			names = append(names, step.Name)
		case hcl.TraverseAttr:
			names = append(names, step.Name)
		}
	}
	var calls []string
	for i := 0; i+1 < len(names); i += 2 {
		if names[i] != "module" {
			return nil, false
		}
		calls = append(calls, names[i+1])
	}
	return calls, len(names)%2 == 0
}

// read is what stands in a directory. A file that does not parse gives what of it does.
func (f *Finder) read(dir string) *directory {
	if d, ok := f.dirs[dir]; ok {
		return d
	}
	d := &directory{resources: map[string]Place{}, modules: map[string]string{}}
	f.dirs[dir] = d
	entries, err := fs.ReadDir(f.checkout, dir)
	if err != nil {
		return d
	}
	for _, e := range entries {
		name := path.Join(dir, e.Name())
		if e.IsDir() || path.Ext(name) != ".tf" && path.Ext(name) != ".tofu" {
			continue
		}
		content, err := fs.ReadFile(f.checkout, name)
		if err != nil {
			continue
		}
		file, _ := hclsyntax.ParseConfig(content, name, hcl.InitialPos)
		if file == nil {
			continue
		}
		if body, ok := file.Body.(*hclsyntax.Body); ok {
			d.add(name, body)
		}
	}
	return d
}

func (d *directory) add(file string, body *hclsyntax.Body) {
	for _, b := range body.Blocks {
		switch {
		case b.Type == "resource" && len(b.Labels) == 2:
			d.resources[b.Labels[0]+"."+b.Labels[1]] = Place{file, b.DefRange().Start.Line}
		case b.Type == "module" && len(b.Labels) == 1:
			if dir, ok := local(path.Dir(file), b.Body.Attributes["source"]); ok {
				d.modules[b.Labels[0]] = dir
			}
		}
	}
}

// local is the directory of a module's source, where that is a literal path within the checkout.
func local(from string, source *hclsyntax.Attribute) (string, bool) {
	text := bounded.Argument(source)
	if !strings.HasPrefix(text, "./") && !strings.HasPrefix(text, "../") {
		return "", false
	}
	dir := path.Join(from, text)
	return dir, fs.ValidPath(dir)
}

// References are, for each resource block of a file ("aws_vpc.main"), the addresses of the resources that it refers to.
func References(content []byte, file string) map[string][]string {
	parsed, _ := hclsyntax.ParseConfig(content, file, hcl.InitialPos)
	if parsed == nil {
		return nil
	}
	body, ok := parsed.Body.(*hclsyntax.Body)
	if !ok {
		return nil
	}
	found := map[string][]string{}
	for _, b := range body.Blocks {
		if b.Type != "resource" || len(b.Labels) != 2 {
			continue
		}
		own := b.Labels[0] + "." + b.Labels[1]
		_ = hclsyntax.VisitAll(b.Body, func(node hclsyntax.Node) hcl.Diagnostics { // it says what the function says: nothing
			if e, ok := node.(*hclsyntax.ScopeTraversalExpr); ok && len(e.Traversal) > 1 && strings.Contains(e.Traversal.RootName(), "_") {
				if name, ok := e.Traversal[1].(hcl.TraverseAttr); ok && e.Traversal.RootName()+"."+name.Name != own {
					found[own] = append(found[own], e.Traversal.RootName()+"."+name.Name)
				}
			}
			return nil
		})
		slices.Sort(found[own])
		found[own] = slices.Compact(found[own])
	}
	return found
}
