// Package carry keeps code that an earlier run wrote for resources that a later one could not see: not seen is not gone. It
// knows what generated files look like, and asks neither a cloud nor a provider.
package carry

import (
	"errors"
	"io/fs"
	"maps"
	"path"
	"slices"

	"github.com/seed-e90528ae/driftline/drift"
)

// Kept says what became of the code for resources that were not seen.
type Kept struct {
	Addresses []string // of resource blocks that stay, as DIRECTORY:ADDRESS, sorted
	Lost      []string // of those that could not stay: their group was seen in part, or what they refer to is gone
}

// stub is the generated file that makes a directory a root module.
const stub = "driftline.tf"

// Over adds to files the blocks of before, the files that an earlier run wrote, whose resources are of a type, in an account
// or a part of the cloud that found says was not seen, and that no file of tonight or of the checkout speaks of. What such
// a block refers to (variables, locals, data sources, provider configurations) stays with it. Paths are the checkout's;
// checkout may be nil. Where nothing else has changed, the files are before's, byte for byte.
func Over(found *drift.Report, files, before []drift.File, checkout fs.FS) ([]drift.File, Kept) {
	c := &carrier{found: found, checkout: checkout, tonight: map[string][]byte{}, defined: map[string]bool{}, seen: map[string]bool{}, there: map[string]bool{}, chosen: map[string][]chunk{}}
	for _, f := range files {
		c.tonight[f.Path] = f.Content
	}
	for dir := range directories(files, before) {
		c.learn(dir)
	}
	for _, m := range slices.Concat(found.Managed, found.Deleted) {
		c.know(m.Resource)
		c.there[m.RootModule] = true
		if m.Address.Module == "" {
			c.defined[m.RootModule+":"+m.Address.Type+"."+m.Address.Name] = true
		}
	}
	for _, o := range found.Owned {
		c.know(o.Resource)
	}
	for _, i := range found.Ignored {
		c.know(i.Resource)
	}
	written := map[string][]chunk{}
	for _, f := range before {
		if c.writable(f.Path) {
			written[f.Path] = parse(f.Path, f.Content)
		}
	}
	kept := c.choose(written)
	for name, chunks := range c.chosen {
		if len(chunks) > 0 {
			c.tonight[name] = merged(name, c.content(name), c.theirs(name), written[name], chunks)
		}
	}
	var out []drift.File
	for _, name := range slices.Sorted(maps.Keys(c.tonight)) {
		out = append(out, drift.File{Path: name, Content: c.tonight[name]})
	}
	return out, kept
}

func directories(lists ...[]drift.File) map[string]bool {
	dirs := map[string]bool{}
	for _, f := range slices.Concat(lists...) {
		dirs[path.Dir(f.Path)] = true
	}
	return dirs
}

// carrier is one merge.
type carrier struct {
	found    *drift.Report
	checkout fs.FS
	tonight  map[string][]byte  // by path
	defined  map[string]bool    // DIRECTORY:NAME of everything that tonight's files and the checkout define
	seen     map[string]bool    // TYPE ID of everything that tonight's files, the checkout and the report speak of
	there    map[string]bool    // directories that are root modules without what is carried
	chosen   map[string][]chunk // by path: what stays
}

// know notes a resource that was seen. The provider takes its ID with a region where resources have regions of their own.
func (c *carrier) know(r drift.Resource) {
	c.seen[r.Type+" "+r.ImportID] = true
	c.seen[r.Type+" "+r.ImportID+"@"+r.Region] = true
}

// content is a file as it is going to be without what is carried.
func (c *carrier) content(name string) []byte {
	if content, ok := c.tonight[name]; ok || c.checkout == nil {
		return content
	}
	content, _ := fs.ReadFile(c.checkout, name) // one that is there and cannot be read is not written
	return content
}

// theirs says that a file is in the checkout.
func (c *carrier) theirs(name string) bool {
	if c.checkout == nil {
		return false
	}
	_, err := fs.Stat(c.checkout, name)
	return err == nil
}

