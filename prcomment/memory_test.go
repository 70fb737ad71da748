package prcomment

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-e90528ae/driftline/drift"
)

// night is a report of a day of November with these resources: "d" drifted, "x" deleted, "u" unmanaged, "m" managed.
func night(day int, resources ...string) *drift.Report {
	r := &drift.Report{StartedAt: time.Date(2026, 11, day, 2, 0, 0, 0, time.UTC)}
	for _, kindAndName := range resources {
		kind, name, _ := strings.Cut(kindAndName, " ")
		res := drift.Resource{Provider: drift.AWS, Type: "aws_sqs_queue", ImportID: name, Account: "123456789012", Region: "eu-west-1"}
		managed := drift.Managed{Resource: res, Address: drift.Address{Type: "aws_sqs_queue", Name: name}, RootModule: "net"}
		switch kind {
		case "d":
			r.Managed = append(r.Managed, managed)
			r.Drifted = append(r.Drifted, drift.Drifted{Managed: managed})
		case "x":
			r.Deleted = append(r.Deleted, managed)
		case "m":
			r.Managed = append(r.Managed, managed)
		case "u":
			r.Unmanaged = append(r.Unmanaged, drift.Unmanaged{Resource: res, RootModule: "net"})
		case "skipped":
			r.Skipped = append(r.Skipped, drift.Skipped{What: name})
		}
	}
	r.Finish()
	return r
}

// published is a report as GitHub would hold it after a night, given what it held before.
func published(before string, r *drift.Report) string {
	memory := Recall(before).Update(r)
	return Markdown(r, Options{Marker: true, Memory: memory.Line()})
}

func TestFirstNightKnowsNothing(t *testing.T) {
	t.Parallel()
	r := night(1, "m a", "d b", "u c")
	text := published("", r)
	if r.Since != nil || r.Drifted[0].FirstSeen != "2026-11-01" || r.Unmanaged[0].FirstSeen != "2026-11-01" {
		t.Errorf("%+v %+v %+v", r.Since, r.Drifted[0], r.Unmanaged[0])
	}
	if strings.Contains(text, "🆕") || !strings.Contains(text, "since 2026-11-01") {
		t.Error(text)
	}
}

func TestNightsWithoutNewsWriteTheSame(t *testing.T) {
	t.Parallel()
	text := published("", night(1, "m a", "d b", "u c"))
	text = published(text, night(2, "m a", "d b", "u c", "u new"))
	for day := 3; day < 30; day++ {
		next := published(text, night(day, "m a", "d b", "u c", "u new"))
		if next != text {
			t.Fatalf("day %d:\n%s", day, cmp.Diff(text, next))
		}
	}
	if !strings.Contains(text, "1 new since 2026-11-01") || !strings.Contains(text, "🆕 2026-11-02") {
		t.Error(text)
	}
}

