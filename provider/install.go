package provider

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/seed-e90528ae/driftline/drift"
)

// installTimeout is for downloading and unpacking a provider (the AWS one is about 700 MB unpacked).
const installTimeout = 15 * time.Minute

// selection is a provider version as far as it is known before it is installed.
type selection struct {
	source     string // registry.terraform.io/hashicorp/aws
	constraint string // "= 5.100.0", "~> 5.0", or "" for the newest
	lockFile   string // dependency lock file that holds its checksums; "" when there is none
}

// plugin is an installed provider.
type pluginBinary struct {
	source  string
	version string
	path    string
	folder  string // that was made to install it, and is removed at the end; "" when it was there before
}

func (b pluginBinary) String() string { return shortSource(b.source) + " " + b.version }

// choose picks the provider version for a resource of the root module in dir ("" when it belongs to none):
// the user's own constraint; what the root module's lock file says; what the root module requires; the newest that any
// root module has locked; what all root modules require together; the newest there is.
func choose(opts Options, source, dir string) selection {
	if constraint := ofSource(opts.VersionConstraints, source); constraint != "" {
		return selection{source: source, constraint: constraint}
	}
	at := slices.IndexFunc(opts.Roots, func(r drift.RootModule) bool { return dir != "" && r.Dir == dir })
	if at >= 0 {
		root := opts.Roots[at]
		if locked := ofSource(root.Locked, source); locked != "" {
			return lockedSelection(opts, source, root, locked)
		}
		if required := ofSource(root.Required, source); required != "" {
			return selection{source: source, constraint: required}
		}
	}
	if root, locked := newestLocked(opts.Roots, source); locked != "" {
		return lockedSelection(opts, source, root, locked)
	}
	var required []string
	for _, root := range opts.Roots {
		if constraint := ofSource(root.Required, source); constraint != "" && !slices.Contains(required, constraint) {
			required = append(required, constraint)
		}
	}
	slices.Sort(required)
	return selection{source: source, constraint: strings.Join(required, ", ")}
}

func lockedSelection(opts Options, source string, root drift.RootModule, locked string) selection {
	return selection{
		source:     source,
		constraint: "= " + locked,
		lockFile:   filepath.Join(opts.Checkout, filepath.FromSlash(root.Dir), ".terraform.lock.hcl"),
	}
}

func newestLocked(roots []drift.RootModule, source string) (drift.RootModule, string) {
	var newest *version.Version
	var of drift.RootModule
	var text string
	for _, root := range roots {
		locked := ofSource(root.Locked, source)
		v, err := version.NewVersion(locked)
		if err != nil || newest != nil && !v.GreaterThan(newest) {
			continue
		}
		newest, of, text = v, root, locked
	}
	return of, text
}

// ofSource looks a provider up. The registries of Terraform and OpenTofu hold the same providers: a lock file written
// by either is good for both.
func ofSource(values map[string]string, source string) string {
	if value, ok := values[source]; ok {
		return value
	}
	for key, value := range values {
		if shortSource(key) == shortSource(source) {
			return value
		}
	}
	return ""
}

// installer gets providers by `terraform init`, so that the user's mirrors, caches and credentials hold.
type installer struct {
	exec    string // "" to look for terraform, then tofu, on PATH
	dir     string // parent of the temporary folders; "" for the system's
	environ []string
	log     io.Writer

	turn chan struct{} // one init at a time: Terraform's plugin cache is not safe for several
	made []folder      // to remove at the end; guarded by turn
}

var (
	sourceForm     = regexp.MustCompile(`^[a-z0-9.-]+(:[0-9]+)?/[a-zA-Z0-9_-]+/[a-zA-Z0-9_-]+$`)
	constraintForm = regexp.MustCompile(`^[0-9a-zA-Z.,=<>!~ +-]*$`)
)

// install makes the selected provider runnable. Its error is a *drift.Skipped, or the context's own.
func (i *installer) install(ctx context.Context, s selection) (pluginBinary, error) {
	what := "provider " + shortSource(s.source)
	if !sourceForm.MatchString(s.source) || !constraintForm.MatchString(s.constraint) {
		return pluginBinary{}, &drift.Skipped{
			What:   clip(what, 100),
			Reason: "its source address or version constraint is not one that Terraform knows",
			Remedy: "write the source as registry.terraform.io/namespace/type, the version like ~> 5.0",
		}
	}
	binary, err := i.find()
	if err != nil {
		return pluginBinary{}, &drift.Skipped{
			What: what, Reason: err.Error(), Err: err,
			Remedy: "install Terraform (in a workflow: the step hashicorp/setup-terraform) or OpenTofu before Driftline runs, or name its path",
		}
	}
	select {
	case i.turn <- struct{}{}:
		defer func() { <-i.turn }()
	case <-ctx.Done():
		return pluginBinary{}, context.Cause(ctx)
	}
	installed, err := i.init(ctx, binary, s)
	if err == nil {
		return installed, nil
	}
	if cause := context.Cause(ctx); cause != nil {
		return pluginBinary{}, cause
	}
	wanted := cmp.Or(s.constraint, "the newest version")
	return pluginBinary{}, &drift.Skipped{
		What: what,
		Reason: fmt.Sprintf("%s init could not install %s: %s", filepath.Base(binary), wanted,
			clip(oneLine(err.Error()), 1000)),
		Remedy: "check that `terraform init` works in the root module on this machine: network, mirrors in the CLI configuration, " +
			"checksums in .terraform.lock.hcl (terraform providers lock), and the provider version asked for",
		Err: err,
	}
}

