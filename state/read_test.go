package state

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gocloud.dev/blob"
	"gocloud.dev/blob/memblob"
	"golang.org/x/sync/errgroup"

	"github.com/seed-e90528ae/driftline/drift"
)

// one is a state of a single aws_vpc with this id.
func one(id string) string {
	return fmt.Sprintf(`{"version":4,"resources":[{"mode":"managed","type":"aws_vpc","name":"main",`+
		`"provider":"provider[\"registry.terraform.io/hashicorp/aws\"]","instances":[{"schema_version":1,"attributes":{"id":%q}}]}]}`, id)
}

// memory is a bucket that every mem:// URL opens.
type memory struct{ files map[string]string }

func (m memory) OpenBucketURL(ctx context.Context, _ *url.URL) (*blob.Bucket, error) {
	b := memblob.OpenBucket(nil)
	for key, content := range m.files {
		if err := b.WriteAll(ctx, key, []byte(content), nil); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func inMemory(files map[string]string) Options {
	mux := new(blob.URLMux)
	mux.RegisterBucket(memblob.Scheme, memory{files})
	return Options{Buckets: mux}
}

func mustParse(t testing.TB, urls ...string) []Source {
	t.Helper()
	sources, err := Parse(urls)
	if err != nil {
		t.Fatal(err)
	}
	return sources
}

// gather is what Instances says, one line each: "state: attributes" and "skipped state: reason".
func gather(t testing.TB, sources []Source, opts Options) (lines []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	for i, err := range Instances(ctx, sources, opts) {
		var skipped *drift.Skipped
		switch {
		case err == nil:
			line := i.State + ": " + string(i.Attributes)
			if i.RootModule != "" {
				line += " of " + i.RootModule
			}
			lines = append(lines, line)
		case errors.As(err, &skipped):
			if skipped.State == "" || skipped.What == "" || skipped.Remedy == "" {
				t.Errorf("incomplete: %+v", skipped)
			}
			lines = append(lines, "skipped "+skipped.State+": "+skipped.Reason)
		default:
			t.Errorf("%T: %v", err, err)
		}
	}
	return lines
}

func want(t testing.TB, got []string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPrefixesGlobsAndTwiceGivenStates(t *testing.T) {
	t.Parallel()
	opts := inMemory(map[string]string{
		"a.tfstate": one("a"), "d/b.tfstate": one("b"), "d/e/c.tfstate": one("c"),
		"d/b.tfstate.backup": one("backup"), "d/b.tfstate.tflock": "{}", "d/.terraform.tfstate.lock.info": "{}",
		".terraform/terraform.tfstate": `{"version":3}`, "d/readme": "text",
	})
	want(t, gather(t, mustParse(t, "mem://m/d/b.tfstate", "mem://m/**/*.tfstate", "mem://m/d/", "mem://m/a.tfstate"), opts),
		`mem://m/d/b.tfstate: {"id":"b"}`,
		`mem://m/a.tfstate: {"id":"a"}`,
		`mem://m/d/e/c.tfstate: {"id":"c"}`,
		`skipped mem://m/d/readme: the file is not JSON: invalid character 'e' in literal true (expecting 'r'), at byte 2`)
}

func TestNothingThere(t *testing.T) {
	t.Parallel()
	want(t, gather(t, mustParse(t, "mem://m/x", "mem://m/x/", "mem://m/*.tfstate"), inMemory(nil)),
		"skipped mem://m/x: there is no such state",
		"skipped mem://m/x/: nothing matches",
		"skipped mem://m/*.tfstate: nothing matches")
}

func TestFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, content := range map[string]string{"x/a b.tfstate": one("a"), "x/y/b.tfstate": one("b"), "x/zero": ""} {
		write(t, filepath.Join(dir, name), content)
	}
	at := "file:///" + strings.TrimPrefix(filepath.ToSlash(dir), "/")
	want(t, gather(t, mustParse(t, at+"/x/a%20b.tfstate", at+"/x/**/*.tfstate", at+"/x/y/b.tfstate", at+"/x", at+"/nowhere/", at+"/x/zero", at+"/x/zero/", at+"/none"), Options{}),
		at+`/x/a%20b.tfstate: {"id":"a"}`,
		at+`/x/y/b.tfstate: {"id":"b"}`,
		"skipped "+at+"/x: it is a directory",
		"skipped "+at+"/nowhere/: there is no such directory",
		"skipped "+at+"/x/zero: the file is empty (0 bytes)",
		"skipped "+at+"/x/zero/: it is below something that is not a directory",
		"skipped "+at+"/none: there is no such state")
}

func TestUnreadableFileAndDirectory(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" || os.Getuid() == 0 {
		t.Skip("needs a user whom file permissions bind")
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "denied"), one("a"))
	write(t, filepath.Join(dir, "shut/x"), one("b"))
	for _, name := range []string{"denied", "shut"} {
		if err := os.Chmod(filepath.Join(dir, name), 0); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { _ = os.Chmod(filepath.Join(dir, "shut"), 0o700) })
	got := gather(t, mustParse(t, "file://"+dir+"/"), Options{})
	if len(got) != 2 || !strings.Contains(got[0], "access denied: directory shut") || !strings.Contains(got[1], "/denied: access denied") {
		t.Error(got)
	}
}

