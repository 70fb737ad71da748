package e2e

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/seed-e90528ae/driftline/internal/peers"
)

// trapsRoot is the one root module of the estate of traps.
const trapsRoot = "live"

// behind is what was done behind Terraform's back, and what is to come of it. Addresses are ROOT:ADDRESS.
type behind struct {
	Accepted []string          // every other change goes into the configuration
	Refused  map[string]string // address and attribute, and words that the reason holds
	Left     map[string]string // the same, of what no apply changes either
	Removed  []string
	Kept     []string // of several, so that apply makes it again
}

// TestCodeTraps is the proof that generated code can be merged as it stands: an estate written for what such code
// stumbles over, with secrets in every place, and drift that is accepted.
func TestCodeTraps(t *testing.T) {
	peers.E2E(t)
	w := newAWSWorld(t)
	dir := filepath.Join(w.checkout, trapsRoot)
	if err := os.CopyFS(w.checkout, os.DirFS(estates("traps"))); err != nil {
		t.Fatal(err)
	}
	w.initialise(t, dir)
	timed(t, "apply", func() {
		if _, err := w.terraform(t.Context(), dir, "apply", "-auto-approve", "-input=false", "-no-color", "-parallelism=30"); err != nil {
			t.Fatal(err)
		}
	})
	var done behind
	timed(t, "seed, change", func() {
		w.note(t, map[string][]string{"aws_s3_bucket": {stateBucket}, "aws_macie2_account": {peers.Account}})
		w.note(t, w.created(t, "traps/cloud.py"))
		decode(t, w.python(t, estates("traps/behind_the_back.py")), &done)
	})
	args := []string{"--region", "us-east-1", "--exclude", strings.Join(notInMoto(), ","), "--log-level", "debug"}
	accepting := append(slices.Clone(args), "--dry-run", "--on-drift", "accept", "--on-deleted", "removed")
	s, out := w.driftline(t, "run", accepting...)
	t.Run("found", func(t *testing.T) { checkTrapsFound(t, w, s) })
	t.Run("settled", func(t *testing.T) { checkSettled(t, readFile(t, filepath.Join(out, "report.json")), &done) })
	dir = w.merged(t, out)
	plan := w.judgeMerged(t, dir)
	t.Run("plan", func(t *testing.T) { checkMerged(t, plan, s, done.expected) })
	t.Run("size", func(t *testing.T) { checkSize(t, w, plan, filepath.Join(out, "code"), 60) })
	t.Run("lint", func(t *testing.T) { lint(t, dir) })
	t.Run("again", func(t *testing.T) { checkRecreated(t, w, dir, plan, recreationOf(t, "traps/again.json")) })

	timed(t, "plant", func() { w.secrets = w.plant(t) })
	s, out = w.driftline(t, "run", accepting...)
	t.Run("secrets found", func(t *testing.T) { checkTrapsFound(t, w, s) })
	t.Run("leaks", func(t *testing.T) { checkLeaks(t, w, s.texts(t, out)) })
	t.Run("secrets plan", func(t *testing.T) { checkMerged(t, w.judgeMerged(t, w.merged(t, out)), s, done.expected) })
	t.Run("stable", func(t *testing.T) { checkStable(t, w, args) })
}

// plant puts a secret into every place, notes what was made for that, and returns the secrets by place. What moto cannot
// list is not looked for, and its secrets must not be seen all the same.
func (w *world) plant(t *testing.T) map[string]string {
	t.Helper()
	var planted struct {
		Created map[string][]string
		Planted map[string]string
	}
	decode(t, w.python(t, estates("traps/plant.py")), &planted)
	maps.DeleteFunc(planted.Created, func(typ string, _ []string) bool { return slices.Contains(notInMoto(), typ) })
	w.note(t, planted.Created)
	t.Logf("%d secrets planted", len(planted.Planted))
	return planted.Planted
}

// merged is the root module of the checkout with all that a run wrote in it.
func (w *world) merged(t *testing.T, out string) string {
	t.Helper()
	merged := filepath.Join(t.TempDir(), "merged")
	for _, from := range []string{w.checkout, filepath.Join(out, "code")} {
		for name, content := range files(t, from) {
			if !strings.Contains(name, ".terraform/") {
				writeFile(t, filepath.Join(merged, name), content)
			}
		}
	}
	return filepath.Join(merged, trapsRoot)
}

// texts is all that a run has said and written to a directory.
func (s *scanned) texts(t *testing.T, dir string) map[string]string {
	t.Helper()
	texts := map[string]string{"standard output": s.stdout, "standard error": s.stderr}
	for name, content := range files(t, dir) {
		texts[name] = string(content)
	}
	return texts
}