func TestNewAndResolved(t *testing.T) {
	t.Parallel()
	text := published("", night(1, "m a", "d b", "u c", "d e"))
	text = published(strings.ReplaceAll(text, "\n", "\r\n"), night(4, "m a", "m b", "u c", "x e", "u f"))
	for _, want := range []string{
		"coverage 50% (25 points less than on 2026-11-01). 1 new and 1 resolved since 2026-11-01.",
		"- `aws_sqs_queue.b`, first seen 2026-11-01",
		"`aws_sqs_queue.e`** `e` in `eu-west-1` of `net`, since 2026-11-01", // drifted, now deleted: neither new nor resolved
		"🆕 2026-11-04",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func TestNotSeenIsNotResolved(t *testing.T) {
	t.Parallel()
	text := published("", night(1, "m a", "d b", "u c"))
	blind := night(2, "m a", "skipped aws_sqs_queue in eu-west-1")
	text = published(text, blind)
	if blind.Since == nil || len(blind.Since.Resolved) != 0 {
		t.Errorf("since is %+v", blind.Since)
	}
	again := night(3, "m a", "d b", "u c")
	published(text, again)
	if again.Drifted[0].FirstSeen != "2026-11-01" || again.Since.New != 0 {
		t.Errorf("after a blind night: %+v, %+v", again.Drifted[0], again.Since)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	for _, n := range []int{300, 1500, 5000} {
		var resources []string
		for i := range n {
			resources = append(resources, fmt.Sprintf("u https://sqs.eu-west-1.amazonaws.com/123456789012/queue-%d-%x", i, i*7919))
		}
		first := night(1, append(resources, "d b")...)
		text := published("", first)
		line := strings.Split(text, "\n")[1]
		if len(line) > memoryLimit || !strings.HasPrefix(line, memoryPrefix) {
			t.Fatalf("%d: a line of %d bytes: %.60s", n, len(line), line)
		}
		second := night(2, append(resources, "d b")...)
		next := published(text, second)
		third := published(next, night(3, append(resources, "d b")...))
		if third != next {
			t.Errorf("%d: a night without news writes", n)
		}
		if second.Since != nil && second.Since.New > 0 {
			t.Errorf("%d: %+v is called new", n, second.Since)
		}
	}
}

func TestMemoryIsNotTrusted(t *testing.T) {
	t.Parallel()
	good := strings.Split(published("", night(1, "d b")), "\n")[1]
	inner := strings.TrimSuffix(strings.TrimPrefix(good, memoryPrefix), memorySuffix)
	raw, _ := base64.StdEncoding.DecodeString(inner)
	for name, line := range map[string]string{
		"later version": strings.Replace(good, "v1", "v2", 1), "not base64": memoryPrefix + "!" + memorySuffix,
		"cut short": memoryPrefix + base64.StdEncoding.EncodeToString(raw[:len(raw)/2]) + memorySuffix,
		"no end":    strings.TrimSuffix(good, memorySuffix),
		"bad day":   Memory{Day: "2026-11-01", Seen: map[string][]string{"<script>": {"m"}}}.line(),
		"coverage":  Memory{Day: "2026-11-01", Coverage: 1e9}.line(),
		"bomb":      Memory{Day: "2026-11-01", Seen: map[string][]string{"2026-11-01": {strings.Repeat("a", 2*memoryInner)}}}.line(),
		"far below": strings.Repeat("x\n", 20) + good,
	} {
		if m := Recall(line); m.Day != "" {
			t.Errorf("%s: %+v", name, m)
		}
	}
	if m := Recall("> a quote", good); m.Day != "2026-11-01" {
		t.Errorf("good one: %+v", m)
	}
	hostile := Memory{Day: "2026-11-01", Seen: map[string][]string{"2026-11-01": {"m net </details><script>alert(1)</script>@everyone"}}}
	text := published(hostile.line(), night(2))
	if strings.Contains(text, "<script>") || !strings.Contains(text, "Resolved") {
		t.Error(text)
	}
}

func TestMergedMemories(t *testing.T) {
	t.Parallel()
	a, b := Recall(published("", night(1, "d a"))), Recall(published("", night(2, "d b")))
	r := night(9, "d a", "d b", "d c")
	Merge([]Memory{a, b}).Date(r)
	got := []string{r.Drifted[0].FirstSeen, r.Drifted[1].FirstSeen, r.Drifted[2].FirstSeen}
	if diff := cmp.Diff([]string{"2026-11-01", "2026-11-02", "2026-11-09"}, got); diff != "" || r.Since != nil {
		t.Error(diff)
	}
}

// FuzzRecall has the comment before be what someone made of it: what is published stays short, remembers what was found, and
// says the same again when nothing is new.
func FuzzRecall(f *testing.F) {
	f.Add(strings.Split(published("", night(1, "d b", "u c")), "\n")[1])
	f.Add(memoryPrefix + memorySuffix)
	f.Add(Memory{Day: "2026-11-01", Seen: map[string][]string{"2026-11-01": {strings.Repeat("m x ", 9000), "#", "u"}, "9999-12-31": {"m net d.b"}}}.line())
	f.Fuzz(func(t *testing.T, text string) {
		first := published(text, night(2, "d b"))
		m := Recall(first)
		if line := strings.SplitN(first, "\n", 3)[1]; !m.sound() || len(line) > memoryLimit || len(first) > CommentLimit {
			t.Fatalf("%d bytes, %d of them memory: %+v", len(first), len(line), m)
		}
		if r := night(3, "d b"); len(m.Date(r)) > 0 && !m.Cut {
			t.Errorf("%+v does not remember what was found", m)
		}
		if second := published(first, night(3, "d b")); Recall(second).Day != m.Day {
			t.Errorf("a run without news is another:\n%s\n%s", first, second)
		}
	})
}
