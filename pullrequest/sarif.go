package pullrequest

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"fmt"
	"net/http"

	"github.com/google/go-github/v53/github"
)

// UploadSARIF hands a SARIF log to code scanning, as the analysis of a commit on a ref (refs/heads/main).
// The token needs security-events: write. GitHub takes at most 10 MB, compressed.
// https://docs.github.com/en/rest/code-scanning/code-scanning#upload-an-analysis-as-sarif-data
func UploadSARIF(ctx context.Context, o Options, commit, ref string, sarif []byte) error {
	p, err := newPublisher(o)
	if err != nil {
		return err
	}
	packed, err := packed(sarif)
	if err != nil {
		return err
	}
	if len(packed) > sarifLimit {
		return &Error{Doing: "upload the SARIF log", Message: fmt.Sprintf("it has %d bytes, and GitHub takes %d", len(packed), sarifLimit),
			Hint: "leave types out with exclude, or run once per root module"}
	}
	_, _, err = p.client.CodeScanning.UploadSarif(ctx, p.owner(), p.name(), &github.SarifAnalysis{
		CommitSHA: &commit, Ref: &ref, Sarif: github.String(base64.StdEncoding.EncodeToString(packed)), ToolName: github.String("Driftline")})
	if _, accepted := err.(*github.AcceptedError); accepted { //nolint:errorlint // 202 is this call's answer, and go-github's error
		err = nil
	}
	err = p.failed("upload the SARIF log", err)
	if e, ok := err.(*Error); ok && (e.Status == http.StatusForbidden || e.Status == http.StatusNotFound) { //nolint:errorlint // as above
		e.Hint = "give the job `permissions: { security-events: write }`; a private repository needs GitHub Code Security besides"
	}
	return redacted(err, o.Token)
}

// sarifLimit is the most that GitHub takes of a compressed log, in bytes.
// https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
const sarifLimit = 10 << 20

// packed is content compressed with gzip.
func packed(content []byte) ([]byte, error) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(content); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
