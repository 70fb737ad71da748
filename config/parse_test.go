package config

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// env is a getenv over alternating names and values.
func env(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

func mustParse(t *testing.T, getenv func(string) string, args ...string) Config {
	t.Helper()
	c, err := Parse(args, getenv)
	if err != nil {
		t.Fatalf("Parse(%q): %v", args, err)
	}
	return c
}

func TestParseDefaults(t *testing.T) {
	t.Parallel()
	c := mustParse(t, env(), "run", "--dry-run")
	want := []any{Run, ".", ".driftignore", "", 16, 4, 2 * time.Minute, slog.LevelInfo, PublishNone, "driftline"}
	got := []any{c.Command, c.Root, c.IgnoreFile, c.Terraform, c.Concurrency, c.MaxProviderProcesses, c.CallTimeout,
		c.LogLevel, c.Publish, c.DefaultRoot}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(c.FailOn) != 0 || c.States != nil || c.Regions != nil || c.OutputDir != "" {
		t.Errorf("something is set that nobody set: %v", c)
	}
	if !c.Given("dry_run") || c.Given("ignore_file") {
		t.Error("Given mistakes a default for a gift, or the other way round")
	}
}

// The action hands its defaults on as inputs. Nobody has asked for them: an ignore file may then be absent.
func TestParseDefaultsOfTheAction(t *testing.T) {
	t.Parallel()
	if c := mustParse(t, env("INPUT_IGNORE_FILE", ".driftignore"), "run", "--dry-run"); c.Given("ignore_file") {
		t.Error("action.yml's default counts as given")
	}
	for _, c := range []Config{
		mustParse(t, env("INPUT_IGNORE_FILE", "mine"), "run", "--dry-run"),
		mustParse(t, env(), "run", "--dry-run", "--ignore-file", ".driftignore"),
	} {
		if !c.Given("ignore_file") {
			t.Errorf("%s does not count as given", c.IgnoreFile)
		}
	}
}

func TestParseOrderOfSources(t *testing.T) {
	t.Parallel()
	workflow := []string{"INPUT_REGION", "eu-west-1", "AWS_REGION", "us-east-1"}
	for name, tt := range map[string]struct {
		args []string
		env  []string
		want []string
	}{
		"flag wins":              {[]string{"scan", "--region", "sa-east-1"}, workflow, []string{"sa-east-1"}},
		"input beats variable":   {[]string{"scan"}, workflow, []string{"eu-west-1"}},
		"variable beats default": {[]string{"scan"}, workflow[2:], []string{"us-east-1"}},
		"blank is not given":     {[]string{"scan"}, []string{"INPUT_REGION", " \n", "AWS_DEFAULT_REGION", "eu-west-2"}, []string{"eu-west-2"}},
		"flags before command":   {[]string{"--region=sa-east-1", "scan"}, nil, []string{"sa-east-1"}},
		"repeated and listed":    {[]string{"scan", "--region", "us-east-1,us-east-2", "--region", "us-east-1"}, nil, []string{"us-east-1", "us-east-2"}},
		"input on lines":         {[]string{"scan"}, []string{"INPUT_REGION", "us-east-1\r\n  us-east-2,\n"}, []string{"us-east-1", "us-east-2"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, mustParse(t, env(tt.env...), tt.args...).Regions); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseCommandFromInput(t *testing.T) {
	t.Parallel()
	if c := mustParse(t, env("INPUT_COMMAND", "scan", "INPUT_PUBLISH", "pull-request")); c.Command != Scan || len(c.Warnings) != 0 {
		t.Errorf("got %q with warnings %q, want scan and none", c.Command, c.Warnings)
	}
	if c := mustParse(t, env("INPUT_COMMAND", "scan"), "demo"); c.Command != Demo {
		t.Errorf("the word on the command line gave way to the input: %q", c.Command)
	}
	c := mustParse(t, env("INPUT_COMMAND", "scan", "INPUT_LABELS", "infra"))
	if len(c.Warnings) != 1 || !strings.Contains(c.Warnings[0], "input labels means nothing to command scan") {
		t.Errorf("warnings: %q", c.Warnings)
	}
}

func TestParseHelpAndVersion(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]Config{
		"help":                   {Command: Help},
		"--help":                 {Command: Help},
		"-h":                     {Command: Help},
		"help scan":              {Command: Help, Topic: Scan},
		"scan --help":            {Command: Help, Topic: Scan},
		"scan --regin x -h":      {Command: Help, Topic: Scan},
		"help nonsense":          {Command: Help},
		"version":                {Command: Version},
		"--version":              {Command: Version},
		"help help":              {Command: Help},
		"--log_level=debug help": {Command: Help},
	} {
		c := mustParse(t, env(), strings.Fields(line)...)
		if c.Command != want.Command || c.Topic != want.Topic {
			t.Errorf("%s: got %q about %q, want %q about %q", line, c.Command, c.Topic, want.Command, want.Topic)
		}
	}
}

func TestParseGlobsKeepTheirBraces(t *testing.T) {
	t.Parallel()
	c := mustParse(t, env("INPUT_STATE", "s3://b/{live,stage}/**,gs://c/x"), "scan", "--include", "aws_{vpc,subnet},aws_iam_*")
	if diff := cmp.Diff([]string{"s3://b/{live,stage}/**", "gs://c/x"}, c.States); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"aws_{vpc,subnet}", "aws_iam_*"}, c.Include); diff != "" {
		t.Error(diff)
	}
}

func TestParseWorkflow(t *testing.T) {
	t.Parallel()
	c := mustParse(t, env("GITHUB_ACTIONS", "true", "RUNNER_TEMP", "/t", "GITHUB_REF", "refs/heads/feature/x",
		"GITHUB_REPOSITORY", "o/r", "INPUT_GITHUB_TOKEN", "s3cr3t", "GITHUB_API_URL", "https://ghe.example.com/api/v3",
		"INPUT_FAIL_ON", "any", "INPUT_DRAFT", "True", "INPUT_BACKEND_CONFIG", "bucket=a,b\nkey=c"), "run")
	if diff := cmp.Diff([]any{"/t/driftline", "feature/x", "o/r", "s3cr3t", "https://ghe.example.com/api/v3", true},
		[]any{c.OutputDir, c.Base, c.Repository, c.GitHubToken.Reveal(), c.GitHubAPIURL, c.Draft}); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"bucket=a,b", "key=c"}, c.BackendConfig); diff != "" {
		t.Error(diff)
	}
	if met := c.FailOn.Met(0, 2, 0, 1); !cmp.Equal(met, []string{"deleted", "skipped"}) {
		t.Errorf("met %q", met)
	}
	if base := mustParse(t, env("GITHUB_REF", "refs/pull/1/merge", "GITHUB_BASE_REF", "main"), "run", "--dry-run").Base; base != "main" {
		t.Errorf("base of a pull request's run is %q", base)
	}
	if base := mustParse(t, env("GITHUB_REF", "refs/tags/v1"), "run", "--dry-run").Base; base != "" {
		t.Errorf("a tag became the base: %q", base)
	}
}

