package state

import (
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/internal/bounded"
)

// arguments are those of one backend, nested ones under dotted names: endpoints.s3, assume_role.role_arn.
type arguments map[string]string

// backendKinds makes a source of each backend's arguments. required names those without which there is no state.
var backendKinds = map[string]struct {
	required []string
	source   func(m *module, a arguments, s *Source) error
}{
	"s3":      {[]string{"bucket", "key"}, s3Backend},
	"gcs":     {[]string{"bucket"}, gcsBackend},
	"azurerm": {[]string{"container_name", "key"}, azureBackend},
}

// source is the source of a module's backend. There is none where no backend is configured and no state lies.
func (c *checkout) source(m *module, pairs []backendPairs) (Source, bool) {
	s := Source{Root: m.dir, query: url.Values{}}
	if m.backend == nil {
		_, fileErr := fs.Stat(c.fs, path.Join(m.dir, "terraform.tfstate"))
		_, dirErr := fs.Stat(c.fs, path.Join(m.dir, "terraform.tfstate.d"))
		if fileErr != nil && dirErr != nil {
			return Source{}, false
		}
		return c.local(s, m, arguments{}), true
	}
	if m.backend.Type == "cloud" {
		return s.unusable("cloud", m, "its state is kept by HCP Terraform", "run terraform state pull there and give the file as --state file://"), true
	}

	name := m.backend.Labels[0]
	args, unknown := m.arguments()
	for _, p := range pairs {
		p.complete(m.dir, args)
	}
	if name == "local" {
		return c.local(s, m, args), true
	}
	kind, ok := backendKinds[name]
	if !ok {
		return s.unusable(name, m, fmt.Sprintf("states of the %q backend are not read", name), "run terraform state pull there and give the file as --state file://"), true
	}
	for _, key := range kind.required {
		if args[key] != "" {
			continue
		}
		reason := fmt.Sprintf("its backend %q has no %s", name, key)
		if unknown[key] {
			reason = fmt.Sprintf("the %s of its backend %q is not a literal", key, name)
		}
		return s.unusable(name, m, reason, fmt.Sprintf("complete it with --backend-config %s=…", key)), true
	}
	if err := kind.source(m, args, &s); err != nil {
		return s.unusable(name, m, err.Error(), "correct the backend block or --backend-config"), true
	}
	s.URL = s.show(s.base, s.key)
	return s, true
}

// unusable is a source that can only say why.
func (s Source) unusable(backend string, m *module, reason, remedy string) Source {
	s.URL = backend + " backend of " + m.dir
	s.broken = &drift.Skipped{What: "state of " + m.dir, Reason: reason, Remedy: remedy, State: s.URL}
	return s
}

// nestedBlocks are blocks within a backend block; since Terraform 1.6 they are arguments.
var nestedBlocks = &hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{
	{Type: "assume_role"}, {Type: "assume_role_with_web_identity"}, {Type: "endpoints"},
}}

// arguments reads the backend block. Terraform takes literals only, so one that is none is noted, not resolved;
// OpenTofu resolves variables and locals there, which is why those with known values do count.
func (m *module) arguments() (arguments, map[string]bool) {
	args, unknown := arguments{}, map[string]bool{}
	blocks, rest, _ := m.backend.Body.PartialContent(nestedBlocks)
	attrs, _ := rest.JustAttributes()
	for name, a := range attrs {
		args.add(name, a.Expr, m.scope, unknown)
	}
	for _, b := range blocks.Blocks {
		inner, _ := b.Body.JustAttributes()
		for name, a := range inner {
			args.add(b.Type+"."+name, a.Expr, m.scope, unknown)
		}
	}
	return args, unknown
}

func (args arguments) add(name string, e hcl.Expression, scope *hcl.EvalContext, unknown map[string]bool) {
	if s, ok := literal(e, scope); ok {
		args[name] = s
		return
	}
	v, diags := bounded.Value(e, scope)
	if diags.HasErrors() || !v.CanIterateElements() {
		unknown[name] = true
		return
	}
	args.nested(name, v)
}

func (args arguments) nested(name string, v cty.Value) {
	if !v.Type().IsObjectType() && !v.Type().IsMapType() {
		return
	}
	for key, value := range v.AsValueMap() {
		if s, ok := asText(value); ok {
			args[name+"."+key] = s
		}
	}
}

