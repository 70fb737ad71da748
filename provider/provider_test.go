//go:build unix

package provider

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
)

const fakeSource = "registry.terraform.io/driftline/fake"

// fakeFleet is a fleet whose providers are this test binary, and the folder that they leave their process ids in.
func fakeFleet(t testing.TB, protocol string, change func(*Options)) (*Fleet, string) {
	t.Helper()
	home := t.TempDir()
	opts := Options{
		Environ:     append(os.Environ(), "HOME="+home),
		CallTimeout: 20 * time.Second,
		Config: func(_, _, region string) map[string]cty.Value {
			return map[string]cty.Value{
				"region":   cty.StringVal(region),
				"features": cty.TupleVal([]cty.Value{cty.EmptyObjectVal}),
				"unknown":  cty.True,
			}
		},
	}
	if change != nil {
		change(&opts)
	}
	fleet := New(opts)
	t.Cleanup(func() {
		if err := fleet.Close(); err != nil {
			t.Error(err)
		}
	})
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(home, "terraform-provider-"+protocol)
	if err := os.Symlink(self, binary); err != nil {
		t.Fatal(err)
	}
	fleet.install = func(_ context.Context, s selection) (pluginBinary, error) {
		return pluginBinary{source: s.source, version: "1.2.3", path: binary}, nil
	}
	return fleet, home
}

func thing(id string) drift.Resource {
	return drift.Resource{Provider: fakeSource, Type: "fake_thing", ImportID: id, Region: "here"}
}

// started are the process ids of all providers so far.
func started(t testing.TB, home string) []int {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(home, "pids"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	var pids []int
	for line := range strings.Lines(string(data)) {
		var pid int
		if _, err := fmt.Sscan(line, &pid); err != nil {
			t.Fatal(err)
		}
		pids = append(pids, pid)
	}
	return pids
}

// skipped is the error as *drift.Skipped, with all of it filled in.
func skipped(t testing.TB, err error) *drift.Skipped {
	t.Helper()
	var s *drift.Skipped
	if !errors.As(err, &s) {
		t.Fatalf("want a *drift.Skipped, got %T %v", err, err)
	}
	if s.What == "" || s.Reason == "" || s.Remedy == "" {
		t.Errorf("incomplete: %+v", s)
	}
	return s
}

func contains(t testing.TB, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q does not contain %q", text, part)
		}
	}
}