// TestParseMistakes holds what is said of each kind of mistake, whole: it is read by people.
func TestParseMistakes(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"":                         "the command is missing; use run, scan, record, demo, show, gen-driftignore, completion, types, policy, version or help, as in `driftline demo`",
		"scna":                     `command "scna" is not known; did you mean scan? (allowed: run, scan, record, demo, show, gen-driftignore, completion, types, policy, version or help)`,
		"apply":                    `command "apply" is not known; use run, scan, record, demo, show, gen-driftignore, completion, types, policy, version or help`,
		"scan --regin us-east-1":   "--regin is no flag; did you mean --region?",
		"scan --wibble":            "--wibble is no flag; `driftline help` lists them",
		"scan -r":                  "-r is no flag; `driftline help` lists them",
		"scan -hx -v --wibble":     "3 mistakes in the flags and inputs:\n  - -hx is no flag; `driftline help` lists them\n  - -v is no flag; `driftline help` lists them\n  - --wibble is no flag; `driftline help` lists them",
		"scan --region":            "--region was given no value; write --region NAME",
		"scan --region=":           "--region was given an empty value; leave it out or write --region NAME",
		"scan --dry-run":           "--dry-run means nothing to driftline scan; leave it out; it goes with run",
		"run --dry-run false":      `argument "false" is one word too many; a switch takes its value with =, as in --dry-run=false`,
		"scan s3://b/k":            `argument "s3://b/k" is one word too many; write --state s3://b/k`,
		"scan --strict=maybe":      `--strict "maybe" is neither on nor off; use true or false`,
		"scan --region us-esat-1":  `--region "us-esat-1" is no AWS region; did you mean us-east-1?`,
		"scan --region Frankfurt":  `--region "Frankfurt" is no AWS region; write it as AWS does, as in eu-west-1`,
		"scan --region us-east-1a": `--region "us-east-1a" is no AWS region; did you mean us-east-1?`,
		"scan --region uz-west-2":  `--region "uz-west-2" is no AWS region; did you mean us-west-2?`,
		"scan --region global":     `--region "global" is no region; leave it out: global services (IAM, Route 53) are always listed`,
		"scan --state terraform.tfstate": `--state "terraform.tfstate" is not a URL; write file://./terraform.tfstate, or ` +
			"as in s3://bucket/path/terraform.tfstate?region=eu-west-1",
		"scan --state s4://b/k":                                        `--state "s4://b/k" has an unknown scheme s4://; did you mean s3://?`,
		"scan --state tfstate+s3://b/k":                                `--state "tfstate+s3://b/k" has an unknown scheme tfstate+s3://; did you mean s3://?`,
		"scan --state azurerm://c/k":                                   `--state "azurerm://c/k" has an unknown scheme azurerm://; did you mean azblob://?`,
		"scan --state https://x/y":                                     `--state "https://x/y" has an unknown scheme https://; use s3://, gs://, azblob://, file:// or mem://`,
		"scan --state s3:///k":                                         `--state "s3:///k" names no bucket; write it as in s3://bucket/key`,
		"scan --state file://":                                         `--state "file://" names no file; write it as in file://./terraform.tfstate or file:///absolute/path/terraform.tfstate`,
		"scan --state s3://b/[x":                                       `--state "s3://b/[x" holds a broken glob; close every [ and {, as in s3://bucket/{live,stage}/**/terraform.tfstate`,
		"scan --state s3://b/a#b":                                      `--state "s3://b/a#b" holds a #, which ends a URL's path; write %23 for it`,
		"scan --state s3://me:hush@b/k":                                "--state holds credentials; leave them out of the URL and give them in the environment, as for Terraform",
		"scan --state s3://b/%zz":                                      `--state "s3://b/%zz" is not a URL that can be read; write it as in s3://bucket/path/terraform.tfstate?region=eu-west-1, with % as %25`,
		"scan --include AWS::EC2::VPC":                                 `--include "AWS::EC2::VPC" is not a Terraform type; write aws_vpc rather than AWS::EC2::VPC`,
		"scan --exclude aws_vpc.*":                                     `--exclude "aws_vpc.*" names single resources; here only types count; single resources go into .driftignore`,
		"scan --exclude aws_[":                                         `--exclude "aws_[" is a broken glob; close every [ and {, as in aws_{iam,kms}_*`,
		"scan --concurrency 0":                                         `--concurrency "0" is not a fitting number; give one from 1 to 256`,
		"scan --concurrency many":                                      `--concurrency "many" is not a fitting number; give one from 1 to 256`,
		"scan --call-timeout 90":                                       `--call-timeout "90" is not a duration; write a number and its unit, as in 90s or 2m`,
		"scan --call-timeout 9h":                                       `--call-timeout "9h" is out of range; give one from 1s to 1h0m0s`,
		"scan --provider-version latest":                               `--provider-version "latest" is not a version constraint; write it as Terraform does, as in "~> 5.90" or "5.100.0"`,
		"scan --log-level loud":                                        `--log-level "loud" is not known; use debug, info, warn or error`,
		"scan --fail-on drfited":                                       `--fail-on "drfited" is not known; did you mean drifted? (allowed: none, any, drifted, deleted, unmanaged or skipped)`,
		"scan --fail-on none,drifted":                                  "--fail-on names none beside other kinds; leave none out",
		"scan --backend-config 1=hush":                                 "--backend-config is neither key=value nor a file; write it as in bucket=my-states, or name a file such as prod.s3.tfbackend",
		"scan --replay r --state s3://b/":                              "--state cannot go with replay, which holds its own states; leave one of the two out",
		"scan --vault-secrets secret/data/ci":                          "--vault-addr is missing, and vault_secrets needs it; write https://vault.example.com:8200, or set VAULT_ADDR",
		"scan --vault-addr https://v.test":                             "--vault-secrets is missing, and vault_addr does nothing without; name what to read, as in aws/creds/driftline, or leave vault_addr out",
		"scan --vault-addr v.test --vault-secrets a/b":                 `--vault-addr "v.test" is not the address of a Vault; write it as in https://vault.example.com:8200`,
		"scan --vault-addr https://me:hush@v.test --vault-secrets a/b": "--vault-addr holds credentials; log in by vault_role, or set VAULT_TOKEN",
		"scan --vault-addr http://v.test --vault-secrets a/b":          `--vault-addr "http://v.test" is plain http to another machine; use https, or --allow-insecure-endpoint if credentials may travel unencrypted`,
		"scan --aws-role-to-assume driftline":                          `--aws-role-to-assume "driftline" is not the ARN of a role; write arn:aws:iam::123456789012:role/driftline`,
		"record":                                                       "--output is missing, and record cannot do without; write --output FILE",
		"run":                                                          "2 mistakes in the flags and inputs:\n  - --github-token is missing, and publishing needs it; set GITHUB_TOKEN, or use --dry-run to write nothing to GitHub\n  - --repository is missing, and publishing needs it; write --repository OWNER/NAME, or use --dry-run to write nothing to GitHub",
		"run --dry-run --repository https://github.com/o/r":            `--repository "https://github.com/o/r" is not a repository; write owner/name`,
		"run --dry-run --branch a..b":                                  `--branch "a..b" is no name that git allows for a branch; write it as in driftline/main`,
		"run --dry-run --base refs/heads/main":                         `--base "refs/heads/main" is a ref; write main`,
		"run --dry-run --default-root ../x":                            `--default-root "../x" is outside of the checkout; give a directory relative to root, as in live/imports`,
		"run --dry-run --publish isue":                                 `--publish "isue" is not known; did you mean issue? (allowed: pull-request, issue, comment, summary or none)`,
		"run --dry-run --notify-webhook http://hooks.test/hunter2":     `--notify-webhook is not an https URL; write it as the service shows it, as in https://hooks.slack.com/services/…`,
		"run --dry-run --reviewers @octocat":                           `--reviewers "@octocat" is no login or team's slug; write octocat rather than @octocat, and a team without its organization`,
		"run --publish comment --github-token t --repository o/r":      `--publish "comment" needs a workflow that runs for a pull request; run it ` + "`on: pull_request`" + `, or publish pull-request, issue or summary`,
		"run --github-token t --repository o/r --base m --branch m":    `--branch "m" is the base branch too; give the branch a name of its own, as in driftline/m`,
		"run --dry-run --github-api-url http://ghe.example.com":        `--github-api-url "http://ghe.example.com" is plain http to another machine; use https, or --allow-insecure-endpoint if credentials may travel unencrypted`,
		"scan --state s3://b/k?endpoint=http://minio.lan":              `endpoint of --state "http://minio.lan" is plain http to another machine; use https, or --allow-insecure-endpoint if credentials may travel unencrypted`,
	} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			_, err := Parse(strings.Fields(line), env())
			var usage *UsageError
			if !errors.As(err, &usage) {
				t.Fatalf("got %v, want a *UsageError", err)
			}
			if diff := cmp.Diff(want, err.Error()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseTellsEverythingAtOnce(t *testing.T) {
	t.Parallel()
	_, err := Parse(strings.Fields("run --regoin eu-west-1 --state s4://b --wobble --fail-on drifed extra --concurrency=x"),
		env("INPUT_REGION", "eu-wset-1", "GITHUB_ACTIONS", "true", "AWS_ENDPOINT_URL", "http://10.0.0.1"))
	var usage *UsageError
	if !errors.As(err, &usage) {
		t.Fatalf("got %v, want a *UsageError", err)
	}
	var where []string
	for _, m := range usage.Mistakes {
		where = append(where, m.Where)
		if m.Problem == "" || m.Remedy == "" {
			t.Errorf("half a mistake: %#v", m)
		}
	}
	want := []string{"--regoin", "--wobble", "argument", "--state", "input region", "--concurrency", "--fail-on",
		"environment variable AWS_ENDPOINT_URL", "input github_token", "input repository"}
	if diff := cmp.Diff(want, where); diff != "" {
		t.Error(diff)
	}
	var one *Mistake
	if !errors.As(err, &one) || one != usage.Mistakes[0] {
		t.Error("errors.As does not find the single mistakes")
	}
}

func TestParseVault(t *testing.T) {
	t.Parallel()
	c := mustParse(t, env("VAULT_ADDR", "https://v.test", "VAULT_NAMESPACE", "team", "INPUT_VAULT_SECRETS", "aws/creds/ci\nsecret/data/ci A=a B=b"), "scan")
	if diff := cmp.Diff([]any{"https://v.test", "team", []string{"aws/creds/ci", "secret/data/ci A=a B=b"}},
		[]any{c.VaultAddr, c.VaultNamespace, c.VaultSecrets}); diff != "" {
		t.Error(diff)
	}
	if c := mustParse(t, env("VAULT_ADDR", "https://v.test"), "scan"); c.VaultAddr != "" {
		t.Error("an address in the environment is no wish to read from it")
	}
	mustParse(t, env("VAULT_ADDR", "https://v.test"), "run", "--repository", "o/r", "--vault-secrets", "secret/data/ci GITHUB_TOKEN=token")
}

func TestParseAllows(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"scan --state s3://b/k?endpoint=http://127.0.0.1:5000&s3ForcePathStyle=true",
		"scan --state s3://b/k?endpoint=http://minio.lan --allow-insecure-endpoint",
		"scan --state azblob://c?protocol=http&domain=127.0.0.1:1&localemu=true",
		"scan --state mem:// --state file://./x --state file:x/y --state file:///x/**/*.tfstate --state gs://b/ --state s3://b/{a,b}/**",
		"scan --region us-gov-west-1,eusc-de-east-1,cn-northwest-1",
		"scan --dry_run=false --strict", // refused below: underscores are dashes, but scan publishes nothing
	} {
		_, err := Parse(strings.Fields(line), env())
		if strings.Contains(line, "dry_run") {
			if err == nil || !strings.Contains(err.Error(), "--dry-run means nothing") {
				t.Errorf("%s: %v", line, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
}

func TestParseWarnsOfNewRegions(t *testing.T) {
	t.Parallel()
	for _, region := range []string{"us-east-3", "ap-southeast-8", "nz-north-1"} {
		c := mustParse(t, env(), "scan", "--region", region)
		if len(c.Warnings) != 1 || !strings.Contains(c.Warnings[0], `"`+region+`"`) || !cmp.Equal(c.Regions, []string{region}) {
			t.Errorf("%s: regions %q, warnings %q", region, c.Regions, c.Warnings)
		}
	}
}