func write(t testing.TB, name, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestTooLarge(t *testing.T) {
	t.Parallel()
	opts := inMemory(map[string]string{"big": one(strings.Repeat("x", 2<<20)), "small": one("s")})
	opts.MaxBytes = 1 << 20
	want(t, gather(t, mustParse(t, "mem://m/"), opts),
		"skipped mem://m/big: it is larger than the limit of 1 MiB",
		`mem://m/small: {"id":"s"}`)
}

// What stood before the cut has been yielded by the time that the cut is met; the next state is not touched by it.
func TestTruncatedHalfWay(t *testing.T) {
	t.Parallel()
	whole := strings.TrimSuffix(one("x"), "]}")
	opts := inMemory(map[string]string{"a": whole + `,{"mode":"managed","type":"aws_vpc"`, "b": one("y")})
	want(t, gather(t, mustParse(t, "mem://m/"), opts),
		`mem://m/a: {"id":"x"}`,
		"skipped mem://m/a: the file ends in the middle: it is truncated",
		`mem://m/b: {"id":"y"}`)
}

func TestConsumerMayStop(t *testing.T) {
	t.Parallel()
	files := map[string]string{}
	for i := range 200 {
		files[fmt.Sprintf("%03d", i)] = one("x")
	}
	n := 0
	for _, err := range Instances(t.Context(), mustParse(t, "mem://m/", "mem://m/none/"), inMemory(files)) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n == 3 {
			break
		}
	}
	if n != 3 {
		t.Errorf("%d instances", n)
	}
}

func TestCancelledContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	why := errors.New("enough")
	files := map[string]string{}
	for i := range 100 {
		files[fmt.Sprintf("%03d", i)] = one("x")
	}
	n, last := 0, error(nil)
	for _, err := range Instances(ctx, mustParse(t, "mem://m/"), inMemory(files)) {
		if n++; n == 3 {
			cancel(why)
		}
		last = err
	}
	if !errors.Is(last, why) || n > 4 {
		t.Errorf("%d answers, the last %v", n, last)
	}
}

// Memory stays bounded: 100 MB in 50 states, and no more than 40 MB of heap at any time while they stream.
func TestStreamsWithoutHoldingStates(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 100 MB")
	}
	dir := t.TempDir()
	var state bytes.Buffer
	if err := writeState(&state, 2_000_000); err != nil {
		t.Fatal(err)
	}
	for i := range 50 {
		write(t, filepath.Join(dir, fmt.Sprintf("%02d.tfstate", i)), state.String())
	}
	total := int64(50 * state.Len())
	state = bytes.Buffer{}
	source := mustParse(t, "file:///"+strings.TrimPrefix(filepath.ToSlash(dir), "/")+"/")

	instances := 0
	growth := heapGrowth(func() { instances = count(t, source) })
	t.Logf("%d instances, %d MB of states, heap grew by %.1f MB", instances, total/1e6, float64(growth)/1e6)
	if instances < 40_000 || growth > 40e6 {
		t.Errorf("%d instances, heap grew by %d bytes", instances, growth)
	}
}

