package e2e

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/seed-e90528ae/driftline/internal/peers"
)

// TestAWSEstate is the proof that the scan of AWS can be trusted: an estate of every type that the seeds can make in moto,
// first with none of it managed, then with all of it, then changed behind Terraform's back, then through faults.
func TestAWSEstate(t *testing.T) {
	peers.E2E(t)
	w, dir := newSeededWorld(t)
	nothing, out := w.driftline(t, "run", awsScope("--dry-run")...)
	t.Run("nothing managed", func(t *testing.T) { checkNothingManaged(t, w, &nothing.report) })

	timed(t, "import", func() { w.adopt(t, filepath.Join(out, "code"), dir, &nothing.report) })
	all, _ := w.driftline(t, "scan", awsScope()...)
	t.Run("all managed", func(t *testing.T) { checkAllManaged(t, w, &nothing.report, &all.report) })

	changed := w.mutateAWS(t, dir)
	calm, _ := w.driftline(t, "scan", awsScope()...)
	t.Run("drift", func(t *testing.T) { checkAWSDrift(t, w, dir, &calm.report, changed) })
	t.Run("denied", func(t *testing.T) { checkDenied(t, w, &calm.report) })
	t.Run("bad day", func(t *testing.T) { checkBadDay(t, w, &calm.report) })
}

// newSeededWorld is a cloud with a resource of every type that the seeds can make, and a root module that manages none.
func newSeededWorld(t *testing.T) (w *world, dir string) {
	t.Helper()
	w = newAWSWorld(t)
	dir = filepath.Join(w.checkout, awsRoot)
	writeFile(t, filepath.Join(dir, "main.tf"), []byte(awsModule))
	w.put(t, awsRoot+"/terraform.tfstate", emptyState)
	timed(t, "seed", func() { w.note(t, w.created(t, "seed")) })
	w.note(t, map[string][]string{"aws_s3_bucket": {stateBucket}})
	w.noteComing(t)
	delete(w.unmanaged, misplaced)
	if len(w.unmanaged) < 150 {
		t.Errorf("the estate has only %d types, want 150", len(w.unmanaged))
	}
	w.initialise(t, dir)
	return w, dir
}

// misplaced is a type whose ARNs moto writes with a region of its own, where the provider then looks for it in vain.
const misplaced = "aws_resourcegroups_group"

// awsScope are the arguments of a run that looks at the whole estate.
func awsScope(more ...string) []string {
	return append([]string{"--region", "us-east-1", "--exclude", misplaced}, more...)
}

// coming prints what the seeds' services bring along and no seed names, as {type: [import IDs]}: the target of a scaling
// policy.
const coming = `
import boto3, json
targets = boto3.client("application-autoscaling").describe_scalable_targets(ServiceNamespace="dynamodb")["ScalableTargets"]
print(json.dumps({
    "aws_appautoscaling_target": ["/".join([t["ServiceNamespace"], t["ResourceId"], t["ScalableDimension"]]) for t in targets],
}))
`

func (w *world) noteComing(t *testing.T) {
	t.Helper()
	var made map[string][]string
	decode(t, w.python(t, "-c", coming), &made)
	for typ, ids := range made {
		if !slices.Contains(w.unmanaged[typ], ids[0]) {
			w.note(t, map[string][]string{typ: ids})
		}
	}
}

// recordedTypes are those that only recorded answers test, by the catalogue that Driftline prints: moto cannot list them.
func (w *world) recordedTypes(t *testing.T) map[string]bool {
	t.Helper()
	text, err := execute(t.Context(), ".", w.env, w.binary, "types")
	if err != nil {
		t.Fatal(err)
	}
	types := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		if fields := strings.Fields(line); len(fields) > 3 && slices.Contains(fields, "recorded") {
			types[fields[0]] = true
		}
	}
	if len(types) == 0 {
		t.Fatalf("no type is marked as recorded:\n%s", text)
	}
	return types
}

// checkOnlyMotoSkips: nothing is skipped but what moto cannot list, by the catalogue, or what the provider cannot read from
// it, by the table; and each skip says why and what to do.
func checkOnlyMotoSkips(t *testing.T, w *world, r *report) {
	t.Helper()
	excused, recorded := impossible(t), w.recordedTypes(t)
	for _, s := range r.Skipped {
		if (excused[s.Type] == "" && !recorded[s.Type]) || s.Reason == "" || s.Remedy == "" {
			t.Errorf("skipped: %+v", s)
		}
	}
}

