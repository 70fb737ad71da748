package state

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/internal/bounded"
)

// Roots finds the root modules of a checkout, and the sources that their backends are; sources are for Instances
// (when no state URL was given) and for Options.Roots (in any case).
//
// A directory is a root module when it has a backend or cloud block, or a .terraform.lock.hcl, or, unless another
// directory calls it as a module, a provider block or resources. Hidden directories, node_modules and vendor are not
// looked into; symbolic links are followed within the checkout only. Variables count with their literal defaults and
// the values of terraform.tfvars and *.auto.tfvars.
//
// backendConfig completes backend blocks as terraform init -backend-config does, "key=value" or the path of a file
// of such arguments, relative to the checkout or to the root module; but an argument that a block has already stays,
// for one list serves all root modules.
//
// A directory that cannot be read is in skipped, with State set, since a state may hide behind it. A backend that
// cannot be read is a source that answers with its *drift.Skipped when it is asked.
func Roots(ctx context.Context, dir string, backendConfig ...string) (roots []drift.RootModule, sources []Source, skipped []*drift.Skipped) {
	if dir == "" {
		dir = "."
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, nil, []*drift.Skipped{{What: "checkout " + dir, Reason: oneLine(err.Error()),
			Remedy: "check the root directory", State: dir, Err: err}}
	}
	defer root.Close()
	c := &checkout{ctx: ctx, dir: dir, fs: bounded.FS(root.FS()), modules: map[string]*module{}}
	c.walk()
	pairs, problems := c.backendConfig(backendConfig)
	c.skipped = append(c.skipped, problems...)

	called := c.called()
	for _, d := range sortedKeys(c.modules) {
		m := c.modules[d]
		if !m.isRoot(called[d]) {
			continue
		}
		r := m.describe()
		if s, ok := c.source(m, pairs); ok {
			if s.broken == nil {
				r.State = s.URL
			}
			sources = append(sources, s)
		}
		roots = append(roots, r)
	}
	return roots, sources, c.skipped
}

// called are the directories that others call as modules, also by a symbolic link to them.
func (c *checkout) called() map[string]bool {
	called := map[string]bool{}
	for _, m := range c.modules {
		for _, target := range m.calls {
			called[c.real(target)] = true
		}
	}
	return called
}

// real is the module that a path leads to, where it does.
func (c *checkout) real(target string) string {
	if c.modules[target] != nil || !fs.ValidPath(target) {
		return target
	}
	info, err := fs.Stat(c.fs, target)
	if err != nil {
		return target
	}
	for dir := range c.modules {
		if other, err := fs.Stat(c.fs, dir); err == nil && os.SameFile(info, other) {
			return dir
		}
	}
	return target
}

type checkout struct {
	ctx     context.Context
	dir     string
	fs      fs.FS
	modules map[string]*module
	skipped []*drift.Skipped
}

// module is a directory with Terraform files.
type module struct {
	dir       string
	files     map[string]*hcl.File
	blocks    []*hcl.Block // of the top level
	backend   *hcl.Block   // the last one: an override file's replaces the others
	calls     []string     // directories in the checkout that it calls
	locked    map[string]string
	hasLock   bool
	scope     *hcl.EvalContext
	variables []string
}

var skippedDirs = map[string]bool{"node_modules": true, "vendor": true}

func (c *checkout) walk() {
	err := fs.WalkDir(c.fs, ".", func(p string, entry fs.DirEntry, err error) error {
		if c.ctx.Err() != nil {
			return c.ctx.Err()
		}
		if err != nil {
			c.skip(p, "it cannot be read: "+clean(err), "check the directory's permissions", err)
			return fs.SkipDir
		}
		if !entry.IsDir() {
			return nil
		}
		if p != "." && (strings.HasPrefix(entry.Name(), ".") || skippedDirs[entry.Name()]) {
			return fs.SkipDir
		}
		c.load(p)
		return nil
	})
	if err != nil {
		c.skip(".", "the search for root modules stopped: "+clean(err), "run again", err)
	}
}

func (c *checkout) skip(dir, reason, remedy string, err error) {
	c.skipped = append(c.skipped, &drift.Skipped{What: "directory " + dir, Reason: reason, Remedy: remedy,
		State: "any state of directory " + dir, Err: err})
}