// backendPairs is one -backend-config: of all root modules, or of those that have such a file.
type backendPairs struct {
	only string // directory of the root module it was found in, "" for all
	args arguments
}

func (p backendPairs) complete(dir string, args arguments) {
	if p.only != "" && p.only != dir {
		return
	}
	for key, value := range p.args {
		if _, ok := args[key]; !ok {
			args[key] = value
		}
	}
}

var pairPattern = regexp.MustCompile(`^([A-Za-z_][A-Za-z0-9_.-]*)=(?s:(.*))$`)

func (c *checkout) backendConfig(inputs []string) (pairs []backendPairs, skipped []*drift.Skipped) {
	for _, input := range inputs {
		if pair := pairPattern.FindStringSubmatch(input); pair != nil {
			args := arguments{}
			args.set(pair[1], pair[2])
			pairs = append(pairs, backendPairs{args: args})
			continue
		}
		found := false
		for _, dir := range append([]string{"."}, sortedKeys(c.modules)...) {
			args, err := c.backendFile(path.Join(dir, filepath.ToSlash(input)))
			if err != nil {
				skipped = append(skipped, backendConfigSkipped(input, clean(err), "correct the file: it takes lines such as bucket = \"name\""))
				found = true
				break
			}
			if args == nil {
				continue
			}
			found = true
			if dir == "." {
				pairs = append(pairs, backendPairs{args: args})
				break
			}
			pairs = append(pairs, backendPairs{dir, args})
		}
		if !found {
			skipped = append(skipped, backendConfigSkipped(input, "there is no such file in the checkout or in a root module", "write key=value, or the path of a file relative to the checkout"))
		}
	}
	return pairs, skipped
}

func backendConfigSkipped(input, reason, remedy string) *drift.Skipped {
	what := "backend config " + input
	return &drift.Skipped{What: what, Reason: reason, Remedy: remedy, State: what}
}

// set takes the value of a key=value pair, where maps are written as in HCL.
func (args arguments) set(key, value string) {
	if strings.HasPrefix(value, "{") || strings.HasPrefix(value, `"`) {
		e, diags := hclsyntax.ParseExpression([]byte(value), "backend-config", hcl.InitialPos)
		if !diags.HasErrors() {
			args.add(key, e, nil, map[string]bool{})
			return
		}
	}
	args[key] = value
}

// backendFile reads a file of backend arguments; nil when there is none.
func (c *checkout) backendFile(p string) (arguments, error) {
	if !fs.ValidPath(p) {
		return nil, nil
	}
	if info, err := fs.Stat(c.fs, p); err != nil || info.IsDir() {
		return nil, nil //nolint:nilerr // a file that is not there says nothing
	}
	file, diags := c.parse(hclparse.NewParser(), p)
	if diags.HasErrors() {
		return nil, fmt.Errorf("%s", firstError(diags))
	}
	args := arguments{}
	attrs, diags := file.Body.JustAttributes()
	if diags.HasErrors() {
		return nil, fmt.Errorf("%s", firstError(diags))
	}
	for name, a := range attrs {
		args.add(name, a.Expr, nil, map[string]bool{})
	}
	return args, nil
}

// first is the first of several arguments that is set: a backend's names have changed over time.
func (args arguments) first(names ...string) string {
	for _, name := range names {
		if args[name] != "" {
			return args[name]
		}
	}
	return ""
}

func (args arguments) on(names ...string) bool { return args.first(names...) == "true" }

