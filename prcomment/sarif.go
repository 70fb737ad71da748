package prcomment

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/seed-e90528ae/driftline/drift"
)

// SARIFOptions say what a SARIF log is for.
type SARIFOptions struct {
	Prefix  string // directory of the checkout in its repository, slash-separated; "" for the whole of it
	Version string // of Driftline
	Placed  bool   // leave out results without a file: code scanning refuses a log that has one
}

// The parts of SARIF 2.1.0 that are used, by its own names.
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        sarifTool         `json:"tool"`
		Invocations []sarifInvocation `json:"invocations"`
		Results     []sarifResult     `json:"results"`
		ColumnKind  string            `json:"columnKind"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		Version        string      `json:"version,omitempty"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string         `json:"id"`
		Name             string         `json:"name"`
		ShortDescription sarifMessage   `json:"shortDescription"`
		FullDescription  sarifMessage   `json:"fullDescription"`
		Help             sarifMessage   `json:"help"`
		HelpURI          string         `json:"helpUri,omitempty"`
		Default          sarifLevel     `json:"defaultConfiguration"`
		Properties       map[string]any `json:"properties"`
	}
	sarifLevel struct {
		Level string `json:"level"`
	}
	sarifMessage struct {
		Text string `json:"text"`
	}
	sarifInvocation struct {
		Successful    bool                `json:"executionSuccessful"`
		Notifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
	}
	sarifNotification struct {
		Level   string       `json:"level"`
		Message sarifMessage `json:"message"`
	}
	sarifResult struct {
		RuleID       string            `json:"ruleId"`
		RuleIndex    int               `json:"ruleIndex"`
		Level        string            `json:"level"`
		Message      sarifMessage      `json:"message"`
		Locations    []sarifLocation   `json:"locations"`
		Fingerprints map[string]string `json:"partialFingerprints"`
	}
	sarifLocation struct {
		Physical *sarifPhysical `json:"physicalLocation,omitempty"`
		Logical  []sarifLogical `json:"logicalLocations"`
	}
	sarifPhysical struct {
		Artifact struct {
			URI       string `json:"uri"`
			URIBaseID string `json:"uriBaseId"`
		} `json:"artifactLocation"`
		Region struct {
			StartLine int `json:"startLine"`
		} `json:"region"`
	}
	sarifLogical struct {
		Name string `json:"fullyQualifiedName"`
		Kind string `json:"kind"`
	}
)

// Rules of the log, worst first; results name them by their place here.
var sarifRules = []sarifRule{
	rule("drifted", "Drifted", "error", "A managed resource was changed outside Terraform.",
		"The next apply reverts the change. To keep it, write it into the configuration."),
	rule("deleted", "Deleted", "error", "A managed resource no longer exists.",
		"The next apply makes it anew. To let it go, take it out of the configuration."),
	rule("unmanaged", "Unmanaged", "warning", "A resource exists that no Terraform state knows.",
		"Merge its import block, remove the resource, or leave it out with a line in .driftignore."),
}

func rule(id, name, level, short, help string) sarifRule {
	return sarifRule{ID: "driftline/" + id, Name: name, ShortDescription: sarifMessage{short}, FullDescription: sarifMessage{short + " " + help},
		Help: sarifMessage{help}, Default: sarifLevel{level}, Properties: map[string]any{"tags": []string{"terraform", "drift"}}}
}