var topLevel = &hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{
	{Type: "terraform"},
	{Type: "provider", LabelNames: []string{"name"}},
	{Type: "resource", LabelNames: []string{"type", "name"}},
	{Type: "data", LabelNames: []string{"type", "name"}},
	{Type: "module", LabelNames: []string{"name"}},
	{Type: "variable", LabelNames: []string{"name"}},
	{Type: "locals"},
}}

const lockFile = ".terraform.lock.hcl"

// load parses the Terraform files of a directory. One that cannot be parsed loses the whole directory: what else
// stands in it would be half a module.
func (c *checkout) load(dir string) {
	entries, err := fs.ReadDir(c.fs, dir)
	if err != nil {
		return // WalkDir reports it
	}
	m := &module{dir: dir, files: map[string]*hcl.File{}, locked: map[string]string{}}
	parser := hclparse.NewParser()
	var diags hcl.Diagnostics
	for _, name := range sourceFiles(entries) {
		file, d := c.parse(parser, path.Join(dir, name))
		diags = append(diags, d...)
		if file == nil || d.HasErrors() {
			continue
		}
		if name == lockFile {
			m.hasLock = true
			diags = append(diags, m.readLock(file)...)
			continue
		}
		m.files[name] = file
		content, _, d := file.Body.PartialContent(topLevel)
		diags = append(diags, d...)
		m.blocks = append(m.blocks, content.Blocks...)
	}
	if diags.HasErrors() {
		c.skip(dir, "its Terraform files cannot be read: "+firstError(diags), "run terraform validate there and correct the file", diags)
		return
	}
	if len(m.files) == 0 {
		return
	}
	m.evaluate(c.variableFiles(parser, dir, entries))
	m.index()
	c.modules[dir] = m
}

// sourceFiles are the files of a directory that make it a module, override files last, as Terraform reads them. Whoever
// has files for OpenTofu uses it: of main.tofu and main.tf it reads the first alone.
func sourceFiles(entries []fs.DirEntry) []string {
	var names []string
	for _, e := range entries {
		if name := e.Name(); !e.IsDir() && (isSource(name) || name == lockFile) {
			names = append(names, name)
		}
	}
	names = slices.DeleteFunc(names, func(name string) bool {
		stem, isTerraform := strings.CutSuffix(strings.TrimSuffix(name, ".json"), ".tf")
		return isTerraform && slices.Contains(names, stem+".tofu"+strings.TrimPrefix(name, stem+".tf"))
	})
	slices.SortStableFunc(names, func(a, b string) int { return boolInt(isOverride(a)) - boolInt(isOverride(b)) })
	return names
}

func isSource(name string) bool {
	ext := path.Ext(strings.TrimSuffix(name, ".json"))
	return ext == ".tf" || ext == ".tofu"
}

func isOverride(name string) bool {
	base := strings.TrimSuffix(name, ".json")
	base = strings.TrimSuffix(base, path.Ext(base))
	return base == "override" || strings.HasSuffix(base, "_override")
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (c *checkout) parse(parser *hclparse.Parser, p string) (*hcl.File, hcl.Diagnostics) {
	content, err := fs.ReadFile(c.fs, p)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("%s is a symbolic link to nowhere", p)
		}
		return nil, hcl.Diagnostics{{Severity: hcl.DiagError, Summary: oneLine(err.Error())}}
	}
	if strings.HasSuffix(p, ".json") {
		return parser.ParseJSON(content, p)
	}
	return parser.ParseHCL(content, p)
}

// firstError is the first error of diagnostics, with its place and without a source excerpt.
func firstError(diags hcl.Diagnostics) string {
	for _, d := range diags {
		if d.Severity != hcl.DiagError {
			continue
		}
		s := d.Summary
		if d.Subject != nil {
			s = fmt.Sprintf("%s:%d: %s", d.Subject.Filename, d.Subject.Start.Line, s)
		}
		return oneLine(s)
	}
	return ""
}

var lockSchema = &hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{{Type: "provider", LabelNames: []string{"source"}}}}