// checkTrapsFound: everything is found once and has a verified block, but for the rows of the table.
func checkTrapsFound(t *testing.T, w *world, s *scanned) {
	var want, got []string
	for typ, ids := range w.unmanaged {
		for _, id := range ids {
			want = append(want, typ+" "+id)
		}
	}
	excused := map[string]string{}
	decode(t, readFile(t, estates("traps/unverified.json")), &excused)
	seen, verified := map[string]int{}, 0
	for _, u := range s.report.Unmanaged {
		got = append(got, u.String())
		if u.Verified {
			verified++
			continue
		}
		if seen[u.Type]++; excused[u.Type] == "" {
			t.Errorf("%s is not verified: %+v", u, u.Differences)
		}
	}
	same(t, "unmanaged", got, want)
	for typ := range excused {
		if seen[typ] == 0 {
			t.Errorf("%s is verified now: take it off traps/unverified.json", typ)
		}
	}
	t.Logf("%d of %d blocks verified, of %d types; not: %v", verified, len(got), len(w.unmanaged), seen)
}

// checkSettled: each change says what came of it, and each deletion how it is settled.
func checkSettled(t *testing.T, text []byte, done *behind) {
	var r struct {
		Drifted []struct {
			managed
			Changes []struct {
				Path   string `json:"path"`
				Origin *struct {
					File     string `json:"file"`
					Accepted bool   `json:"accepted"`
					Reason   string `json:"reason"`
				} `json:"origin"`
			} `json:"changes"`
		} `json:"drifted"`
		Deleted []struct {
			managed
			Settled string `json:"settled"`
		} `json:"deleted"`
	}
	decode(t, text, &r)
	seen := map[string]bool{}
	for _, d := range r.Drifted {
		for _, c := range d.Changes {
			what := d.place() + " " + c.Path
			if c.Origin == nil {
				t.Errorf("%s has no origin", what)
				continue
			}
			words, refused := done.Refused[what]
			if left := done.Left[what]; left != "" {
				words, refused = left, true
			}
			seen[d.place()], seen[what] = true, true
			switch {
			case refused && (c.Origin.Accepted || !strings.Contains(c.Origin.Reason, words) || c.Origin.File == ""):
				t.Errorf("%s: %+v, want it refused because of %q", what, *c.Origin, words)
			case !refused && !c.Origin.Accepted:
				t.Errorf("%s is not accepted: %+v", what, *c.Origin)
			}
		}
	}
	for _, place := range slices.Concat(done.Accepted, slices.Collect(maps.Keys(done.Refused)), slices.Collect(maps.Keys(done.Left))) {
		if !seen[place] {
			t.Errorf("%s has not drifted", place)
		}
	}
	for _, d := range r.Deleted {
		seen[d.place()] = true
		if removed := strings.HasPrefix(d.Settled, "removed block in"); removed != slices.Contains(done.Removed, d.place()) || d.Settled == "" {
			t.Errorf("%s: %q", d.place(), d.Settled)
		}
	}
	for _, place := range slices.Concat(done.Removed, done.Kept) {
		if !seen[place] {
			t.Errorf("%s is not deleted", place)
		}
	}
}

