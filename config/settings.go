package config

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"
)

// Setting is a row of the table that flags, inputs, validation, README and the test of action.yml come from.
type Setting struct {
	Name          string    // snake_case: the input's name; the flag has dashes for underscores
	Value         string    // what to write, for help: URL, DIR; "" for a switch
	Default       string    // as one would write it
	ActionDefault string    // default in action.yml where it is not Default: an expression
	Fallback      []string  // environment variables asked, in order, when neither flag nor input is given
	Commands      []Command // those that it means something to
	RequiredBy    []Command // those that cannot do without
	Sensitive     bool      // never shown
	ActionOnly    bool      // an input without a flag
	Help          string    // sentences of plain text

	derive func(getenv func(string) string) string // default that depends on the environment; may return ""
	field  func(*Config) any                       // pointer that the value is written to
	check  func(string) verdict                    // of one word; nil: anything goes
}

// Flag is the name of the setting's flag, without the leading dashes.
func (s Setting) Flag() string { return strings.ReplaceAll(s.Name, "_", "-") }

// Env is the environment variable that action.yml maps the input to.
func (s Setting) Env() string { return "INPUT_" + strings.ToUpper(s.Name) }

// InputDefault is the default in action.yml: empty where the environment is asked instead, because an input that is set
// would win over it.
func (s Setting) InputDefault() string {
	if s.ActionDefault != "" || len(s.Fallback) > 0 || s.derive != nil {
		return s.ActionDefault
	}
	return s.Default
}

// Switch says that the setting is on or off.
func (s Setting) Switch() bool { return s.kindOf() == kindSwitch }

// List says that the setting takes several values: the flag repeated or separated by commas, the input one per line
// or separated by commas. Commas inside braces do not separate.
func (s Setting) List() bool { return s.kindOf() == kindList }

// Serves says whether the setting means something to command c.
func (s Setting) Serves(c Command) bool { return slices.Contains(s.Commands, c) }

type kind int

const (
	kindText kind = iota
	kindSwitch
	kindList
)

func (s Setting) kindOf() kind {
	switch s.field(&Config{}).(type) {
	case *bool:
		return kindSwitch
	case *[]string, *FailOn:
		return kindList
	}
	return kindText
}

// show writes a setting's value as it could be given, or says that it is redacted.
func (s Setting) show(c *Config) string {
	var text string
	switch p := s.field(c).(type) {
	case *string:
		text = *p
	case *Command:
		text = string(*p)
	case *Publish:
		text = string(*p)
	case *Split:
		text = string(*p)
	case *[]string:
		text = strings.Join(*p, ",")
	case *FailOn:
		text = strings.Join(*p, ",")
	case *Secret:
		text = p.String()
	case *slog.Level:
		text = strings.ToLower(p.String())
	default:
		text = fmt.Sprint(deref(p))
	}
	if s.Sensitive && text != "" {
		return redacted
	}
	return text
}

func deref(p any) any {
	switch p := p.(type) {
	case *bool:
		return *p
	case *int:
		return *p
	case *time.Duration:
		return *p
	}
	return p
}

// Sets of commands that settings share.
var (
	allCommands  = []Command{Run, Scan, Record, Demo, Show, GenDriftignore, Types, Policy, Completion, Version, Help}
	toScan       = []Command{Run, Scan, Record}
	toScope      = []Command{Run, Scan, Record, Policy}
	toReport     = []Command{Run, Scan}
	toReportDemo = []Command{Run, Scan, Demo}
	toPublish    = []Command{Run}
)

