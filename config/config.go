// Package config turns arguments and environment into a checked Config, from one table of settings.
// It opens no file, speaks to no network and does not know what the settings are for.
package config

import (
	"log/slog"
	"slices"
	"time"
)

// Command is what Driftline is asked to do.
type Command string

// The commands, as a person writes them.
const (
	Run     Command = "run"
	Scan    Command = "scan"
	Record  Command = "record"
	Demo    Command = "demo"
	Version Command = "version"
	Help    Command = "help"

	Show           Command = "show"
	GenDriftignore Command = "gen-driftignore"
	Completion     Command = "completion"
	Types          Command = "types"
	Policy         Command = "policy"
)

// Publish is where a run's findings go.
type Publish string

// The places that findings can go to.
const (
	PublishPullRequest Publish = "pull-request" // code as a pull request; findings without code as an issue
	PublishIssue       Publish = "issue"
	PublishComment     Publish = "comment" // on the pull request that the workflow runs for
	PublishSummary     Publish = "summary" // of the workflow's job, and nothing on GitHub besides
	PublishNone        Publish = "none"
)

// ToGitHub says that publishing asks something of GitHub's API, for which it needs a token.
func (p Publish) ToGitHub() bool {
	return p == PublishPullRequest || p == PublishIssue || p == PublishComment
}

// Split is what gets a pull request or an issue of its own.
type Split string

// The ways to split.
const (
	SplitNone       Split = "none"
	SplitRootModule Split = "root_module"
)

// What is done about resources that have drifted or are gone.
const (
	OnReport         = "report"
	OnDriftAccept    = "accept"
	OnDeletedRemoved = "removed"
)

// How IAM policies are written in code.
const (
	PolicyJSONEncode = "jsonencode"
	PolicyData       = "data"
)

// What a setting that depends on what is installed can be.
const (
	Auto = "auto"
	Yes  = "true"
	No   = "false"
)

// Config is one run's settings, checked. Build it with Parse; every field is documented by the setting of its name
// in Settings.
//
// Formatting, encoding or logging a Config shows no sensitive value.
type Config struct {
	Command Command
	Topic   Command // with Help: the command asked about; "" for all of them

	Argument string // report.json of Show and GenDriftignore, shell of Completion
	ShowAs   string // of Show: terminal, markdown, html, sarif; of Policy: json, terraform, cloudformation

	States          []string // URLs: s3, gs, azblob, file or mem; empty: the backends of the root modules under Root
	Root            string
	BackendConfig   []string // key=value or a file's name, as for terraform init; values may be secret
	Regions         []string // [all] for those enabled; empty when neither flag, input nor AWS_REGION names one
	Accounts        []string // roles to assume, or organization:ROLE; empty for the credentials' own account
	AWSRole         string   // a role to assume by the workflow's OIDC token, with its options; "" for none
	ProviderVersion string   // a version constraint, "" for none
	Terraform       string   // name on PATH, or path

	VaultAddr      string // "" where VaultSecrets is empty
	VaultNamespace string
	VaultRole      string
	VaultAuthPath  string
	VaultAudience  string
	VaultSecrets   []string // PATH [VARIABLE=FIELD …]

	IgnoreFile string
	Include    []string // globs of resource types
	Exclude    []string
	Tags       []string // key=value, key, and either with ! before it
	Only       []string // kinds of finding that are looked for; empty for all
	Strict     bool

	Publish       Publish // PublishNone when DryRun
	DryRun        bool
	OutputDir     string // "" for none
	FailOn        FailOn
	Repository    string // owner/name; "" when nothing is published
	GitHubAPIURL  string
	GitHubToken   Secret
	Base          string // "" for the repository's default branch
	Branch        string // "" for DefaultBranch of the base
	Title         string
	CommitMessage string
	Labels        []string
	Reviewers     []string // logins
	TeamReviewers []string // slugs
	Assignees     []string // logins
	Split         Split
	UploadSARIF   bool
	Attribution   bool
	NotifyWebhook Secret // https URL; "" for none

	SecurityScan    string // Auto, Yes or No
	InfracostAPIKey Secret // "" for no costs

	Draft       bool
	DefaultRoot string // slash-separated, relative to Root
	Placement   []string
	Group       bool   // alike resources as one block
	PolicyStyle string // PolicyJSONEncode or PolicyData
	OnDrift     string // OnReport or OnDriftAccept
	OnDeleted   string // OnReport or OnDeletedRemoved

	Replay string // file to play back; "" for the real cloud
	Output string // file that record writes

	Concurrency           int
	MaxProviderProcesses  int
	CallTimeout           time.Duration
	AllowInsecureEndpoint bool
	LogLevel              slog.Level

	// Warnings are settings that are odd but allowed, each a whole sentence.
	Warnings []string

	given []string // names of the settings that a flag or an environment variable gave
}

// Given says whether a flag or the environment gave the setting of that name, as opposed to its default.
func (c Config) Given(name string) bool { return slices.Contains(c.given, name) }

// DefaultBranch is the branch of the rolling pull request into base, for when Config.Branch is empty.
func DefaultBranch(base string) string { return "driftline/" + base }

// FailOn holds the kinds of finding that make a run exit with 1: some of drifted, deleted, unmanaged and skipped.
type FailOn []string

// findingKinds are what fail_on can name; "any" stands for all of them and "none" for no one.
var findingKinds = []string{"drifted", "deleted", "unmanaged", "skipped"}

// Met returns the kinds that are asked for and counted more than zero times, in the order of the parameters.
// The run fails when there is one.
func (f FailOn) Met(drifted, deleted, unmanaged, skipped int) []string {
	var met []string
	for i, count := range []int{drifted, deleted, unmanaged, skipped} {
		if count > 0 && slices.Contains(f, findingKinds[i]) {
			met = append(met, findingKinds[i])
		}
	}
	return met
}
