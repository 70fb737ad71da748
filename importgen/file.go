package importgen

import (
	"bytes"
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/importgen/since"
)

// variablesFile and stubFile are the generated files of a root module that hold no resources.
const (
	variablesFile = "driftline_variables.tf"
	stubFile      = "driftline.tf"
)

// write makes the files: what stands in them already, byte for byte, and after it what is new.
func write(blocks []*block, opts Options, c *checkout) ([]drift.File, error) {
	added := map[string][][]byte{}
	ordered := slices.Clone(blocks)
	slices.SortFunc(ordered, func(a, b *block) int {
		return cmp.Or(strings.Compare(a.root, b.root), strings.Compare(a.Type, b.Type), strings.Compare(a.label(), b.label()), a.Resource.Compare(b.Resource))
	})
	for _, b := range ordered {
		if b.written {
			continue
		}
		b.file = path.Join(b.root, "driftline_"+service(b.Type)+".tf")
		switch {
		case b.group == nil:
			added[b.file] = append(added[b.file], b.render())
		case b.leads():
			added[b.file] = append(added[b.file], b.group.render(opts))
		}
		if b.scripted {
			name := path.Join(b.root, importScript)
			if c.files[name] == nil && added[name] == nil {
				added[name] = [][]byte{[]byte(scriptHead)}
			}
			added[name] = append(added[name], b.command())
		}
		if b.verified() && b.leads() {
			if variables := b.renderVariables(); len(variables) > 0 {
				name := path.Join(b.root, variablesFile)
				added[name] = append(added[name], variables...)
			}
		}
	}
	for name, stubs := range stubs(ordered, opts, c) {
		added[name] = append(added[name], stubs...)
	}
	var files []drift.File
	for name, parts := range added {
		if path.Base(name) == importScript {
			files = append(files, drift.File{Path: name, Content: append(slices.Clone(c.files[name]), bytes.Join(parts, nil)...)})
			continue
		}
		files = append(files, drift.File{Path: name, Content: appendParts(c.files[name], parts)})
	}
	slices.SortFunc(files, func(a, b drift.File) int { return strings.Compare(a.Path, b.Path) })
	return files, nil
}

// appendParts adds parts to a file, one blank line between any two.
func appendParts(content []byte, parts [][]byte) []byte {
	out := bytes.Clone(content)
	for _, part := range parts {
		if len(out) > 0 {
			if !bytes.HasSuffix(out, []byte("\n")) {
				out = append(out, '\n')
			}
			if !bytes.HasSuffix(out, []byte("\n\n")) {
				out = append(out, '\n')
			}
		}
		out = append(out, part...)
	}
	return out
}

// reach is what a provider configuration of a new root module is for.
type reach struct{ account, region string }

// defaultStub is what a new root module's default provider configuration reaches: the account and the region that most
// of its resources are in, or the run's own region where that is known.
func defaultStub(blocks []*block, opts Options) reach {
	accounts, regions := map[string]int{}, map[string]int{}
	for _, b := range blocks {
		if b.root == opts.DefaultRoot {
			accounts[b.Account]++
			regions[regionOf(b.Resource)]++
		}
	}
	return reach{mostly(accounts), cmp.Or(opts.HomeRegion, mostly(regions))}
}

// mostly is the word that was counted most, the first in the alphabet where several were.
func mostly(counts map[string]int) string {
	best := ""
	for _, word := range slices.Sorted(maps.Keys(counts)) {
		if word != "" && counts[word] > counts[best] || best == "" {
			best = word
		}
	}
	return best
}

// stubs are the provider configurations that blocks need and their root module does not have; for a root module that
// does not exist yet, also what makes it one.
func stubs(blocks []*block, opts Options, c *checkout) map[string][][]byte {
	out := map[string][][]byte{}
	done := map[string]bool{}
	for _, b := range blocks {
		if b.written {
			continue
		}
		name := path.Join(b.root, stubFile)
		exists := rootIndex(opts.Roots, b.root) >= 0 || c.files[name] != nil
		if !exists && !done[b.root] {
			done[b.root] = true
			out[name] = append(out[name], rootStub(blocks, b.root, opts))
		}
		if key := b.root + "\x00" + b.alias; b.alias != "" && !done[key] && !configured(b, opts, c) {
			done[key] = true
			out[name] = append(out[name], providerStub(b.local, b.alias, b.needs))
		}
	}
	return out
}