// Commands lists what Driftline can be asked to do, with one line of help each.
func Commands() []struct {
	Name Command
	Help string
} {
	return []struct {
		Name Command
		Help string
	}{
		{Run, "scan, write code and open or update the pull request: what the action does"},
		{Scan, "scan and report; write no code, publish nothing"},
		{Record, "scan and write a replay file, sensitive values left out"},
		{Demo, "show a report and code from the recording inside the program; no cloud, no token"},
		{Show, "render a finished report.json for the terminal, as Markdown, HTML or SARIF"},
		{GenDriftignore, "print a .driftignore line for each unmanaged resource of a report.json"},
		{Completion, "print the completion script of a shell: bash, zsh or fish"},
		{Types, "print every resource type that is listed, with its import ID and IAM actions"},
		{Policy, "print the read-only IAM policy for the types in scope and the states"},
		{Version, "print the version"},
		{Help, "explain a command and its flags"},
	}
}

// arguments are the commands that take one word besides flags, and what it is.
var arguments = map[Command]string{Show: "REPORT.JSON", GenDriftignore: "REPORT.JSON", Completion: "SHELL"}

// formats are what the commands with a format write, the usual one first.
var formats = map[Command][]string{Show: {"terminal", "markdown", "html", "sarif"}, Policy: {"json", "terraform", "cloudformation"}}

// shells are those that a completion can be written for.
var shells = []string{"bash", "zsh", "fish"}

