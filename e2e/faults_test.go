package e2e

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"slices"
	"testing"

	"github.com/seed-e90528ae/driftline/e2e/internal/recorder"
)

type fault struct {
	typ, service, action string
	answer               func(*recorder.Recorder) http.Handler
}

// faults are calls that fail, each the listing of one type. Together in one run they must cost those types alone.
var faults = []fault{
	{"aws_ecr_repository", "ecr", "DescribeRepositories", func(*recorder.Recorder) http.Handler { return recorder.Status(http.StatusInternalServerError) }},
	{"aws_kinesis_stream", "kinesis", "ListStreams", func(*recorder.Recorder) http.Handler { return recorder.Garbage() }},
	{"aws_efs_file_system", "elasticfilesystem", "GET /2015-02-01/file-systems", (*recorder.Recorder).Never},
}

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
	broken := w.run(t, "--call-timeout", "15s")
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
	for _, d := range broken.report.Deleted {
		if faulty(d.Type) {
			t.Errorf("%s was not seen, and is called deleted", d.place())
		}
	}
	for _, u := range broken.report.Unmanaged {
		if faulty(u.Type) {
			t.Errorf("%s was not seen, and is called unmanaged", u)
		}
	}
}

func faulty(typ string) bool {
	return slices.ContainsFunc(faults, func(f fault) bool { return f.typ == typ })
}

// others are the entries of a report's lists that are of no faulty type, as JSON.
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
			var about struct{ Type string }
			decode(t, entry, &about)
			if !faulty(about.Type) {
				kept[list] = append(kept[list], string(entry))
			}
		}
	}
	return kept
}