func TestFleet(t *testing.T) {
	t.Parallel()
	for _, protocol := range []string{"five", "six"} {
		t.Run(protocol, func(t *testing.T) {
			t.Parallel()
			fleet, home := fakeFleet(t, protocol, nil)
			ctx := t.Context()

			if version, err := fleet.Open(ctx, fakeSource); err != nil || version != "1.2.3" {
				t.Fatalf("open: %q, %v", version, err)
			}
			schema, err := fleet.Schema(ctx, fakeSource, "fake_thing")
			if err != nil {
				t.Fatal(err)
			}
			if !schema.Block.Attributes["token"].WriteOnly || schema.Block.Attributes["name"].WriteOnly {
				t.Error("write-only is not read")
			}
			if !drift.ImpliedType(schema.Block).Equals(fakeThing) || schema.Version != 3 {
				t.Errorf("schema: %#v", drift.ImpliedType(schema.Block))
			}

			object, err := fleet.Import(ctx, thing("a"))
			if err != nil {
				t.Fatal(err)
			}
			if !object.Value.RawEquals(fakeObject("a", "name of a")) || string(object.Private) != "private!" {
				t.Errorf("import: %#v %q", object.Value, object.Private)
			}
			for _, id := range []string{"gone", "none"} {
				if object, err := fleet.Import(ctx, thing(id)); err != nil || !object.Value.IsNull() {
					t.Errorf("import of %s: %#v, %v", id, object.Value, err)
				}
			}

			instance := drift.Instance{
				Resource: thing(""), Address: drift.Address{Type: "fake_thing", Name: "main"},
				Attributes: fakeAttributes("b", "old"), SchemaVersion: 2,
			}
			refreshed, err := fleet.Refresh(ctx, instance)
			if err != nil {
				t.Fatal(err)
			}
			if !refreshed.Before.RawEquals(fakeObject("b", "old")) || !refreshed.After.RawEquals(fakeObject("b", "name of b")) {
				t.Errorf("refresh: %#v", refreshed)
			}

			config := fakeObject("a", "name of a").AsValueMap()
			config["id"] = cty.NullVal(cty.String)
			config["size"] = cty.NullVal(cty.Number)
			config["rule"] = cty.ListVal([]cty.Value{cty.ObjectVal(map[string]cty.Value{
				"port": cty.NumberIntVal(80), "rule_id": cty.NullVal(cty.String)})})
			planned, err := fleet.Plan(ctx, thing("a"), object, cty.ObjectVal(config))
			if err != nil {
				t.Fatal(err)
			}
			if !planned.Value.RawEquals(object.Value) || string(planned.Private) != "private!" || planned.RequiresReplace != nil {
				t.Errorf("plan of nothing new: %#v", planned)
			}
			config["name"] = cty.StringVal("other")
			planned, err = fleet.Plan(ctx, thing("a"), object, cty.ObjectVal(config))
			if err != nil || len(planned.RequiresReplace) != 1 || !planned.RequiresReplace[0].Equals(cty.GetAttrPath("name")) {
				t.Errorf("plan of a new name: %#v, %v", planned.RequiresReplace, err)
			}
			planned, err = fleet.Plan(ctx, thing("a"), drift.Object{}, cty.ObjectVal(config))
			if err != nil || planned.Value.GetAttr("id").IsKnown() || !planned.Value.GetAttr("size").IsNull() {
				t.Errorf("plan of a creation: %#v, %v", planned.Value, err)
			}

			diagnostics, err := fleet.Validate(ctx, thing("a"), cty.ObjectVal(config))
			if err != nil || len(diagnostics) != 1 || diagnostics[0].Error || diagnostics[0].Summary != "Old" {
				t.Errorf("validate: %#v, %v", diagnostics, err)
			}
			config["name"] = cty.NullVal(cty.String)
			diagnostics, err = fleet.Validate(ctx, thing("a"), cty.ObjectVal(config))
			if err != nil || len(diagnostics) != 1 || !diagnostics[0].Error || !diagnostics[0].Path.Equals(cty.GetAttrPath("rule").IndexInt(0)) {
				t.Errorf("validate: %#v, %v", diagnostics, err)
			}

			listed, err := fleet.List(ctx, thing(""))
			if err != nil || len(listed) != 2 || listed[1].Value.GetAttr("id").AsString() != "two" || listed[1].Name != "the two" || listed[1].Region != "here" {
				t.Errorf("list: %#v, %v", listed, err)
			}
			if n := len(started(t, home)); n != 1 {
				t.Errorf("%d processes were started for one scope", n)
			}
		})
	}
}

func TestFailuresNameThingAndRemedy(t *testing.T) {
	t.Parallel()
	fleet, _ := fakeFleet(t, "five", nil)
	ctx := t.Context()
	instance := drift.Instance{
		Resource: thing(""), Address: drift.Address{Module: "module.m", Type: "fake_thing", Name: "main", Key: "[0]"},
		RootModule: "live/net", Attributes: fakeAttributes("b", "old"), SchemaVersion: 9,
	}
	secret := instance
	secret.Attributes = []byte(`{"id": "b", "name": "hunter2"`)
	for name, tc := range map[string]struct {
		do           func() error
		what, reason string
		remedy       string
	}{
		"denied": {func() error { _, err := fleet.Import(ctx, thing("denied")); return err },
			"fake_thing denied in here", "provider driftline/fake 1.2.3 could not import it: reading thing: AccessDenied: not allowed to thing:Get",
			"grant the credentials"},
		"alien": {func() error { _, err := fleet.Import(ctx, thing("alien")); return err },
			"fake_thing alien in here", "not well-formed", ".driftignore"},
		"newer state": {func() error { _, err := fleet.Refresh(ctx, instance); return err },
			"module.m.fake_thing.main[0] in live/net", "upgrade its state: Resource instance managed by newer provider version", ".terraform.lock.hcl"},
		"broken state": {func() error { _, err := fleet.Refresh(ctx, secret); return err },
			"module.m.fake_thing.main[0]", "not JSON", ""},
		"unknown type": {func() error { _, err := fleet.Schema(ctx, fakeSource, "fake_nothing"); return err },
			"fake_nothing", "driftline/fake 1.2.3: it has no resource type fake_nothing", "--provider-version"},
		"bad schema": {func() error { _, err := fleet.Schema(ctx, fakeSource, "fake_bad"); return err },
			"fake_bad", "decode schema", ""},
		"config that does not fit": {func() error { _, err := fleet.Validate(ctx, thing("x"), cty.True); return err },
			"fake_thing x", "does not fit the schema", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := skipped(t, tc.do())
			contains(t, s.What, tc.what)
			contains(t, s.Reason, tc.reason)
			contains(t, s.Remedy, tc.remedy)
			if strings.Contains(s.Error()+s.Remedy, "hunter2") {
				t.Error("a value is in the error")
			}
		})
	}
}

