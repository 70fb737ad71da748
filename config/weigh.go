package config

import (
	"slices"
	"strings"
)

// weigh looks at settings together, once each is right by itself.
func (p *parser) weigh() {
	c := &p.config
	c.FailOn = p.kindsOf(c.FailOn)
	if c.DryRun {
		c.Publish = PublishNone
	}
	p.weighFormat()
	p.weighReplay()
	p.weighVault()
	p.weighEndpoints()
	if c.Command == Run && (c.Publish.ToGitHub() || c.UploadSARIF) {
		p.weighPublishing()
	}
}

// kindsOf spells out any and none.
func (p *parser) kindsOf(words FailOn) FailOn {
	if slices.Contains(words, "none") {
		if len(words) > 1 {
			p.blame(p.find(p.setting("fail_on")).where, "", refuse("names none beside other kinds", "leave none out"))
		}
		return nil
	}
	if slices.Contains(words, "any") {
		return slices.Clone(findingKinds)
	}
	return words
}

// weighFormat keeps the formats of commands apart.
func (p *parser) weighFormat() {
	known := formats[p.config.Command]
	switch given := p.config.ShowAs; {
	case len(known) == 0 || slices.Contains(known, given):
	case given == "":
		p.config.ShowAs = known[0]
	default:
		p.blame(p.find(p.setting("format")).where, given, refuse("is no format of "+string(p.config.Command)+"'s", "use "+oneOf(known)))
	}
}

func (p *parser) weighReplay() {
	if p.config.Replay == "" {
		return
	}
	for _, name := range []string{"state", "backend_config"} {
		s := p.setting(name)
		if a := p.find(s); a.given {
			p.blame(a.where, "", refuse("cannot go with replay, which holds its own states", "leave one of the two out"))
		}
	}
}

// weighVault asks for an address where something is to be read. An address in the environment alone means nothing.
func (p *parser) weighVault() {
	c := &p.config
	switch at := p.find(p.setting("vault_addr")); {
	case len(c.VaultSecrets) == 0:
		c.VaultAddr = ""
		if at.given && !strings.HasPrefix(at.where, "environment") && p.setting("vault_addr").Serves(c.Command) {
			p.blame(p.whereToGive(p.setting("vault_secrets")), "", refuse("is missing, and vault_addr does nothing without",
				"name what to read, as in aws/creds/driftline, or leave vault_addr out"))
		}
	case c.VaultAddr == "" && !p.blamed("vault_addr"):
		p.blame(p.whereToGive(p.setting("vault_addr")), "", refuse("is missing, and vault_secrets needs it", "write https://vault.example.com:8200, or set VAULT_ADDR"))
	}
}

// weighEndpoints keeps credentials from travelling in the clear.
func (p *parser) weighEndpoints() {
	c := &p.config
	if c.AllowInsecureEndpoint {
		return
	}
	v := refuse("is plain http to another machine",
		"use https, or --allow-insecure-endpoint if credentials may travel unencrypted")
	for _, state := range c.States {
		if endpoint := insecureEndpoint(state); endpoint != "" {
			p.blame("endpoint of "+p.find(p.setting("state")).where, endpoint, v)
		}
	}
	if insecureURL(c.VaultAddr) {
		p.blame(p.find(p.setting("vault_addr")).where, c.VaultAddr, v)
	}
	if c.Command == Run && insecureURL(c.GitHubAPIURL) {
		p.blame(p.find(p.setting("github_api_url")).where, c.GitHubAPIURL, v)
	}
	if !p.setting("state").Serves(c.Command) || c.Replay != "" {
		return
	}
	for _, name := range []string{"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_STS"} {
		if endpoint := p.getenv(name); insecureURL(endpoint) {
			p.blame("environment variable "+name, endpoint, v)
		}
	}
}

func (p *parser) weighPublishing() {
	c := &p.config
	if c.GitHubToken.IsZero() && !slices.ContainsFunc(c.VaultSecrets, func(s string) bool { return strings.Contains(s, "GITHUB_TOKEN=") }) {
		p.blame(p.whereToGive(p.setting("github_token")), "", refuse("is missing, and publishing needs it",
			"set GITHUB_TOKEN, or use --dry-run to write nothing to GitHub"))
	}
	if c.Repository == "" && !p.blamed("repository") {
		p.blame(p.whereToGive(p.setting("repository")), "", refuse("is missing, and publishing needs it",
			"write --repository OWNER/NAME, or use --dry-run to write nothing to GitHub"))
	}
	if c.UploadSARIF && (p.getenv("GITHUB_SHA") == "" || p.getenv("GITHUB_REF") == "") {
		p.blame(p.find(p.setting("upload_sarif")).where, "", refuse("needs a commit to upload results for",
			"set GITHUB_SHA and GITHUB_REF, as a workflow has them, or take report.sarif from output_dir"))
	}
	if event := p.getenv("GITHUB_EVENT_NAME"); c.Publish == PublishComment && !strings.HasPrefix(event, "pull_request") {
		p.blame(p.find(p.setting("publish")).where, string(c.Publish), refuse("needs a workflow that runs for a pull request",
			"run it `on: pull_request`, or publish pull-request, issue or summary"))
	}
	if c.Branch != "" && c.Branch == c.Base {
		p.blame(p.find(p.setting("branch")).where, c.Branch, refuse("is the base branch too",
			"give the branch a name of its own, as in "+DefaultBranch(c.Base)))
	}
}

// blamed says that a setting was given and is among the mistakes: then it is not missing.
func (p *parser) blamed(name string) bool {
	where := p.find(p.setting(name)).where
	return slices.ContainsFunc(p.mistakes, func(m *Mistake) bool { return m.Where == where })
}

func (p *parser) setting(name string) Setting {
	return p.table[slices.IndexFunc(p.table, func(s Setting) bool { return s.Name == name })]
}
