package assessment

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"

	"github.com/seed-e90528ae/driftline/drift"
)

// trivyReport is what of Trivy's JSON is read.
// https://trivy.dev/docs/latest/guide/configuration/reporting/#json
type trivyReport struct {
	SchemaVersion int
	Trivy         struct{ Version string }
	Results       []struct {
		Target            string // path of the file, below what was scanned
		Misconfigurations []struct {
			ID, Title, Message, Resolution, Severity, PrimaryURL, Status string

			CauseMetadata struct {
				Resource  string
				StartLine int
			}
		}
	}
}

const whatSecurity = "security findings"

// NoTrivy says in the report that a scan was asked for and nobody is there to do it.
func NoTrivy(found *drift.Report) {
	skip(found, whatSecurity, errors.New("trivy is not on PATH"), "install Trivy in a step before this one, or leave security_scan out")
}

// Security has Trivy scan the code and puts what it finds on unmanaged resources into the report. What Trivy says of other
// code in the same files is not the report's concern. A scan that fails becomes skipped.
func Security(ctx context.Context, found *drift.Report, o Options) {
	// What is not on the command line is a variable, because a flag that some version does not know ends it.
	settings := append(environ(o.Environ, "TRIVY_"), "TRIVY_SKIP_VERSION_CHECK=true", "TRIVY_DISABLE_TELEMETRY=true", "TRIVY_NO_PROGRESS=true")
	var report trivyReport
	err := laidOut(o.Files, func(dir string) error {
		out, err := o.ask(ctx, dir, settings, "config", "--quiet", "--format", "json", "--exit-code", "0", dir)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(out, &report); err != nil {
			return fmt.Errorf("trivy's answer cannot be read: %w", err)
		}
		if report.SchemaVersion != 2 {
			return fmt.Errorf("trivy's answer has schema version %d, and 2 is known", report.SchemaVersion)
		}
		return nil
	})
	if err != nil {
		skip(found, whatSecurity, err, "run `trivy config` on the code of this report by hand, or set security_scan to false")
		return
	}
	security := &drift.Security{Scanner: strings.TrimSpace("Trivy " + report.Trivy.Version)}
	for _, result := range report.Results {
		for _, m := range result.Misconfigurations {
			u := blockAt(found, result.Target, m.CauseMetadata.Resource, m.CauseMetadata.StartLine)
			if m.Status != "FAIL" && m.Status != "" || u == nil {
				continue
			}
			security.Weaknesses = append(security.Weaknesses, drift.Weakness{
				Resource: u.Resource, Address: u.SuggestedAddress, RootModule: u.RootModule, File: u.File, Line: cmp.Or(u.Line, m.CauseMetadata.StartLine),
				Rule: m.ID, Severity: strings.ToLower(cmp.Or(m.Severity, "unknown")), Title: m.Title, Message: m.Message, Resolution: m.Resolution,
				URL: web(m.PrimaryURL),
			})
		}
	}
	found.Security = security
	found.Finish()
}

// blockAt is the unmanaged resource that a place in the code belongs to: by its address, else the last one that begins at
// or above the line; nil when it is none.
func blockAt(found *drift.Report, file, address string, line int) *drift.Unmanaged {
	file = path.Clean(file)
	var at *drift.Unmanaged
	for i := range found.Unmanaged {
		u := &found.Unmanaged[i]
		switch {
		case path.Clean(u.File) != file || u.SuggestedAddress == "":
		case u.SuggestedAddress == address:
			return u
		case address == "" && u.Line > 0 && u.Line <= line && (at == nil || u.Line > at.Line):
			at = u
		}
	}
	return at
}

// web is an address that a browser can be sent to; "" of any other.
func web(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		return ""
	}
	return u.String()
}