// importAll imports in parallel and returns the errors by import ID.
func importAll(ctx context.Context, fleet *Fleet, ids []string) map[string]error {
	var wait sync.WaitGroup
	failed := make([]error, len(ids))
	for i, id := range ids {
		wait.Go(func() {
			object, err := fleet.Import(ctx, thing(id))
			if err == nil && object.Value.GetAttr("id").AsString() != id {
				err = fmt.Errorf("got %#v", object.Value)
			}
			failed[i] = err
		})
	}
	wait.Wait()
	errs := map[string]error{}
	for i, id := range ids {
		errs[id] = failed[i]
	}
	return errs
}

func TestCrashCostsOnlyItself(t *testing.T) {
	t.Parallel()
	fleet, home := fakeFleet(t, "six", nil)
	var ids []string
	for i := range 10 {
		ids = append(ids, fmt.Sprintf("linger-%d", i))
	}
	ids = append(ids, "crash", "read-crash")
	for id, err := range importAll(t.Context(), fleet, ids) {
		if !strings.Contains(id, "crash") {
			if err != nil {
				t.Errorf("%s: %v", id, err)
			}
			continue
		}
		s := skipped(t, err)
		contains(t, s.Reason, "driftline/fake 1.2.3", "crashed (panic: runtime error: invalid memory address or nil pointer dereference)", "import it")
		contains(t, s.Remedy, "--provider-version")
		if s.ImportID != id || s.Type != "fake_thing" {
			t.Errorf("%s: %+v", id, s)
		}
	}
	// Each of the two crashes at most twice: once among others, once alone.
	if n := len(started(t, home)); n > 5 {
		t.Errorf("%d processes were started", n)
	}
	before := len(started(t, home))
	if err := importAll(t.Context(), fleet, []string{"crash"})["crash"]; err == nil {
		t.Error("no error")
	}
	if _, err := fleet.Import(t.Context(), thing("fine")); err != nil {
		t.Error(err)
	}
	if n := len(started(t, home)) - before; n > 2 {
		t.Errorf("a call that was alone was tried again: %d processes", n)
	}
}

func TestKilledFromOutside(t *testing.T) {
	t.Parallel()
	fleet, home := fakeFleet(t, "five", nil)
	if _, err := fleet.Import(t.Context(), thing("first")); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for i := range 8 {
		ids = append(ids, fmt.Sprintf("linger-%d", i))
	}
	go func() {
		time.Sleep(lingering / 3)
		syscall.Kill(started(t, home)[0], syscall.SIGKILL)
	}()
	for id, err := range importAll(t.Context(), fleet, ids) {
		if err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
	if n := len(started(t, home)); n != 2 {
		t.Errorf("%d processes were started", n)
	}
	// Alone, too: whoever killed it, it was not the call.
	go func() {
		time.Sleep(lingering / 3)
		syscall.Kill(started(t, home)[1], syscall.SIGKILL)
	}()
	if _, err := fleet.Import(t.Context(), thing("linger")); err != nil {
		t.Error(err)
	}
}

func TestKilledSupervisor(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("only Linux ties a plugin to the life of its supervisor")
	}
	fleet, home := fakeFleet(t, "five", nil)
	if _, err := fleet.Import(t.Context(), thing("a")); err != nil {
		t.Fatal(err)
	}
	plugin := started(t, home)[0]
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", plugin))
	if err != nil {
		t.Fatal(err)
	}
	var supervisor int
	_, after, _ := strings.Cut(string(status), "PPid:")
	if _, err := fmt.Sscan(after, &supervisor); err != nil || supervisor <= 1 || supervisor == os.Getpid() {
		t.Fatalf("the plugin's parent is %d", supervisor)
	}
	syscall.Kill(supervisor, syscall.SIGKILL)
	waitGone(t, plugin)
	if _, err := fleet.Import(t.Context(), thing("b")); err != nil {
		t.Error(err)
	}
}