// judgeMerged has Terraform plan a root module with all that Driftline wrote in it.
func (w *world) judgeMerged(t *testing.T, dir string) *tfjson.Plan {
	t.Helper()
	for _, args := range [][]string{
		{"fmt", "-check", "-diff", "-no-color", "-recursive", ".."}, {"init", "-input=false", "-no-color"}, {"validate", "-no-color"},
	} {
		if out, err := w.terraform(t.Context(), dir, args...); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	plan, err := w.plan(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// expected says of a change that it is what was removed being forgotten, what was kept being made again, or what could not
// be accepted being changed back.
func (done *behind) expected(c *tfjson.ResourceChange) bool {
	place, actions := trapsRoot+":"+c.Address, c.Change.Actions
	refused := func(what string) bool { return strings.HasPrefix(what, place+" ") }
	return actions.Forget() && slices.Contains(done.Removed, place) ||
		actions.Create() && slices.Contains(done.Kept, place) ||
		actions.Update() && slices.ContainsFunc(slices.Collect(maps.Keys(done.Refused)), refused)
}

// checkSize: the code of resources, and of the variables that they need, is at most so many percent of what Terraform
// itself writes for the same resources, in lines that are neither blank nor a comment. Terraform writes no import blocks, so
// they are told beside it.
func checkSize(t *testing.T, w *world, plan *tfjson.Plan, code string, limit int) {
	t.Helper()
	ours, imports := 0, 0
	for name, content := range files(t, code) {
		if base := filepath.Base(name); strings.HasPrefix(base, "driftline") && strings.HasSuffix(base, ".tf") {
			ours += codeLines(content, "resource", "variable")
			imports += codeLines(content, "import")
		}
	}
	dir := t.TempDir()
	text, resources := "terraform {\n  required_providers {\n    aws = {\n      source = \"hashicorp/aws\"\n    }\n  }\n}\n"+motoOverride, 0
	for _, c := range plan.ResourceChanges {
		if c.Change.Importing != nil {
			text += fmt.Sprintf("import {\n  to = %s.r%d\n  id = %q\n}\n", c.Type, resources, c.Change.Importing.ID)
			resources++
		}
	}
	writeFile(t, filepath.Join(dir, "main.tf"), []byte(text))
	w.initialise(t, dir)
	// Its own code does not plan: a known complaint. What it writes is there all the same.
	_, _ = w.terraform(t.Context(), dir, "plan", "-input=false", "-no-color", "-generate-config-out=generated.tf")
	generated := readFile(t, filepath.Join(dir, "generated.tf"))
	if n := bytes.Count(generated, []byte("\nresource ")); n != resources {
		t.Logf("Terraform itself writes %d blocks of %d", n, resources)
	}
	theirs := codeLines(generated, "resource")
	share := float64(100*ours) / float64(theirs)
	t.Logf("%d resources: %d lines, %.1f a resource, %.1f %% of the %d that terraform plan -generate-config-out writes; with import blocks %.1f %%",
		resources, ours, float64(ours)/float64(resources), share, theirs, float64(100*(ours+imports))/float64(theirs+4*resources))
	if share > float64(limit) {
		t.Errorf("code has grown: %.1f %% of Terraform's own, at most %d %% before", share, limit)
	}
}

// codeLines counts the lines of blocks of some kinds that are neither blank nor a comment.
func codeLines(code []byte, kinds ...string) int {
	n, counted := 0, false
	for line := range bytes.Lines(code) {
		if kind, _, isBlock := bytes.Cut(line, []byte(" ")); isBlock && line[0] >= 'a' && line[0] <= 'z' {
			counted = slices.Contains(kinds, string(kind))
		}
		if line = bytes.TrimSpace(line); counted && len(line) > 0 && line[0] != '#' {
			n++
		}
	}
	return n
}

// shuffles is how often a recording is played back with its listings in another order.
const shuffles = 20

// checkStable: the same cloud gives the same code, byte for byte, in whatever order it is listed; and the recording that
// shows it holds no secret either.
func checkStable(t *testing.T, w *world, args []string) {
	file := filepath.Join(t.TempDir(), "traps.json.gz")
	said := w.recordTo(t, file, args)
	packed, err := gzip.NewReader(bytes.NewReader(readFile(t, file)))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(packed)
	if err != nil {
		t.Fatal(err)
	}
	checkLeaks(t, w, map[string]string{"recording": string(text), "what record says": said})
	var recording map[string]json.RawMessage
	decode(t, text, &recording)
	var first map[string][]byte
	for n := range shuffles {
		for _, name := range []string{"listed", "instances", "roots", "skipped"} {
			recording[name] = shuffled(t, recording[name])
		}
		played := filepath.Join(t.TempDir(), "shuffled.json")
		writeFile(t, played, encode(t, recording))
		out := filepath.Join(t.TempDir(), "out")
		if _, err := execute(t.Context(), t.TempDir(), w.env, w.binary, "run", "--dry-run", "--replay", played, "--output-dir", out); err != nil {
			t.Fatal(err)
		}
		code := files(t, filepath.Join(out, "code"))
		if n == 0 {
			first = code
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(code)) {
			if !bytes.Equal(code[name], first[name]) {
				t.Errorf("%s is another file in run %d", name, n)
			}
		}
		if len(code) != len(first) {
			t.Errorf("%d files in run %d, %d before", len(code), n, len(first))
		}
	}
	if len(first) < 10 {
		t.Errorf("only %d files were compared", len(first))
	}
}

func shuffled(t *testing.T, list json.RawMessage) json.RawMessage {
	t.Helper()
	var elements []json.RawMessage
	decode(t, list, &elements)
	rand.Shuffle(len(elements), func(i, j int) { elements[i], elements[j] = elements[j], elements[i] })
	return encode(t, elements)
}

// recordTo is `driftline record`; it returns what was said.
func (w *world) recordTo(t *testing.T, file string, args []string) string {
	t.Helper()
	var said []byte
	timed(t, "driftline record", func() {
		var err error
		if said, err = execute(t.Context(), t.TempDir(), w.env, w.binary, append([]string{"record", "--root", w.checkout, "--output", file}, args...)...); err != nil {
			t.Fatal(err)
		}
	})
	return string(said)
}