func configured(b *block, opts Options, c *checkout) bool {
	if c.providers[b.root][b.alias] {
		return true
	}
	i := rootIndex(opts.Roots, b.root)
	return i >= 0 && slices.ContainsFunc(opts.Roots[i].Providers, func(p drift.ProviderConfig) bool { return p.Alias == b.alias })
}

// localName is the name by which a provider goes when nobody names it otherwise: the last part of its source.
func localName(source string) string { return source[strings.LastIndexByte(source, '/')+1:] }

// localNameIn is the name of a provider in a root module.
func localNameIn(root, source string, opts Options) string {
	if i := rootIndex(opts.Roots, root); i >= 0 {
		for _, p := range opts.Roots[i].Providers {
			if p.Source == source && p.LocalName != "" {
				return p.LocalName
			}
		}
	}
	return localName(source)
}

// rootStub makes a directory a root module that plans on its own.
func rootStub(blocks []*block, root string, opts Options) []byte {
	var sources []string
	for _, b := range blocks {
		if b.root == root && !slices.Contains(sources, b.Provider) {
			sources = append(sources, b.Provider)
		}
	}
	slices.Sort(sources)
	file := hclwrite.NewEmptyFile()
	terraform := file.Body().AppendNewBlock("terraform", nil).Body()
	terraform.SetAttributeValue("required_version", cty.StringVal(leastVersion(blocks, root, opts)))
	terraform.AppendNewline()
	required := terraform.AppendNewBlock("required_providers", nil).Body()
	for _, source := range sources {
		entry := map[string]cty.Value{"source": cty.StringVal(strings.TrimPrefix(source, "registry.terraform.io/"))}
		if version := opts.Versions[source]; version != "" {
			entry["version"] = cty.StringVal(compatible(version))
		}
		required.SetAttributeValue(localName(source), cty.ObjectVal(entry))
	}
	out := []byte("# Resources that belong to no other root module yet. Add a backend before the first apply: without one the\n" +
		"# state stays in this directory.\n")
	out = append(out, hclwrite.Format(file.Bytes())...)
	for _, source := range sources {
		to := reach{}
		if source == drift.AWS {
			to.region = defaultStub(blocks, opts).region
		}
		out = append(out, '\n')
		out = append(out, providerStub(localName(source), "", to)...)
	}
	return out
}

// leastVersion is what the code of a new root module asks of Terraform: import blocks, and for_each in them.
func leastVersion(blocks []*block, root string, opts Options) string {
	if slices.ContainsFunc(blocks, func(b *block) bool { return b.root == root && b.group != nil }) &&
		since.In(rootOf(opts, root), since.ImportBlockForEach, opts.Running) {
		return ">= 1.7"
	}
	return ">= 1.5"
}

// compatible allows every release of a version's major that is not older.
func compatible(version string) string {
	parts := strings.SplitN(version, ".", 3)
	if len(parts) < 2 {
		return version
	}
	return "~> " + parts[0] + "." + parts[1]
}

// providerStub is a provider block. One for another account than the root module's own holds to that account: with
// other credentials the plan fails, and imports nothing by a like name.
func providerStub(local, alias string, to reach) []byte {
	file := hclwrite.NewEmptyFile()
	body := file.Body().AppendNewBlock("provider", []string{local}).Body()
	if alias != "" {
		body.SetAttributeValue("alias", cty.StringVal(alias))
	}
	if to.region != "" {
		body.SetAttributeValue("region", cty.StringVal(to.region))
	}
	if to.account != "" {
		body.SetAttributeValue("allowed_account_ids", cty.ListVal([]cty.Value{cty.StringVal(to.account)}))
	}
	return hclwrite.Format(file.Bytes())
}