// s3Backend: the default workspace's state is <key>, others <workspace_key_prefix>/<workspace>/<key>.
// https://developer.hashicorp.com/terraform/language/backend/s3
func s3Backend(_ *module, a arguments, s *Source) error {
	s.scheme = "s3"
	s.base = location{name: a["bucket"], shown: a["bucket"]}
	s.key = strings.TrimPrefix(a["key"], "/")
	prefix, given := a["workspace_key_prefix"]
	if !given {
		prefix = "env:"
	}
	s.spaces = &workspaces{base: s.base, suffix: "/" + s.key}
	if prefix != "" {
		s.spaces.prefix = prefix + "/"
	}

	for parameter, value := range map[string]string{
		"region":   a["region"],
		"profile":  a["profile"],
		"endpoint": a.first("endpoints.s3", "endpoint"),
	} {
		if value != "" {
			s.query.Set(parameter, value)
		}
	}
	for parameter, on := range map[string]bool{
		"use_path_style": a.on("use_path_style") || a.on("force_path_style"),
		"dualstack":      a.on("use_dualstack_endpoint"),
		"fips":           a.on("use_fips_endpoint"),
	} {
		if on {
			s.query.Set(parameter, "true")
		}
	}
	if e := s.query.Get("endpoint"); e != "" {
		if problem := endpoint(e); problem != "" {
			return fmt.Errorf("its backend's endpoint %s", problem)
		}
	}
	s.args = backendArgs{
		accessKey: a["access_key"], secretKey: a["secret_key"], token: a["token"],
		role: assumeRole{
			arn:         a.first("assume_role.role_arn", "role_arn"),
			sessionName: a.first("assume_role.session_name", "session_name"),
			externalID:  a.first("assume_role.external_id", "external_id"),
		},
	}
	if arn := a["assume_role_with_web_identity.role_arn"]; arn != "" && a["assume_role_with_web_identity.web_identity_token_file"] != "" {
		s.args.role = assumeRole{
			arn:         arn,
			sessionName: a["assume_role_with_web_identity.session_name"],
			tokenFile:   a["assume_role_with_web_identity.web_identity_token_file"],
		}
	}
	s.args.role.endpoint = a.first("endpoints.sts", "sts_endpoint")
	return nil
}

// gcsBackend: states are <prefix>/<workspace>.tfstate, the default one default.tfstate.
// https://developer.hashicorp.com/terraform/language/backend/gcs
func gcsBackend(_ *module, a arguments, s *Source) error {
	s.scheme = "gs"
	s.base = location{name: a["bucket"], shown: a["bucket"]}
	prefix := strings.Trim(a["prefix"], "/")
	if prefix != "" {
		prefix += "/"
	}
	s.key = prefix + "default.tfstate"
	s.spaces = &workspaces{base: s.base, prefix: prefix, suffix: ".tfstate"}
	s.args = backendArgs{gcsEndpoint: a["storage_custom_endpoint"]}
	return nil
}

// azureDomains are the blob endpoints of Azure's clouds, by the backend's environment.
// https://learn.microsoft.com/en-us/azure/azure-government/compare-azure-government-global-azure
var azureDomains = map[string]string{
	"usgovernment": "blob.core.usgovcloudapi.net",
	"china":        "blob.core.chinacloudapi.cn",
}

// azureBackend: the default workspace's state is <key>, others <key>env:<workspace>.
// https://developer.hashicorp.com/terraform/language/backend/azurerm
func azureBackend(_ *module, a arguments, s *Source) error {
	s.scheme = "azblob"
	s.base = location{name: a["container_name"], shown: a["container_name"]}
	s.key = a["key"]
	s.spaces = &workspaces{base: s.base, prefix: s.key + "env:"}
	if account := a["storage_account_name"]; account != "" {
		s.query.Set("storage_account", account)
	}
	if domain := azureDomains[a["environment"]]; domain != "" {
		s.query.Set("domain", domain)
	}
	s.args = backendArgs{azureKey: a["access_key"], azureSAS: a["sas_token"]}
	return nil
}

// local: the default workspace's state is path, others <workspace_dir>/<workspace>/terraform.tfstate, all relative
// to the root module.
// https://developer.hashicorp.com/terraform/language/backend/local
func (c *checkout) local(s Source, m *module, a arguments) Source {
	s.scheme = "file"
	at := func(p, fallback string) string {
		if p == "" {
			p = fallback
		}
		if p = filepath.ToSlash(p); isAbs(p) {
			return p
		}
		return path.Join(filepath.ToSlash(c.dir), m.dir, p)
	}
	dir, key := cutLast(at(a["path"], "terraform.tfstate"))
	base, err := directory(dir)
	spaces, spacesErr := directory(at(a["workspace_dir"], "terraform.tfstate.d"))
	if err != nil || spacesErr != nil {
		return s.unusable("local", m, "its directory cannot be resolved", "run from a directory that exists")
	}
	s.base, s.key = base, key
	s.spaces = &workspaces{base: spaces, suffix: "/terraform.tfstate"}
	s.URL = s.show(s.base, s.key)
	return s
}