func (w *world) initialise(t *testing.T, dir string) {
	t.Helper()
	if out, err := w.terraform(t.Context(), dir, "init", "-input=false", "-no-color"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// checkNothingManaged: each resource that was made is reported unmanaged exactly once, and nothing else is; nothing is
// managed, deleted or drifted, and nothing is skipped or unverified but what moto makes impossible.
func checkNothingManaged(t *testing.T, w *world, r *report) {
	var want, got []string
	for typ, ids := range w.unmanaged {
		for _, id := range ids {
			want = append(want, typ+" "+id)
		}
	}
	for _, u := range r.Unmanaged {
		got = append(got, u.String())
	}
	same(t, "unmanaged", got, want)
	if n := len(r.Managed) + len(r.Deleted) + len(r.Drifted); n > 0 {
		t.Errorf("the state is empty, and %d are managed, deleted or drifted", n)
	}
	checkOnlyMotoSkips(t, w, r)
	checkVerified(t, r)
	t.Logf("%d resources of %d types, each found once", len(got), len(w.unmanaged))
}

// adopt brings the generated code into the root module and has Terraform import everything that it names. Nothing but
// imports may be planned.
func (w *world) adopt(t *testing.T, code, dir string, r *report) {
	t.Helper()
	verified := 0
	for _, u := range r.Unmanaged {
		if u.Verified {
			verified++
		}
	}
	for name, content := range files(t, code) {
		root, file, ok := strings.Cut(name, "/")
		if !ok || root != awsRoot {
			t.Errorf("%s is not in the one root module", name)
			continue
		}
		writeFile(t, filepath.Join(dir, file), content)
	}
	plan, err := w.plan(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	imports := 0
	for _, c := range plan.ResourceChanges {
		if c.Change.Importing != nil {
			imports++
		}
		if !c.Change.Actions.NoOp() && !c.Change.Actions.Read() {
			t.Errorf("%s: %v: %v", c.Address, c.Change.Actions, changedAttributes(c.Change))
		}
	}
	if imports != verified {
		t.Errorf("%d to import, want the %d verified", imports, verified)
	}
	if out, err := w.terraform(t.Context(), dir, "apply", "-input=false", "-no-color", filepath.Join(dir, "e2e.plan")); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%d imported", imports)
}

// motoMoves are the types whose resources moto shows otherwise from one read to the next, so that Terraform calls them
// drifted too.
var motoMoves = map[string]string{
	"aws_cognito_user_pool_domain": "moto draws a new account at every read",
	"aws_dax_cluster":              "a cluster becomes available after some reads",
	"aws_db_parameter_group":       "moto does not tell parameters set by users from the engine's",
}

// checkAllManaged: with everything in the state that Terraform could import, nothing is unmanaged but the rest, nothing
// has drifted and nothing is deleted.
func checkAllManaged(t *testing.T, w *world, before, r *report) {
	var want, got []string
	managed, types := map[string]int{}, map[string]bool{}
	for _, u := range before.Unmanaged {
		if !u.Verified {
			want = append(want, u.String())
			continue
		}
		managed[u.String()]++
		types[u.Type] = true
	}
	for _, u := range r.Unmanaged {
		got = append(got, u.String())
	}
	same(t, "unmanaged", got, want)
	var have []string
	for _, m := range r.Managed {
		have = append(have, m.resource.String())
	}
	same(t, "managed", have, slices.Collect(maps.Keys(managed)))
	for _, d := range r.Drifted {
		if motoMoves[d.Type] != "" {
			continue // checkAWSDrift holds them against Terraform's own answer
		}
		t.Errorf("%s has not changed, and is called drifted: %+v", d.place(), d.Changes)
	}
	for _, d := range r.Deleted {
		t.Errorf("%s is there, and is called deleted", d.place())
	}
	checkOnlyMotoSkips(t, w, r)
	if len(types) < 150 {
		t.Errorf("only %d types could be imported, want 150", len(types))
	}
	t.Logf("%d resources of %d types managed, %d left that moto makes impossible", len(managed), len(types), len(want))
}