func (m *module) readLock(file *hcl.File) hcl.Diagnostics {
	content, _, diags := file.Body.PartialContent(lockSchema)
	for _, b := range content.Blocks {
		attrs, _ := b.Body.JustAttributes()
		if v := text(attrs["version"], nil); v != "" {
			m.locked[b.Labels[0]] = v
		}
	}
	return diags
}

// variableFiles reads the tfvars files that Terraform loads by itself, in its order.
func (c *checkout) variableFiles(parser *hclparse.Parser, dir string, entries []fs.DirEntry) map[string]cty.Value {
	values := map[string]cty.Value{}
	var names []string
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".auto.tfvars") || strings.HasSuffix(e.Name(), ".auto.tfvars.json") {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	for _, name := range append([]string{"terraform.tfvars", "terraform.tfvars.json"}, names...) {
		if !slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == name && !e.IsDir() }) {
			continue
		}
		file, diags := c.parse(parser, path.Join(dir, name))
		if file == nil || diags.HasErrors() {
			continue // Terraform will say so; here it only means that a variable has no known value
		}
		attrs, _ := file.Body.JustAttributes()
		for key, attr := range attrs {
			if v, d := bounded.Value(attr.Expr, nil); !d.HasErrors() {
				values[key] = v
			}
		}
	}
	return values
}

var variableSchema = &hcl.BodySchema{Attributes: []hcl.AttributeSchema{{Name: "default"}}}

// maxPasses is how many locals may stand on each other.
const maxPasses = 50

// evaluate makes the scope that literals are resolved in: variables with known values, and locals made of them.
func (m *module) evaluate(given map[string]cty.Value) {
	vars, locals := map[string]cty.Value{}, map[string]cty.Value{}
	open := map[string]hcl.Expression{}
	for _, b := range m.blocks {
		switch b.Type {
		case "variable":
			m.variables = append(m.variables, b.Labels[0])
			content, _, _ := b.Body.PartialContent(variableSchema)
			if d := content.Attributes["default"]; d != nil {
				if v, diags := bounded.Value(d.Expr, nil); !diags.HasErrors() {
					vars[b.Labels[0]] = v
				}
			}
			if v, ok := given[b.Labels[0]]; ok {
				vars[b.Labels[0]] = v
			}
		case "locals":
			attrs, _ := b.Body.JustAttributes()
			for name, a := range attrs {
				open[name] = a.Expr
			}
		}
	}
	slices.Sort(m.variables)
	// A local may be made of others. Chains of them are short; one of ten thousand would take a minute.
	for pass, progress := 0, true; progress && pass < maxPasses; pass++ {
		progress = false
		m.scope = &hcl.EvalContext{Variables: map[string]cty.Value{
			"var": cty.ObjectVal(vars), "local": cty.ObjectVal(locals), "path": cty.EmptyObjectVal,
		}}
		for name, expr := range open {
			if v, diags := bounded.Value(expr, m.scope); !diags.HasErrors() {
				locals[name], progress = v, true
				delete(open, name)
			}
		}
	}
}

var terraformSchema = &hcl.BodySchema{
	Attributes: []hcl.AttributeSchema{{Name: "required_version"}},
	Blocks: []hcl.BlockHeaderSchema{
		{Type: "backend", LabelNames: []string{"type"}}, {Type: "cloud"}, {Type: "required_providers"},
	},
}

// index notes what decides whether the directory is a root module.
func (m *module) index() {
	for _, b := range m.blocks {
		switch b.Type {
		case "terraform":
			content, _, _ := b.Body.PartialContent(terraformSchema)
			for _, inner := range content.Blocks {
				if inner.Type == "backend" || inner.Type == "cloud" {
					m.backend = inner
				}
			}
		case "module":
			attrs := attributes(b.Body, "source")
			source := text(attrs["source"], m.scope)
			if strings.HasPrefix(source, "./") || strings.HasPrefix(source, "../") {
				m.calls = append(m.calls, path.Join(m.dir, source))
			}
		}
	}
}

func (m *module) isRoot(called bool) bool {
	if m.backend != nil || m.hasLock {
		return true
	}
	return !called && slices.ContainsFunc(m.blocks, func(b *hcl.Block) bool {
		return b.Type == "provider" || b.Type == "resource"
	})
}