// Settings is the table, in the order of help, README and action.yml.
func Settings() []Setting {
	return []Setting{
		{
			Name: "command", Value: "NAME", Default: string(Run), Commands: allCommands, ActionOnly: true,
			Help:  "What to do: run, scan, record or demo.",
			field: func(c *Config) any { return &c.Command },
		},

		// What Terraform believes.
		{
			Name: "state", Value: "URL", Commands: toScope,
			Help: "State to compare with: s3://bucket/key, gs://, azblob://, file:// or mem://; also a prefix that " +
				"ends in / or a ** glob. None given: the backends of the root modules under root.",
			field: func(c *Config) any { return &c.States }, check: checkState,
		},
		{
			Name: "root", Value: "DIR", Default: ".", Commands: toScan,
			Help:  "The checkout: where root modules are looked for and code is placed.",
			field: func(c *Config) any { return &c.Root },
		},
		{
			Name: "backend_config", Value: "KEY=VALUE|FILE", Commands: toScan, Sensitive: true,
			Help: "What completes a partial backend block, as for terraform init: key=value, or a file of such lines. " +
				"Input: one per line.",
			field: func(c *Config) any { return &c.BackendConfig }, check: checkBackendConfig,
		},

		// What exists.
		{
			Name: "region", Value: "NAME", Commands: toScan, Fallback: []string{"AWS_REGION", "AWS_DEFAULT_REGION"},
			Help: "AWS region to list, or all for those that are enabled. None given: AWS_REGION, else the regions that " +
				"the root modules' providers name.",
			field: func(c *Config) any { return &c.Regions }, check: checkRegion,
		},
		{
			Name: "aws_accounts", Value: "ROLE-ARN", Commands: toScan,
			Help: "Accounts to scan, each by the ARN of a role to assume, with external_id=… and session_name=… after a " +
				"space where needed; or organization:ROLE for every account of the organization by a role's name. None " +
				"given: the account of the credentials.",
			field: func(c *Config) any { return &c.Accounts }, check: checkAccount,
		},
		{
			Name: "aws_role_to_assume", Value: "ROLE-ARN", Commands: toScan,
			Help: "Role that Driftline assumes with the workflow's OIDC token, for a session that may only read, whatever the role " +
				"may do; session_name=… may stand after a space. Instead of aws-actions/configure-aws-credentials; needs id-token: write.",
			field: func(c *Config) any { return &c.AWSRole }, check: checkWebIdentityRole,
		},
		{
			Name: "include", Value: "TYPE-GLOB", Commands: toScope,
			Help:  "Resource types to look at, as in aws_iam_*. None given: all.",
			field: func(c *Config) any { return &c.Include }, check: checkTypeGlob,
		},
		{
			Name: "exclude", Value: "TYPE-GLOB", Commands: toScope,
			Help:  "Resource types to leave out, also of what include names.",
			field: func(c *Config) any { return &c.Exclude }, check: checkTypeGlob,
		},
		{
			Name: "tag", Value: "KEY=VALUE", Commands: toScan,
			Help: "Look only at resources with this tag; KEY alone for any value, !KEY=VALUE for those without it. What " +
				"has no tags of its own goes by its parent's.",
			field: func(c *Config) any { return &c.Tags }, check: checkTag,
		},
		{
			Name: "only", Value: "KIND", Commands: toScan,
			Help:  "Look only for unmanaged, deleted or drifted resources; what is not looked for is not called. None given: all.",
			field: func(c *Config) any { return &c.Only }, check: checkOneOf("unmanaged", "deleted", "drifted"),
		},
		{
			Name: "ignore_file", Value: "FILE", Default: ".driftignore", Commands: toReport,
			Help:  "Rules for what to leave out, in gitignore syntax over type.id; relative to root.",
			field: func(c *Config) any { return &c.IgnoreFile },
		},
		{
			Name: "strict", Default: "false", Commands: toReport,
			Help:  "Also report what the cloud itself or another tool owns: default VPCs, service-linked roles, stacks.",
			field: func(c *Config) any { return &c.Strict },
		},
		{
			Name: "replay", Value: "FILE", Commands: toReport,
			Help:  "Play a recording back instead of asking a cloud.",
			field: func(c *Config) any { return &c.Replay },
		},
		{
			Name: "output", Value: "FILE", Commands: []Command{Record}, RequiredBy: []Command{Record},
			Help:  "Replay file that record writes.",
			field: func(c *Config) any { return &c.Output },
		},

		// Vault.
		{
			Name: "vault_addr", Value: "URL", Commands: toScan, Fallback: []string{"VAULT_ADDR"},
			Help:  "HashiCorp Vault, or OpenBao, that gives the run its credentials. Its certificate is verified, by VAULT_CACERT where that is set.",
			field: func(c *Config) any { return &c.VaultAddr }, check: checkVaultAddr,
		},
		{
			Name: "vault_namespace", Value: "NAME", Commands: toScan, Fallback: []string{"VAULT_NAMESPACE"},
			Help:  "Vault's namespace, where it has them.",
			field: func(c *Config) any { return &c.VaultNamespace },
		},
		{
			Name: "vault_role", Value: "NAME", Commands: toScan,
			Help: "Role to log in to Vault with by the workflow's OIDC token; needs id-token: write. Not needed with VAULT_TOKEN, or with " +
				"VAULT_ROLE_ID and VAULT_SECRET_ID for an AppRole, in the environment.",
			field: func(c *Config) any { return &c.VaultRole },
		},
		{
			Name: "vault_auth_path", Value: "PATH", Commands: toScan,
			Help:  "Where the authentication method is mounted. By default: jwt, or approle.",
			field: func(c *Config) any { return &c.VaultAuthPath },
		},
		{
			Name: "vault_audience", Value: "URL", Commands: toScan,
			Help:  "Audience of the OIDC token, as the role's bound_audiences has it. By default: https://github.com/ and the repository's owner.",
			field: func(c *Config) any { return &c.VaultAudience },
		},
		{
			Name: "vault_secrets", Value: "PATH [VARIABLE=FIELD …]", Commands: toScan,
			Help: "What to read in Vault, and into which environment variables of the run: secret/data/ci GITHUB_TOKEN=token. The AWS, " +
				"Google and Azure engines need a path alone, as in aws/creds/driftline. Leases are renewed while the run lasts and revoked at its end.",
			field: func(c *Config) any { return &c.VaultSecrets },
		},

		// The provider.
		{
			Name: "terraform", Value: "NAME|PATH", Commands: toScan,
			Help:  "Program that fetches providers: terraform or tofu, on PATH or as a path. By default: terraform, else tofu, on PATH.",
			field: func(c *Config) any { return &c.Terraform },
		},
		{
			Name: "provider_version", Value: "CONSTRAINT", Commands: toScan,
			Help:  "Version of the provider, as in ~> 5.90, where no lock file names one.",
			field: func(c *Config) any { return &c.ProviderVersion }, check: checkConstraint,
		},
		{
			Name: "max_provider_processes", Value: "N", Default: "4", Commands: toScan,
			Help:  "Provider processes that run at once; the AWS provider takes about 700 MB each.",
			field: func(c *Config) any { return &c.MaxProviderProcesses }, check: checkCount(1, 64),
		},
		{
			Name: "call_timeout", Value: "DURATION", Default: "2m", Commands: toScan,
			Help:  "How long one call to the cloud or a provider may take before its resource is skipped, as in 90s.",
			field: func(c *Config) any { return &c.CallTimeout }, check: checkDuration(time.Second, time.Hour),
		},
		{
			Name: "concurrency", Value: "N", Default: "16", Commands: toScan,
			Help:  "Calls to the cloud and its providers that run at once.",
			field: func(c *Config) any { return &c.Concurrency }, check: checkCount(1, 256),
		},
		{
			Name: "allow_insecure_endpoint", Default: "false", Commands: toScan,
			Help:  "Allow endpoints of plain http beyond this machine; credentials would travel unencrypted.",
			field: func(c *Config) any { return &c.AllowInsecureEndpoint },
		},

		// What comes out.
		{
			Name: "output_dir", Value: "DIR", Commands: toReportDemo,
			Help: "Where report.json, report.md, report.html, report.sarif and code/ go. In a workflow, by default: driftline in the runner's " +
				"temporary directory.",
			field: func(c *Config) any { return &c.OutputDir }, derive: outputDirOfWorkflow,
		},
		{
			Name: "default_root", Value: "DIR", Default: "driftline", Commands: toPublish,
			Help:  "Where code goes when it fits no root module; relative to root.",
			field: func(c *Config) any { return &c.DefaultRoot }, check: checkInside,
		},
		{
			Name: "placement", Value: "WHAT => DIR", Commands: toPublish,
			Help: "Where code goes whatever else speaks for: a type or glob, tag:KEY=VALUE, region:NAME, or several of them, then " +
				"=> and the root module's directory, as in aws_iam_* tag:Team=data => live/data. The first that fits decides.",
			field: func(c *Config) any { return &c.Placement },
		},
		{
			Name: "group", Default: "false", Commands: toPublish,
			Help: "Write three or more alike resources, of one type and root module and with few arguments that differ, as one block with " +
				"for_each.",
			field: func(c *Config) any { return &c.Group },
		},
		{
			Name: "policy_style", Value: "jsonencode|data", Default: PolicyJSONEncode, Commands: toPublish,
			Help:  "How IAM policies are written: by jsonencode, or as data blocks of aws_iam_policy_document where those say just the same.",
			field: func(c *Config) any { return &c.PolicyStyle }, check: checkOneOf(PolicyJSONEncode, PolicyData),
		},
		{
			Name: "on_drift", Value: "report|accept", Default: OnReport, Commands: toPublish,
			Help: "What to do about drift: report says where each value comes from; accept also changes the literal in your " +
				"configuration to what the cloud has, in the same pull request, where that can be done safely.",
			field: func(c *Config) any { return &c.OnDrift }, check: checkOneOf(OnReport, OnDriftAccept),
		},
		{
			Name: "on_deleted", Value: "report|removed", Default: OnReport, Commands: toPublish,
			Help: "What to do about resources that are gone: report names the terraform state rm command; removed takes their " +
				"blocks out and writes removed blocks, for Terraform 1.7 or later.",
			field: func(c *Config) any { return &c.OnDeleted }, check: checkOneOf(OnReport, OnDeletedRemoved),
		},
		{
			Name: "fail_on", Value: "KIND", Default: "none", Commands: toReportDemo,
			Help:  "Findings that make the run exit with 1: drifted, deleted, unmanaged, skipped, or any or none of them.",
			field: func(c *Config) any { return &c.FailOn }, check: checkOneOf(append([]string{"none", "any"}, findingKinds...)...),
		},
		{
			Name: "dry_run", Default: "false", Commands: toPublish,
			Help:  "Write nothing to GitHub: report and code only under output_dir. Needs no token.",
			field: func(c *Config) any { return &c.DryRun },
		},
		{
			Name: "publish", Value: "WHERE", Default: string(PublishPullRequest), Commands: toPublish,
			Help: "Where the findings go: pull-request (with an issue instead while there are findings but no code), " +
				"issue, comment (on the pull request that the workflow runs for), summary (of the job only) or none. In a " +
				"workflow for a pull request, pull-request and issue mean comment; for one from a fork, summary.",
			field: func(c *Config) any { return &c.Publish },
			check: checkOneOf(string(PublishPullRequest), string(PublishIssue), string(PublishComment), string(PublishSummary), string(PublishNone)),
		},
		{
			Name: "split", Value: "none|root_module", Default: string(SplitNone), Commands: toPublish,
			Help:  "With root_module, each root module gets a pull request or issue of its own, from a branch of its own.",
			field: func(c *Config) any { return &c.Split },
			check: checkOneOf(string(SplitNone), string(SplitRootModule)),
		},

		{
			Name: "attribution", Default: "false", Commands: toReport,
			Help:  "Ask CloudTrail who changed, deleted or made what was found, two resources a second; needs cloudtrail:LookupEvents.",
			field: func(c *Config) any { return &c.Attribution },
		},
		{
			Name: "security_scan", Value: "auto|true|false", Default: Auto, Commands: toPublish,
			Help: "Have Trivy look for weaknesses in the generated code: auto does so where trivy is on PATH, true reports it as " +
				"skipped where it is not.",
			field: func(c *Config) any { return &c.SecurityScan }, check: checkOneOf(Auto, Yes, No),
		},
		{
			Name: "infracost_api_key", Value: "KEY", Commands: toPublish, Sensitive: true,
			Help: "Have Infracost, on PATH, estimate what unmanaged resources cost, with this key. Off by default: Infracost sends " +
				"attributes of the resources to its own service.",
			field: func(c *Config) any { return &c.InfracostAPIKey },
		},
		{
			Name: "notify_webhook", Value: "URL", Commands: toPublish, Sensitive: true,
			Help:  "Incoming webhook, as Slack has them, that is told of findings: counts and links, nothing else. Off by default.",
			field: func(c *Config) any { return &c.NotifyWebhook }, check: checkWebhook,
		},
		{
			Name: "upload_sarif", Default: "false", Commands: toPublish,
			Help:  "Upload the findings to GitHub code scanning, as results at the lines of their blocks; needs security-events: write.",
			field: func(c *Config) any { return &c.UploadSARIF },
		},

		// GitHub.
		{
			Name: "github_token", Value: "TOKEN", ActionDefault: "${{ github.token }}", Commands: toPublish, Sensitive: true,
			Fallback: []string{"GITHUB_TOKEN"},
			Help: "Token that writes the branch and the pull request. A pull request made with the workflow's own " +
				"token starts no workflows: use an App's token where it should. On a command line, prefer GITHUB_TOKEN.",
			field: func(c *Config) any { return &c.GitHubToken },
		},
		{
			Name: "repository", Value: "OWNER/NAME", Commands: toPublish, Fallback: []string{"GITHUB_REPOSITORY"},
			Help:  "Repository that the findings are published in. In a workflow, by default: its own.",
			field: func(c *Config) any { return &c.Repository }, check: checkRepository,
		},
		{
			Name: "github_api_url", Value: "URL", Default: "https://api.github.com", Commands: toPublish,
			Fallback: []string{"GITHUB_API_URL"},
			Help:     "GitHub's API. In a workflow, by default: that of its own server.",
			field:    func(c *Config) any { return &c.GitHubAPIURL }, check: checkAPIURL,
		},
		{
			Name: "base", Value: "BRANCH", Commands: toPublish,
			Help:  "Branch that the pull request goes into. By default: the workflow's, else the repository's default.",
			field: func(c *Config) any { return &c.Base }, check: checkBranch, derive: baseOfWorkflow,
		},
		{
			Name: "branch", Value: "BRANCH", Commands: toPublish,
			Help:  "Branch that the code is committed to; it belongs to Driftline. By default: driftline/ and the base.",
			field: func(c *Config) any { return &c.Branch }, check: checkBranch,
		},
		{
			Name: "title", Value: "TEXT", Default: "Driftline: what Terraform does not know", Commands: toPublish,
			Help:  "Title of the pull request, and of the issue.",
			field: func(c *Config) any { return &c.Title }, check: checkLength(256, "GitHub's limit for a title"),
		},
		{
			Name: "commit_message", Value: "TEXT", Default: "Import resources that Terraform does not manage",
			Commands: toPublish,
			Help:     "Message of the commit.",
			field:    func(c *Config) any { return &c.CommitMessage },
		},
		{
			Name: "labels", Value: "NAME", Commands: toPublish,
			Help:  "Labels that the pull request gets, besides those it has.",
			field: func(c *Config) any { return &c.Labels }, check: checkLength(50, "GitHub's limit for a label"),
		},
		{
			Name: "reviewers", Value: "LOGIN", Commands: toPublish,
			Help:  "People who are asked for a review when the pull request is new.",
			field: func(c *Config) any { return &c.Reviewers }, check: checkLogin,
		},
		{
			Name: "team_reviewers", Value: "SLUG", Commands: toPublish,
			Help:  "Teams who are asked, by their slug; the workflow's own token may not, an App's may.",
			field: func(c *Config) any { return &c.TeamReviewers }, check: checkLogin,
		},
		{
			Name: "assignees", Value: "LOGIN", Commands: toPublish,
			Help:  "People to whom a new pull request or issue is assigned.",
			field: func(c *Config) any { return &c.Assignees }, check: checkLogin,
		},
		{
			Name: "draft", Default: "false", Commands: toPublish,
			Help:  "Open the pull request as a draft.",
			field: func(c *Config) any { return &c.Draft },
		},

		{
			Name: "format", Value: "FORMAT", Commands: []Command{Show, Policy},
			Help: "What show makes of a report: terminal (unless said otherwise), markdown, html or sarif; of policy: json " +
				"(unless said otherwise), terraform or cloudformation.",
			field: func(c *Config) any { return &c.ShowAs }, check: checkOneOf(append(slices.Clone(formats[Show]), formats[Policy]...)...),
		},
		{
			Name: "log_level", Value: "LEVEL", Default: "info", Commands: []Command{Run, Scan, Record, Demo},
			Help:  "How much to say while working: debug, info, warn or error.",
			field: func(c *Config) any { return &c.LogLevel }, check: checkOneOf("debug", "info", "warn", "error"),
		},
	}
}

// outputDirOfWorkflow gives every workflow run a report to point its outputs at.
func outputDirOfWorkflow(getenv func(string) string) string {
	if temp := getenv("RUNNER_TEMP"); temp != "" && getenv("GITHUB_ACTIONS") == "true" {
		return strings.TrimRight(temp, `/\`) + "/driftline"
	}
	return ""
}

// baseOfWorkflow is the branch a workflow runs on; in a pull request's run, the branch that it goes into.
func baseOfWorkflow(getenv func(string) string) string {
	if base := getenv("GITHUB_BASE_REF"); base != "" {
		return base
	}
	branch, ok := strings.CutPrefix(getenv("GITHUB_REF"), "refs/heads/")
	if !ok {
		return ""
	}
	return branch
}