// Programs are those that fetch providers, in the order in which they are looked for on PATH.
var Programs = []string{"terraform", "tofu"}

// find is the path of the program that installs providers.
func (i *installer) find() (string, error) {
	if i.exec != "" {
		path, err := exec.LookPath(i.exec)
		if err != nil {
			return "", fmt.Errorf("%s cannot be run: %w", i.exec, err)
		}
		return filepath.Abs(path)
	}
	for _, name := range Programs {
		for _, dir := range filepath.SplitList(lookup(i.environ, "PATH")) {
			if path, err := exec.LookPath(filepath.Join(dir, name)); err == nil && filepath.IsAbs(path) {
				return path, nil
			}
		}
	}
	return "", errors.New("neither terraform nor tofu is on PATH")
}

func (i *installer) init(ctx context.Context, binary string, s selection) (pluginBinary, error) {
	ctx, cancel := context.WithTimeout(ctx, installTimeout)
	defer cancel()
	made, err := makeFolder(i.dir)
	if err != nil {
		return pluginBinary{}, err
	}
	i.made = append(i.made, made)
	dir := made.path
	if strings.HasPrefix(filepath.Base(binary), "tofu") {
		// OpenTofu's own registry is the one that its users may download from.
		if short, ok := strings.CutPrefix(s.source, "registry.terraform.io/"); ok {
			s.source = "registry.opentofu.org/" + short
		}
	}
	if err := writeRequirement(dir, s); err != nil {
		return pluginBinary{}, err
	}
	terraform, err := tfexec.NewTerraform(dir, binary)
	if err != nil {
		return pluginBinary{}, err
	}
	if err := terraform.SetEnv(initEnviron(i.environ)); err != nil {
		return pluginBinary{}, err
	}
	if i.log != nil {
		terraform.SetStdout(i.log)
	}
	if err := terraform.Init(ctx, tfexec.Backend(false), tfexec.Upgrade(false)); err != nil {
		return pluginBinary{}, err
	}
	installed, err := findPlugin(dir, s.source)
	installed.folder = dir
	return installed, err
}

// writeRequirement writes a root module that needs nothing but the provider.
func writeRequirement(dir string, s selection) error {
	requirement := map[string]string{"source": s.source}
	if s.constraint != "" {
		requirement["version"] = s.constraint
	}
	module, err := json.Marshal(map[string]any{
		"terraform": map[string]any{"required_providers": map[string]any{"wanted": requirement}},
	})
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "main.tf.json"), module, 0o600); err != nil {
		return err
	}
	if s.lockFile == "" {
		return nil
	}
	lock, err := os.ReadFile(s.lockFile)
	if errors.Is(err, os.ErrNotExist) {
		return nil // the version is known from it all the same
	}
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, ".terraform.lock.hcl"), lock, 0o600)
}

// initEnviron is the environment for `terraform init`: the user's, without what would change what it does.
func initEnviron(environ []string) map[string]string {
	env := make(map[string]string, len(environ))
	for _, entry := range environ {
		if name, value, ok := strings.Cut(entry, "="); ok && name != "" {
			env[name] = value
		}
	}
	env = tfexec.CleanEnv(env)
	for _, name := range []string{"TF_CLI_CONFIG_FILE", "TERRAFORM_CONFIG", "TF_PLUGIN_CACHE_DIR"} {
		// init runs in another folder than Driftline.
		if path, err := filepath.Abs(env[name]); err == nil && env[name] != "" {
			env[name] = path
		}
	}
	delete(env, "TF_DATA_DIR") // would put the provider elsewhere
	delete(env, superviseEnv)  // not for children of ours
	delete(env, abandonedEnv)
	env["CHECKPOINT_DISABLE"] = "1" // Terraform's question for newer versions of itself goes to its maker
	return env
}

// findPlugin finds the executable that init has put into dir:
// .terraform/providers/<host>/<namespace>/<type>/<version>/<os>_<arch>/terraform-provider-<type>*.
func findPlugin(dir, source string) (pluginBinary, error) {
	root := filepath.Join(dir, ".terraform", "providers", filepath.FromSlash(source))
	platform := runtime.GOOS + "_" + runtime.GOARCH
	versions, err := os.ReadDir(root)
	if err != nil {
		return pluginBinary{}, fmt.Errorf("init left no provider behind (is there a dev_overrides for it in the CLI configuration?): %w", err)
	}
	for _, v := range versions {
		pattern := filepath.Join(root, v.Name(), platform, "terraform-provider-"+providerType(source)+"*")
		matches, err := filepath.Glob(pattern)
		if err != nil {
			return pluginBinary{}, err
		}
		for _, path := range matches {
			if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
				return pluginBinary{source: source, version: v.Name(), path: path}, nil
			}
		}
	}
	return pluginBinary{}, fmt.Errorf("init installed no executable for %s", platform)
}

// remove deletes what was installed.
func (i *installer) remove() error {
	i.turn <- struct{}{}
	defer func() { <-i.turn }()
	var errs []error
	for _, f := range i.made {
		errs = append(errs, f.remove())
	}
	i.made = nil
	return errors.Join(errs...)
}

// oneLine puts a text on one line, without the frame that Terraform draws around its errors.
func oneLine(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool {
		return r == ' ' || r == '\n' || r == '\r' || r == '\t' || r == '│' || r == '╷' || r == '╵'
	}), " ")
}