// describe fills in everything but State.
func (m *module) describe() drift.RootModule {
	r := drift.RootModule{Dir: m.dir, Required: map[string]string{}, Locked: maps.Clone(m.locked), Variables: m.variables}
	local := map[string]string{} // local name → source
	var versions []string
	for _, b := range m.blocks {
		if b.Type != "terraform" {
			continue
		}
		content, _, _ := b.Body.PartialContent(terraformSchema)
		if v := text(content.Attributes["required_version"], m.scope); v != "" {
			if overrides(b) {
				versions = nil
			}
			versions = append(versions, v)
		}
		for _, inner := range content.Blocks {
			if inner.Type == "required_providers" {
				m.required(inner, local, r.Required)
			}
		}
	}
	r.RequiredVersion = strings.Join(versions, ", ")
	for _, b := range m.blocks {
		if overrides(b) && b.Type != "provider" {
			continue // it says more of what stands in another file
		}
		switch b.Type {
		case "provider":
			p, version := m.provider(b, local)
			r.Providers = configured(r.Providers, p, overrides(b))
			r.Required[p.Source] = joinConstraints(r.Required[p.Source], version)
		case "resource":
			r.Resources = append(r.Resources, b.Labels[0]+"."+b.Labels[1])
			source := m.resourceProvider(b, local)
			r.Required[source] = joinConstraints(r.Required[source], "")
		case "module":
			r.Modules = append(r.Modules, b.Labels[0])
		}
	}
	slices.Sort(r.Resources)
	slices.Sort(r.Modules)
	return r
}

// overrides says that a block stands in an override file.
func overrides(b *hcl.Block) bool { return isOverride(path.Base(b.DefRange.Filename)) }

// configured adds a provider block, or puts what one of an override file says over the block that it is for.
// https://developer.hashicorp.com/terraform/language/files/override
func configured(list []drift.ProviderConfig, p drift.ProviderConfig, override bool) []drift.ProviderConfig {
	for i := range list {
		if known := &list[i]; override && known.LocalName == p.LocalName && known.Alias == p.Alias {
			known.Region, known.Account = cmp.Or(p.Region, known.Region), cmp.Or(p.Account, known.Account)
			if p.DefaultTags != nil {
				known.DefaultTags = p.DefaultTags
			}
			return list
		}
	}
	return append(list, p)
}

// required reads a required_providers block: { source, version } or, as before Terraform 0.13, a version alone.
func (m *module) required(b *hcl.Block, local, required map[string]string) {
	attrs, _ := b.Body.JustAttributes()
	for _, name := range sortedKeys(attrs) {
		source, version := "", ""
		if pairs, diags := hcl.ExprMap(attrs[name].Expr); !diags.HasErrors() {
			for _, pair := range pairs {
				switch key := hcl.ExprAsKeyword(pair.Key); cmpKey(key, pair.Key) {
				case "source":
					source = textOf(pair.Value, m.scope)
				case "version":
					version = textOf(pair.Value, m.scope)
				}
			}
		} else {
			version = textOf(attrs[name].Expr, m.scope)
		}
		if source == "" {
			source = name
		}
		local[name] = qualify(source)
		if overrides(b) {
			delete(required, local[name])
		}
		required[local[name]] = joinConstraints(required[local[name]], version)
	}
}

// cmpKey is a map key written as a bare word or as a string.
func cmpKey(keyword string, key hcl.Expression) string {
	if keyword != "" {
		return keyword
	}
	return textOf(key, nil)
}

func joinConstraints(a, b string) string {
	switch {
	case a == "" || a == b:
		return b
	case b == "":
		return a
	}
	return a + ", " + b
}

// qualify makes a full source address: registry.terraform.io/hashicorp/aws of aws and of hashicorp/aws.
func qualify(source string) string {
	source = strings.ToLower(source)
	switch strings.Count(source, "/") {
	case 0:
		return "registry.terraform.io/hashicorp/" + source
	case 1:
		return "registry.terraform.io/" + source
	}
	return source
}

func sourceOf(localName string, local map[string]string) string {
	if s, ok := local[localName]; ok {
		return s
	}
	return qualify(localName)
}