// SARIF is the report as a SARIF 2.1.0 log: a result for each drifted, deleted and unmanaged resource, at the line of
// its block, and a notification for each thing that was skipped. Fingerprints are the same from night to night.
func SARIF(r *drift.Report, o SARIFOptions) ([]byte, error) {
	rules := slices.Clone(sarifRules)
	run := sarifRun{ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	add := func(rule int, message, key, logical, file string, line int) {
		location := sarifLocation{Logical: []sarifLogical{{Name: visible(logical), Kind: "resource"}}}
		if file != "" {
			location.Physical = physical(o.Prefix, file, line)
		} else if o.Placed {
			return
		}
		run.Results = append(run.Results, sarifResult{RuleID: rules[rule].ID, RuleIndex: rule, Level: rules[rule].Default.Level,
			Message: sarifMessage{sarifText(message)}, Locations: []sarifLocation{location},
			Fingerprints: map[string]string{"driftline/v1": hashed(rules[rule].ID + " " + key)}})
	}
	for _, d := range r.Drifted {
		add(0, d.Address.String()+" was changed outside Terraform"+sinceDay(d.FirstSeen)+":\n"+strings.Join(changeLines(d.Changes), "\n"),
			managedKey(d.Managed), d.Address.String(), d.File, d.Line)
	}
	for _, d := range r.Deleted {
		add(1, fmt.Sprintf("%s (%s) no longer exists%s.", d.Address, d.ImportID, sinceDay(d.FirstSeen)), managedKey(d), d.Address.String(), d.File, d.Line)
	}
	for _, u := range r.Unmanaged {
		add(2, unmanagedMessage(u), unmanagedKey(u), cmp.Or(u.SuggestedAddress, u.Type), u.File, u.Line)
	}
	if r.Security != nil {
		for _, w := range r.Security.Weaknesses {
			var rule int
			rules, rule = withWeakness(rules, w)
			add(rule, w.Address+": "+cmp.Or(w.Message, w.Title), w.Account+" "+w.Region+" "+w.Type+" "+w.ImportID+" "+w.Message, w.Address, w.File, w.Line)
		}
	}
	run.Tool = sarifTool{sarifDriver{Name: "Driftline", Version: o.Version, InformationURI: "https://github.com/seed-e90528ae/driftline", Rules: rules}}
	invocation := sarifInvocation{Successful: true}
	for _, s := range r.Skipped {
		invocation.Notifications = append(invocation.Notifications, sarifNotification{"warning", sarifMessage{sarifText(s.What + " skipped: " + s.Reason + ". " + s.Remedy)}})
	}
	run.Invocations = []sarifInvocation{invocation}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	err := e.Encode(sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}})
	return b.Bytes(), err
}

// What code scanning calls the severities of a scanner: a level, and a number from which it makes its own words.
// https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning#reportingdescriptor-object
var sarifSeverities = map[string]struct{ level, score string }{
	"critical": {"error", "9.5"}, "high": {"error", "8.0"}, "medium": {"warning", "5.5"}, "low": {"note", "2.0"},
}

// withWeakness is rules with that of a weakness among them, and its place.
func withWeakness(rules []sarifRule, w drift.Weakness) ([]sarifRule, int) {
	id := "driftline/security/" + visible(cmp.Or(w.Rule, "unnamed"))
	if i := slices.IndexFunc(rules, func(r sarifRule) bool { return r.ID == id }); i >= 0 {
		return rules, i
	}
	severity, known := sarifSeverities[w.Severity]
	if !known {
		severity.level, severity.score = "warning", "0.0"
	}
	title := sarifText(cmp.Or(w.Title, w.Rule, "unnamed"))
	help := sarifText(cmp.Or(w.Resolution, w.Title, "See the scanner's documentation."))
	return append(rules, sarifRule{ID: id, Name: "Security", ShortDescription: sarifMessage{title}, FullDescription: sarifMessage{title},
		Help: sarifMessage{help}, HelpURI: w.URL, Default: sarifLevel{severity.level},
		Properties: map[string]any{"tags": []string{"terraform", "security"}, "security-severity": severity.score}}), len(rules)
}

func unmanagedMessage(u drift.Unmanaged) string {
	message := fmt.Sprintf("%s %s", u.Type, u.ImportID)
	if u.Name != "" && u.Name != u.ImportID {
		message += fmt.Sprintf(" (%s)", u.Name)
	}
	message += " is in no Terraform state" + sinceDay(u.FirstSeen) + "."
	if u.Verified {
		message += " Its import block plans as no change."
	}
	return message
}

func sinceDay(day string) string {
	if day == "" {
		return ""
	}
	return " (first seen " + day + ")"
}

// physical is a file's place; the path is relative to the repository.
func physical(prefix, file string, line int) *sarifPhysical {
	if prefix != "" {
		file = prefix + "/" + file
	}
	var segments []string
	for s := range strings.SplitSeq(file, "/") {
		if s != "" {
			segments = append(segments, strings.ReplaceAll(url.PathEscape(s), ":", "%3A")) // a:b/c would have the scheme a, //b/c the host b
		}
	}
	p := &sarifPhysical{}
	p.Artifact.URI, p.Artifact.URIBaseID = strings.Join(segments, "/"), "%SRCROOT%"
	p.Region.StartLine = max(1, line)
	return p
}

// sarifText is a message as plain text: no link ([text](target), section 3.11.6) can be made of a name, nor a placeholder.
func sarifText(s string) string {
	var lines []string
	for _, line := range strings.Split(s, "\n") {
		lines = append(lines, visible(line))
	}
	return strings.NewReplacer("](", "]\u200b(", "{", "{{", "}", "}}").Replace(strings.Join(lines, "\n"))
}