// heapGrowth is by how many bytes the heap grew, at most, while something was done.
func heapGrowth(do func()) int64 {
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var peak uint64
	done, sampled := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(sampled)
		for {
			runtime.ReadMemStats(&now)
			peak = max(peak, now.HeapAlloc)
			select {
			case <-done:
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	}()
	do()
	close(done)
	<-sampled
	return int64(peak) - int64(before.HeapAlloc)
}

func count(t testing.TB, sources []Source) (instances int) {
	t.Helper()
	for _, err := range Instances(t.Context(), sources, Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		instances++
	}
	return instances
}

// BenchmarkGigabyte reads a gigabyte in 500 states from files, the whole path but the network, and tells how long
// encoding/json takes to decode the same files, as many at a time. The files are one: only its names are many.
func BenchmarkGigabyte(b *testing.B) {
	dir := b.TempDir()
	var state bytes.Buffer
	if err := writeState(&state, 2_000_000); err != nil {
		b.Fatal(err)
	}
	var names []string
	for i := range 500 {
		names = append(names, filepath.Join(dir, fmt.Sprintf("%03d.tfstate", i)))
		if i == 0 {
			write(b, names[0], state.String())
		} else if err := os.Link(names[0], names[i]); err != nil {
			b.Fatal(err)
		}
	}
	total := 500 * int64(state.Len())
	source := mustParse(b, "file:///"+strings.TrimPrefix(filepath.ToSlash(dir), "/")+"/")
	b.SetBytes(total)

	var growth int64
	for b.Loop() {
		growth = max(growth, heapGrowth(func() {
			if n := count(b, source); n < 400_000 {
				b.Fatalf("%d instances", n)
			}
		}))
	}
	ours := b.Elapsed() / time.Duration(b.N)
	begun := time.Now()
	theirGrowth := heapGrowth(func() { decodeWhole(b, names) })
	b.ReportMetric(float64(growth)/1e6, "heap-MB")
	b.ReportMetric(float64(theirGrowth)/1e6, "json-heap-MB")
	b.ReportMetric(float64(time.Since(begun))/float64(ours), "times-as-fast-as-json")
}

// decodeWhole has encoding/json decode files, as a program does that knows nothing of their size.
func decodeWhole(b *testing.B, names []string) {
	b.Helper()
	var group errgroup.Group
	group.SetLimit(DefaultConcurrency)
	for _, name := range names {
		group.Go(func() error {
			content, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			var v any
			return json.Unmarshal(content, &v)
		})
	}
	if err := group.Wait(); err != nil {
		b.Fatal(err)
	}
}

func TestRootModuleOfAGivenState(t *testing.T) {
	t.Parallel()
	dir := checkoutOf(t, "roots.txtar")
	_, roots, _ := Roots(t.Context(), dir)
	for shown, want := range map[string]struct{ root, workspace string }{
		"s3://states/net/terraform.tfstate":                   {"net", ""},
		"s3://states/env:/prod/net/terraform.tfstate":         {"net", "prod"},
		"s3://states/env:/prod/deeper/net/terraform.tfstate":  {"", ""},
		"s3://other/net/terraform.tfstate":                    {"", ""},
		"gs://right/team/net/blue.tfstate":                    {"override", "blue"},
		"gs://right/team/net/default.tfstate":                 {"override", ""},
		"gs://right/team/net/sub/blue.tfstate":                {"", ""},
		"azblob://tfstate/prod.tfstateenv:blue":               {"azure", "blue"},
		"azblob://tfstate/prod.tfstate?storage_account=other": {"", ""},
	} {
		s := mustParse(t, shown)[0]
		r := newReader(Options{Roots: roots})
		if root, workspace := r.root(&s, s.base, s.key); root != want.root || workspace != want.workspace {
			t.Errorf("%s is of root module %q, workspace %q, want %v", shown, root, workspace, want)
		}
	}
}

func sorted(lines []string) []string {
	slices.Sort(lines)
	return lines
}