// writable says that a file is not there, or can be read, so that nothing of it is lost.
func (c *carrier) writable(name string) bool {
	if c.checkout == nil {
		return true
	}
	_, err := fs.ReadFile(c.checkout, name)
	return err == nil || errors.Is(err, fs.ErrNotExist)
}

// learn notes what a directory defines, as it is going to be.
func (c *carrier) learn(dir string) {
	names := map[string]bool{}
	for name := range c.tonight {
		names[name] = path.Dir(name) == dir
	}
	if c.checkout != nil {
		entries, _ := fs.ReadDir(c.checkout, dir) // a new root module is not there
		for _, e := range entries {
			names[path.Join(dir, e.Name())] = path.Ext(e.Name()) == ".tf" || path.Ext(e.Name()) == ".tofu"
		}
	}
	for name, ofDir := range names {
		if !ofDir {
			continue
		}
		c.there[dir] = true
		for _, k := range parse(name, c.content(name)) {
			for _, d := range k.defines {
				c.defined[dir+":"+d] = true
			}
			for _, id := range k.ids {
				c.seen[k.typ+" "+id] = true
			}
		}
	}
}

// missing says that a resource that found does not have may exist all the same.
func (c *carrier) missing(typ, id string) bool {
	return slices.ContainsFunc(c.found.Skipped, func(s drift.Skipped) bool {
		if s.Extra || s.State != "" {
			return false
		}
		whole := s.Type == typ || s.Type == "" && s.Account != "" // an account that was not entered: any of its types
		return whole && s.ImportID == "" || s.Type == typ && (s.ImportID == id || s.ImportID+"@"+s.Region == id)
	})
}

// choose fills in what stays.
func (c *carrier) choose(written map[string][]chunk) (kept Kept) {
	staying := map[string]placed{} // DIRECTORY:ADDRESS
	helpers := map[string]placed{} // DIRECTORY:NAME
	for _, name := range slices.Sorted(maps.Keys(written)) {
		dir := path.Dir(name)
		for _, k := range written[name] {
			if k.helps {
				for _, d := range k.defines {
					helpers[dir+":"+d] = placed{name, k}
				}
			}
			if k.typ == "" {
				continue
			}
			address := dir + ":" + k.defines[0]
			unseen := 0
			for _, id := range k.ids {
				if !c.seen[k.typ+" "+id] && c.missing(k.typ, id) {
					unseen++
				}
			}
			switch {
			case unseen == 0:
			case unseen < len(k.ids) || c.defined[address]:
				kept.Lost = append(kept.Lost, address)
			default:
				staying[address] = placed{name, k}
			}
		}
	}
	needed := map[string]placed{}
	for again := true; again; { // what refers to a block that does not stay does not stay either
		again = false
		clear(needed)
		for _, address := range slices.Sorted(maps.Keys(staying)) {
			if !c.satisfied(path.Dir(staying[address].file), staying[address].chunk, staying, helpers, needed) {
				delete(staying, address)
				kept.Lost = append(kept.Lost, address)
				again = true
			}
		}
	}
	for address, p := range staying {
		kept.Addresses = append(kept.Addresses, address)
		needed[address] = p
	}
	for _, p := range needed {
		name := path.Join(path.Dir(p.file), stub)
		if !c.there[path.Dir(name)] {
			c.chosen[name] = written[name]
		}
		if p.file != name || c.there[path.Dir(name)] {
			c.chosen[p.file] = append(c.chosen[p.file], p.chunk)
		}
	}
	slices.Sort(kept.Addresses)
	slices.Sort(kept.Lost)
	return kept
}

// placed is a chunk and its file.
type placed struct {
	file string
	chunk
}

// satisfied says that all that a chunk refers to will be defined; what of it stays for its sake is added to needed.
func (c *carrier) satisfied(dir string, k chunk, staying, helpers, needed map[string]placed) bool {
	for _, n := range k.needs {
		name := dir + ":" + n
		if _, stays := staying[name]; stays || c.defined[name] {
			continue
		}
		helper, there := helpers[name]
		if !there {
			return false
		}
		if _, done := needed[name]; done {
			continue
		}
		needed[name] = helper
		if !c.satisfied(dir, helper.chunk, staying, helpers, needed) {
			return false
		}
	}
	return true
}
