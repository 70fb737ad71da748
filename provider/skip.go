package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/provider/internal/tfplugin"
)

// refusal is what a provider answered instead of doing what it was asked: its error diagnostics.
type refusal struct{ errors []drift.Diagnostic }

func (r *refusal) Error() string {
	first := r.errors[0]
	text := first.Summary
	if first.Detail != "" && first.Detail != first.Summary {
		text = strings.TrimSuffix(text, ".") + ": " + first.Detail
	}
	text = clip(oneLine(text), 1000)
	if more := len(r.errors) - 1; more > 0 {
		text += fmt.Sprintf(" (and %d more)", more)
	}
	return text
}

// diagnosticsOf turns wire diagnostics into Driftline's words.
func diagnosticsOf(wire []*tfplugin.Diagnostic) []drift.Diagnostic {
	diagnostics := make([]drift.Diagnostic, 0, len(wire))
	for _, d := range wire {
		diagnostics = append(diagnostics, drift.Diagnostic{
			Error:   d.GetSeverity() != tfplugin.Diagnostic_WARNING,
			Summary: d.GetSummary(),
			Detail:  d.GetDetail(),
			Path:    attributePath(d.GetAttribute()),
		})
	}
	return diagnostics
}

// refusalOf is the error among diagnostics, nil when they are warnings at most.
func refusalOf(wire []*tfplugin.Diagnostic) error {
	var failed []drift.Diagnostic
	for _, d := range diagnosticsOf(wire) {
		if d.Error {
			failed = append(failed, d)
		}
	}
	if len(failed) == 0 {
		return nil
	}
	return &refusal{failed}
}

// remedies are what a person can do about what a provider or its cloud says, by words of the message; first match wins.
var remedies = []struct {
	words  []string // lower case, any of them
	remedy string
}{
	{[]string{"accessdenied", "access denied", "unauthorizedoperation", "not authorized", "authorizationfailed", "statuscode: 403",
		"status code: 403", "forbidden", "permission_denied", "permission denied"},
		"grant the credentials the read permission that the message names"},
	{[]string{"expiredtoken", "no valid credential", "failed to refresh cached credentials", "invalidclienttokenid",
		"could not find default credentials", "unable to authenticate", "signaturedoesnotmatch", "unrecognizedclientexception"},
		"give Driftline valid credentials for this cloud (in a workflow: the OIDC login step before it)"},
	{[]string{"aws account id not allowed", "account id not allowed"},
		"run Driftline for this account with credentials of this account"},
	{[]string{"throttl", "rate exceeded", "toomanyrequests", "requestlimitexceeded", "slow down"},
		"run again, with a lower --concurrency"},
	{[]string{"newer provider version"},
		"use the provider version that wrote the state: commit .terraform.lock.hcl or give --provider-version"},
	{[]string{"resource import not implemented", "doesn't support import", "import is not supported"},
		"exclude this type: its provider cannot import it"},
}

const defaultRemedy = "see what the provider says; when it cannot be helped, exclude the resource with a line in .driftignore"

func remedyFor(message string) string {
	message = strings.ToLower(message)
	for _, row := range remedies {
		for _, word := range row.words {
			if strings.Contains(message, word) {
				return row.remedy
			}
		}
	}
	return defaultRemedy
}

// subject is what a call is about, for its *drift.Skipped.
type subject struct {
	what     string // aws_vpc.main, or aws_vpc vpc-1 in us-east-1
	resource drift.Resource
}

func subjectOf(r drift.Resource) subject {
	what := strings.TrimSpace(r.Type + " " + r.ImportID)
	if r.Region != "" {
		what += " in " + r.Region
	}
	return subject{what, r}
}

func subjectOfInstance(i drift.Instance) subject {
	what := i.Address.String()
	if i.Deposed != "" {
		what += " (deposed " + i.Deposed + ")"
	}
	if i.RootModule != "" && i.RootModule != "." {
		what += " in " + i.RootModule
	}
	return subject{what, i.Resource}
}

// skip turns the failure of a call into a *drift.Skipped that names provider, resource and remedy. A cancelled context
// stays what it is, and so does what is a *drift.Skipped already, except that it learns what it was about.
func (s subject) skip(ctx context.Context, binary pluginBinary, doing string, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	skipped := &drift.Skipped{
		What: s.what, Type: s.resource.Type, Account: s.resource.Account, Region: s.resource.Region, ImportID: s.resource.ImportID, Err: err,
	}
	var (
		before *drift.Skipped
		lost   lostError
		hung   hungError
	)
	switch {
	case errors.As(err, &before):
		skipped.Reason = before.Reason
		if before.What != s.what {
			skipped.Reason = before.What + ": " + before.Reason
		}
		skipped.Remedy = before.Remedy
	case errors.As(err, &lost):
		skipped.Reason = fmt.Sprintf("provider %s %s while it was asked to %s", binary, lost.reason, doing)
		skipped.Remedy = "report it to the provider's authors or try another version of it (--provider-version); " +
			"until then exclude the resource with a line in .driftignore"
	case errors.As(err, &hung):
		skipped.Reason = fmt.Sprintf("provider %s %s when it was asked to %s", binary, hung, doing)
		skipped.Remedy = "run again; when it stays so, exclude the resource with a line in .driftignore"
	default:
		skipped.Reason = fmt.Sprintf("provider %s could not %s: %s", binary, doing, clip(oneLine(err.Error()), 1200))
		skipped.Remedy = remedyFor(err.Error())
	}
	return skipped
}
