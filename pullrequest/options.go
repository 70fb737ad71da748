package pullrequest

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// checked is o with its defaults that need no network, or all that is wrong with it in one error.
func (o Options) checked() (Options, error) {
	var wrong []error
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf(format, args...)) }

	o.Base, o.Branch = strings.TrimPrefix(o.Base, "refs/heads/"), strings.TrimPrefix(o.Branch, "refs/heads/")
	if o.Token == "" {
		say("token is empty: pass `github_token: ${{ github.token }}`, or run with --dry-run")
	}
	if owner, name, ok := strings.Cut(o.Repository, "/"); !ok || owner == "" || name == "" || strings.Contains(name, "/") {
		say("repository %q is not owner/name", o.Repository)
	}
	if o.Title == "" || utf8.RuneCountInString(o.Title) > titleLimit {
		say("title must have 1 to %d characters, not %d", titleLimit, utf8.RuneCountInString(o.Title))
	}
	for _, b := range []string{o.Base, o.Branch} {
		if b != "" && !validBranch(b) {
			say("%q is not a branch name that git allows", b)
		}
	}
	for _, login := range slices.Concat(o.Reviewers, o.TeamReviewers, o.Assignees) {
		if login == "" || strings.ContainsAny(login, "/ @") {
			say("%q is no login or team's slug: write octocat, not @octocat, and the team without its organization", login)
		}
	}
	for _, l := range o.Labels {
		if n := utf8.RuneCountInString(l); n == 0 || n > labelLimit {
			say("label %q has %d characters: GitHub takes 1 to %d", l, n, labelLimit)
		}
	}
	wrong = append(wrong, o.checkFiles()...)

	if o.APIURL == "" {
		o.APIURL = "https://api.github.com"
	}
	if err := checkURL(o.APIURL); err != nil {
		wrong = append(wrong, err)
	}
	if o.CommitMessage == "" {
		o.CommitMessage = o.Title
	}
	if o.MaxWait == 0 {
		o.MaxWait = 2 * time.Minute
	}
	if o.Pause == 0 {
		o.Pause = time.Second
	}
	return o, errors.Join(wrong...)
}

func (o Options) checkFiles() (wrong []error) {
	seen := map[string]bool{}
	for _, f := range o.Files {
		if !validPath(f.Path) {
			wrong = append(wrong, fmt.Errorf("file %q is not a clean relative path within the repository", f.Path))
		}
		if seen[f.Path] {
			wrong = append(wrong, fmt.Errorf("file %q is there twice", f.Path))
		}
		seen[f.Path] = true
	}
	return wrong
}

// validPath wants a path that git would take and that stays out of git's own directory.
func validPath(p string) bool {
	if p == "" || p == "." || path.Clean(p) != p || path.IsAbs(p) || strings.HasPrefix(p, "..") ||
		strings.ContainsFunc(p, unicode.IsControl) || strings.Contains(p, `\`) || !utf8.ValidString(p) {
		return false
	}
	for _, part := range strings.Split(p, "/") {
		if strings.EqualFold(part, ".git") {
			return false
		}
	}
	return true
}

// validBranch follows git-check-ref-format(1).
func validBranch(b string) bool {
	if strings.ContainsAny(b, " ~^:?*[\\") || strings.ContainsFunc(b, unicode.IsControl) || strings.Contains(b, "..") ||
		strings.Contains(b, "@{") || b == "@" || strings.HasSuffix(b, ".") || strings.HasPrefix(b, "-") {
		return false
	}
	for _, part := range strings.Split(b, "/") {
		if part == "" || strings.HasPrefix(part, ".") || strings.HasSuffix(part, ".lock") {
			return false
		}
	}
	return true
}

// checkURL lets a token travel in the clear only within this machine.
func checkURL(s string) error {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" {
		return fmt.Errorf("API URL %q is not like https://api.github.com or https://HOST/api/v3", s)
	}
	if u.Scheme == "https" || u.Scheme == "http" && loopback(u.Hostname()) {
		return nil
	}
	return fmt.Errorf("API URL %q would send the token in the clear: use https", s)
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (o Options) owner() string { owner, _, _ := strings.Cut(o.Repository, "/"); return owner }
func (o Options) name() string  { _, name, _ := strings.Cut(o.Repository, "/"); return name }