func TestScope(t *testing.T) {
	t.Parallel()
	fleet := New(Options{Environ: []string{"AWS_DEFAULT_REGION=eu-west-1"}, Account: "123456789012"})
	defer fleet.Close()
	for name, tc := range map[string]struct {
		source, account, region string
		wants                   scope
	}{
		"its own":          {drift.AWS, "999999999999", "us-east-2", scope{account: "999999999999", region: "us-east-2"}},
		"nothing known":    {drift.AWS, "", "", scope{account: "123456789012", region: "eu-west-1"}},
		"global":           {drift.AWS, "", drift.Global, scope{account: "123456789012", region: "eu-west-1"}},
		"managed by AWS":   {drift.AWS, "aws", "", scope{account: "123456789012", region: "eu-west-1"}},
		"another provider": {fakeSource, "project", "", scope{account: "project"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := fleet.scope(pluginBinary{source: tc.source}, drift.Resource{Account: tc.account, Region: tc.region})
			if got != tc.wants {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestHangCostsOnlyItself(t *testing.T) {
	t.Parallel()
	fleet, home := fakeFleet(t, "five", func(o *Options) { o.CallTimeout = 3 * time.Second })
	errs := importAll(t.Context(), fleet, []string{"a", "hang", "b", "linger"})
	contains(t, skipped(t, errs["hang"]).Reason, "did not answer within 3s", "driftline/fake")
	delete(errs, "hang")
	for id, err := range errs {
		if err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
	if _, err := fleet.Import(t.Context(), thing("c")); err != nil {
		t.Error(err)
	}
	if n := len(started(t, home)); n != 1 {
		t.Errorf("a process that still answers was replaced: %d started", n)
	}
}

func TestWhatAProviderPrintsHoldsNothingUp(t *testing.T) {
	t.Parallel()
	fleet, _ := fakeFleet(t, "six", nil)
	if _, err := fleet.Import(t.Context(), thing("chatty")); err != nil {
		t.Error(err)
	}
}

func TestProcessThatStops(t *testing.T) {
	t.Parallel()
	fleet, home := fakeFleet(t, "five", func(o *Options) { o.CallTimeout = 3 * time.Second })
	if _, err := fleet.Import(t.Context(), thing("a")); err != nil {
		t.Fatal(err)
	}
	s := skipped(t, importAll(t.Context(), fleet, []string{"stuck"})["stuck"])
	contains(t, s.Reason, "stopped answering")
	if _, err := fleet.Import(t.Context(), thing("b")); err != nil {
		t.Error(err)
	}
	pids := started(t, home)
	if len(pids) != 2 {
		t.Fatalf("%d processes were started", len(pids))
	}
	waitGone(t, pids[0])
}

func TestRefusedConfiguration(t *testing.T) {
	t.Parallel()
	fleet, home := fakeFleet(t, "five", nil)
	there := thing("a")
	there.Region = "refused"
	for range 3 {
		_, err := fleet.Import(t.Context(), there)
		s := skipped(t, err)
		contains(t, s.Reason, "No valid credential sources found")
		contains(t, s.Remedy, "credentials")
	}
	if n := len(started(t, home)); n != 1 {
		t.Errorf("what was refused was tried again: %d processes", n)
	}
	if _, err := fleet.Import(t.Context(), thing("a")); err != nil {
		t.Errorf("another region: %v", err)
	}
}

func TestBoundedProcesses(t *testing.T) {
	t.Parallel()
	fleet, _ := fakeFleet(t, "five", func(o *Options) { o.MaxProcesses = 2 })
	var running, most atomic.Int64
	start := fleet.pool.start
	fleet.pool.start = func(ctx context.Context, b pluginBinary) (*process, error) {
		p, err := start(ctx, b)
		if err != nil {
			return nil, err
		}
		n := running.Add(1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		go func() {
			<-p.runner.exited
			running.Add(-1)
		}()
		return p, nil
	}
	var wait sync.WaitGroup
	for i := range 5 {
		for j := range 3 {
			wait.Go(func() {
				there := thing(fmt.Sprintf("linger-%d", j))
				there.Region = fmt.Sprintf("region-%d", i)
				if _, err := fleet.Import(t.Context(), there); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wait.Wait()
	if most.Load() > 2 {
		t.Errorf("%d processes at once", most.Load())
	}
}

// With one place and two regions that never pause, each must get its turn.
func TestBusyProcessYields(t *testing.T) {
	t.Parallel()
	fleet, home := fakeFleet(t, "five", func(o *Options) { o.MaxProcesses = 1 })
	fleet.pool.turn = time.Second
	var done [2]atomic.Int64
	var wait sync.WaitGroup
	for i := range done {
		for range 3 {
			wait.Go(func() {
				there := thing("linger")
				there.Region = fmt.Sprintf("region-%d", i)
				for done[0].Load() < 10 || done[1].Load() < 10 {
					if _, err := fleet.Import(t.Context(), there); err != nil {
						t.Error(err)
						return
					}
					done[i].Add(1)
				}
			})
		}
	}
	wait.Wait()
	if n := len(started(t, home)); n > 20 {
		t.Errorf("%d processes were started: they are thrown away too soon", n)
	}
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	fleet, home := fakeFleet(t, "five", nil)
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("enough")
	go func() {
		for len(started(t, home)) == 0 {
			time.Sleep(10 * time.Millisecond)
		}
		time.Sleep(200 * time.Millisecond)
		cancel(why)
	}()
	began := time.Now()
	if _, err := fleet.Import(ctx, thing("hang")); !errors.Is(err, why) {
		t.Errorf("got %v", err)
	}
	if took := time.Since(began); took > 15*time.Second {
		t.Errorf("took %s", took)
	}
	if err := fleet.Close(); err != nil {
		t.Error(err)
	}
	for _, pid := range started(t, home) {
		waitGone(t, pid)
	}
	_, err := fleet.Import(t.Context(), thing("a"))
	contains(t, skipped(t, err).Reason, "closed")
}

func alive(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	// In a container without an init, an orphan that has ended stays a zombie.
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return runtime.GOOS != "linux"
	}
	_, state, _ := strings.Cut(string(stat), ") ")
	return !strings.HasPrefix(state, "Z")
}

func waitGone(t testing.TB, pid int) {
	t.Helper()
	for range 200 {
		if !alive(pid) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("process %d is still there", pid)
	syscall.Kill(pid, syscall.SIGKILL)
}

// holdFleet is a Driftline that starts a provider, says so, and waits to be killed.
func holdFleet() {
	fleet := New(Options{Environ: os.Environ(), Config: func(_, _, _ string) map[string]cty.Value { return nil }})
	made, err := makeFolder("")
	fleet.install = func(_ context.Context, s selection) (pluginBinary, error) {
		return pluginBinary{source: s.source, version: "1.2.3", path: os.Getenv("DRIFTLINE_TEST_HOLD"), folder: made.path}, err
	}
	_, err = fleet.Import(context.Background(), thing("a"))
	fmt.Println("ready", err)
	select {}
}

func TestProviderDiesWithDriftline(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for name, kill := range map[string]func(pid int){
		"driftline alone": func(pid int) { syscall.Kill(pid, syscall.SIGKILL) },
		"its whole group": func(pid int) { syscall.Kill(-pid, syscall.SIGKILL) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			home := t.TempDir()
			binary := filepath.Join(home, "terraform-provider-five")
			if err := os.Symlink(self, binary); err != nil {
				t.Fatal(err)
			}
			driftline := exec.Command(self)
			temp, err := os.MkdirTemp("", "dl") // a socket's path holds 104 bytes: t.TempDir is too long
			if err != nil {
				t.Fatal(err)
			}
			defer os.RemoveAll(temp)
			driftline.Env = append(os.Environ(), "HOME="+home, "TMPDIR="+temp, "DRIFTLINE_TEST_HOLD="+binary)
			driftline.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
			driftline.Stderr = os.Stderr
			out, err := driftline.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := driftline.Start(); err != nil {
				t.Fatal(err)
			}
			line, err := bufio.NewReader(out).ReadString('\n')
			if err != nil || strings.TrimSpace(line) != "ready <nil>" {
				t.Fatalf("%q, %v", line, err)
			}
			pids := started(t, home)
			if len(pids) != 1 || !alive(pids[0]) {
				t.Fatalf("no provider runs: %v", pids)
			}
			kill(driftline.Process.Pid)
			_ = driftline.Wait()
			waitGone(t, pids[0])
			left, err := os.ReadDir(temp)
			for range 100 { // the supervisor tidies up a moment later
				if err != nil || len(left) == 0 {
					break
				}
				time.Sleep(50 * time.Millisecond)
				left, err = os.ReadDir(temp)
			}
			if err != nil || len(left) > 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}