// resourceProvider is the provider that a resource block names, else the one that its type begins with.
func (m *module) resourceProvider(b *hcl.Block, local map[string]string) string {
	name, _, _ := strings.Cut(b.Labels[0], "_")
	if a := attributes(b.Body, "provider")["provider"]; a != nil {
		if t, diags := hcl.AbsTraversalForExpr(a.Expr); !diags.HasErrors() {
			name = t.RootName()
		}
	}
	return sourceOf(name, local)
}

// accountArguments is where a provider block says which account it works in, by the last part of the source.
var accountArguments = map[string]string{"google": "project", "google-beta": "project", "azurerm": "subscription_id"}

var roleAccount = regexp.MustCompile(`^arn:[^:]*:iam::(\d{12}):`)

var providerBlocks = &hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{
	{Type: "assume_role"}, {Type: "assume_role_with_web_identity"}, {Type: "default_tags"},
}}

// provider reads a provider block, and the version that old ones have.
func (m *module) provider(b *hcl.Block, local map[string]string) (drift.ProviderConfig, string) {
	p := drift.ProviderConfig{LocalName: b.Labels[0], Source: sourceOf(b.Labels[0], local)}
	attrs := attributes(b.Body, "alias", "region", "version", "allowed_account_ids", "project", "subscription_id", "default_labels", "default_tags")
	p.Alias = text(attrs["alias"], nil)
	p.Region = text(attrs["region"], m.scope)
	p.Account = text(attrs[accountArguments[path.Base(p.Source)]], m.scope)
	p.DefaultTags = m.tags(attrs["default_labels"])
	if a := attrs["allowed_account_ids"]; a != nil {
		if items, diags := hcl.ExprList(a.Expr); !diags.HasErrors() && len(items) == 1 {
			p.Account = textOf(items[0], m.scope)
		}
	}
	content, _, _ := b.Body.PartialContent(providerBlocks)
	for _, inner := range content.Blocks {
		if inner.Type == "default_tags" {
			p.DefaultTags = m.tags(attributes(inner.Body, "tags")["tags"])
			continue
		}
		arn := text(attributes(inner.Body, "role_arn")["role_arn"], m.scope)
		if account := roleAccount.FindStringSubmatch(arn); account != nil {
			p.Account = account[1]
		}
	}
	return p, text(attrs["version"], m.scope)
}

// tags keeps those entries of a map whose key and value are known.
func (m *module) tags(a *hcl.Attribute) map[string]string {
	if a == nil {
		return nil
	}
	tags := map[string]string{}
	if pairs, diags := hcl.ExprMap(a.Expr); !diags.HasErrors() {
		for _, pair := range pairs {
			key, known := literal(pair.Key, m.scope)
			value, alsoKnown := literal(pair.Value, m.scope)
			if known && alsoKnown {
				tags[key] = value
			}
		}
		return tags
	}
	v, diags := bounded.Value(a.Expr, m.scope)
	if diags.HasErrors() || v.IsNull() || !v.IsWhollyKnown() || !v.CanIterateElements() {
		return nil
	}
	for key, value := range v.AsValueMap() {
		if s, ok := asText(value); ok {
			tags[key] = s
		}
	}
	return tags
}

// attributes picks the named attributes of a body that may have blocks beside them.
func attributes(body hcl.Body, names ...string) hcl.Attributes {
	schema := &hcl.BodySchema{}
	for _, name := range names {
		schema.Attributes = append(schema.Attributes, hcl.AttributeSchema{Name: name})
	}
	content, _, _ := body.PartialContent(schema)
	return content.Attributes
}

func text(a *hcl.Attribute, scope *hcl.EvalContext) string {
	if a == nil {
		return ""
	}
	return textOf(a.Expr, scope)
}

// textOf is an expression's value as a string, "" when it is not known here.
func textOf(e hcl.Expression, scope *hcl.EvalContext) string {
	s, _ := literal(e, scope)
	return s
}

func literal(e hcl.Expression, scope *hcl.EvalContext) (string, bool) {
	v, diags := bounded.Value(e, scope)
	if diags.HasErrors() {
		return "", false
	}
	return asText(v)
}

func asText(v cty.Value) (string, bool) {
	v, _ = v.Unmark()
	s, err := convert.Convert(v, cty.String)
	if err != nil || s.IsNull() || !s.IsKnown() {
		return "", false
	}
	return s.AsString(), true
}
