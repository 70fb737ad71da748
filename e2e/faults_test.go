package e2e

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/seed-e90528ae/driftline/internal/recorder"
)

// fault is a call that fails, and what hangs on it: the type that it lists, and those whose listing begins with it, which
// all begin with the same prefix.
type fault struct {
	typ, prefix     string
	service, action string
	answer          func(*recorder.Recorder) http.Handler
}

// faults together in one run must cost those types alone.
var faults = []fault{
	{"aws_ecr_repository", "aws_ecr_", "ecr", "DescribeRepositories",
		func(*recorder.Recorder) http.Handler { return recorder.Status(http.StatusInternalServerError) }},
	{"aws_kinesis_stream", "aws_kinesis_", "kinesis", "ListStreams",
		func(*recorder.Recorder) http.Handler { return recorder.Garbage() }},
	{"aws_efs_file_system", "aws_efs_", "elasticfilesystem", "GET /2015-02-01/file-systems",
		(*recorder.Recorder).Never},
}

// callTimeout is long enough for what the provider computes longest, a plan of a web ACL, on a busy machine.
const callTimeout = "60s"

// checkFaults: a call that answers 500, garbage or never makes its type skipped; everything else is as in the calm run.
func checkFaults(t *testing.T, w *world, calm *outcome) {
	struck := map[string]int{}
	w.proxy.Fault(func(call recorder.Call) http.Handler {
		for _, f := range faults {
			if call.Service == f.service && call.Action == f.action {
				struck[f.typ]++ // the proxy asks for one call at a time
				return f.answer(w.proxy)
			}
		}
		return nil
	})
	broken := w.run(t, "--call-timeout", callTimeout)
	w.proxy.Fault(nil)

	for _, f := range faults {
		if struck[f.typ] == 0 {
			t.Errorf("%s %s was never called: the fault of %s did not happen", f.service, f.action, f.typ)
		}
		if !slices.ContainsFunc(broken.report.Skipped, func(s skipped) bool { return s.Type == f.typ && s.Reason != "" && s.Remedy != "" }) {
			t.Errorf("%s is not skipped, with reason and remedy", f.typ)
		}
	}
	for list, want := range others(t, calm) {
		same(t, list, others(t, broken)[list], want)
	}
	unseen := func(typ string) bool { return struck[typ] > 0 } // of a prefix, other types' own listings answered
	for _, d := range broken.report.Deleted {
		if unseen(d.Type) {
			t.Errorf("%s was not seen, and is called deleted", d.place())
		}
	}
	for _, u := range broken.report.Unmanaged {
		if unseen(u.Type) {
			t.Errorf("%s was not seen, and is called unmanaged", u)
		}
	}
}

func faulty(typ string) bool {
	return slices.ContainsFunc(faults, func(f fault) bool { return strings.HasPrefix(typ, f.prefix) })
}

// others are the entries of a report's lists that are of no faulty type, as JSON, without what they refer to of one: code
// cannot refer to what was not seen.
func others(t *testing.T, o *outcome) map[string][]string {
	t.Helper()
	var whole map[string]json.RawMessage
	decode(t, readFile(t, filepath.Join(o.dir, "report.json")), &whole)
	kept := map[string][]string{}
	for _, list := range []string{"managed", "unmanaged", "deleted", "drifted", "owned", "ignored", "skipped"} {
		var entries []json.RawMessage
		decode(t, whole[list], &entries)
		kept[list] = []string{}
		for _, entry := range entries {
			var about struct {
				Type       string
				References []string
			}
			decode(t, entry, &about)
			if faulty(about.Type) {
				continue
			}
			var members map[string]any
			decode(t, entry, &members)
			delete(members, "references")
			if others := slices.DeleteFunc(about.References, faulty); len(others) > 0 {
				members["references"] = others
			}
			kept[list] = append(kept[list], string(encode(t, members)))
		}
	}
	return kept
}
