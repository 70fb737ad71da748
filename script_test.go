package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/seed-e90528ae/driftline/inventory/replay"
	"github.com/seed-e90528ae/driftline/provider"
)

var update = flag.Bool("update", false, "write what is compared: files in testdata/script, regions of README.md")

func TestMain(m *testing.M) {
	if provider.Supervise() {
		return
	}
	testscript.Main(m, map[string]func(){"driftline": main})
}

// TestScripts runs testdata/script/*.txtar: whole runs of the program, which is this test binary, with nothing but Go.
// Nothing else is on PATH, and no credentials are anywhere. estate.json is there for recording. Besides testscript's own commands there are:
//
//	exits CODE driftline ARG...      run it and expect this very exit code
//	recording ESTATE.json FILE       make a replay file of an estate (see estate)
//	fake-aws                         an AWS that knows whose credentials these are, and nothing else
//	fake-github [REFUSAL]            a GitHub with a repository o/r; REFUSAL: read-only, no-pulls
//	requests                         print what the GitHub was asked, one request a line
//	on-branch BRANCH PATH            print a file of a branch
//	pull-touches PATH...             let the GitHub say that any pull request changes these files
//	report-on N                      print the issue N, or the comments of all pull requests for N below 100
//	shape FILE.json                  print every path of a JSON document, one a line, and which lists are empty
//	set-version FILE N               make a recording one of another version
func TestScripts(t *testing.T) {
	t.Parallel()
	own, err := exec.LookPath("driftline")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                filepath.Join("testdata", "script"),
		RequireUniqueNames: true,
		UpdateScripts:      *update,
		Setup: func(e *testscript.Env) error {
			home := filepath.Join(e.WorkDir, "home")
			e.Values[githubKey{}] = &fakeGitHub{}
			e.Setenv("PATH", filepath.Dir(own))
			e.Setenv("HOME", home)
			e.Setenv("AWS_EC2_METADATA_DISABLED", "true") // the SDK would ask for credentials there
			if err := os.Mkdir(home, 0o700); err != nil {
				return err
			}
			estate, err := os.ReadFile(filepath.Join("testdata", "script", "estate.json"))
			if err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(e.WorkDir, "estate.json"), estate, 0o600)
		},
		Condition: func(name string) (bool, error) {
			if name != "root" {
				return false, fmt.Errorf("unknown condition %q", name)
			}
			return os.Geteuid() == 0, nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits": exits, "recording": recording, "fake-aws": fakeAWS, "fake-github": startGitHub, "requests": requests,
			"on-branch": onBranch, "shape": shape, "set-version": setVersion, "pull-touches": pullTouches, "report-on": reportOn,
		},
	})
}

// want checks a command's use: how many arguments, and no negation.
func want(ts *testscript.TestScript, neg bool, args []string, usage string, counts ...int) {
	if neg || !slices.Contains(counts, len(args)) {
		ts.Fatalf("usage: %s", usage)
	}
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE program ARG...")
	}
	code := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		code = exit.ExitCode()
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit code %d, not %s", code, args[0])
	}
}

func recording(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, neg, args, "recording ESTATE.json FILE", 2)
	var e estate
	decoder := json.NewDecoder(strings.NewReader(ts.ReadFile(args[0])))
	decoder.DisallowUnknownFields()
	ts.Check(decoder.Decode(&e))
	ts.Check(recordEstate(context.Background(), e, ts.MkAbs(args[1])))
}

func setVersion(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, neg, args, "set-version FILE N", 2)
	name := ts.MkAbs(args[0])
	file, err := os.Open(name)
	ts.Check(err)
	defer file.Close()
	r, err := replay.Read(file, name)
	ts.Check(err)
	r.Version, err = strconv.Atoi(args[1])
	ts.Check(err)
	ts.Check(saveRecording(name, r))
}

// fakeAWS answers GetCallerIdentity, as docs.aws.amazon.com/STS/latest/APIReference has it, and refuses all else.
func fakeAWS(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, neg, args, "fake-aws", 0)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("Action") != "GetCallerIdentity" {
			http.Error(w, "this AWS lists nothing", http.StatusForbidden)
			return
		}
		fmt.Fprintf(w, `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>`+
			`<Account>%s</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`, fakeAccount)
	}))
	ts.Defer(server.Close)
	ts.Setenv("AWS_ENDPOINT_URL", server.URL)
	ts.Setenv("AWS_ACCESS_KEY_ID", "test")
	ts.Setenv("AWS_SECRET_ACCESS_KEY", "test")
	ts.Setenv("AWS_REGION", fakeRegion)
}

// refusals are GitHub's own words: of a token that may only read, and of a repository whose settings forbid it.
var refusals = map[string]func(*http.Request) (int, string){
	"": func(*http.Request) (int, string) { return 0, "" },
	"read-only": func(r *http.Request) (int, string) {
		if r.Method == http.MethodGet {
			return 0, ""
		}
		return http.StatusForbidden, "Resource not accessible by integration"
	},
	"no-pulls": func(r *http.Request) (int, string) {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/pulls") {
			return http.StatusForbidden, "GitHub Actions is not permitted to create or approve pull requests."
		}
		return 0, ""
	},
}

// githubKey is where a script keeps its GitHub.
type githubKey struct{}

func startGitHub(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, neg, args, "fake-github [REFUSAL]", 0, 1)
	refuse, known := refusals[strings.Join(args, "")]
	if !known {
		ts.Fatalf("refusals are %q", slices.Sorted(maps.Keys(refusals)))
	}
	g := githubOf(ts)
	g.reset(refuse)
	server := httptest.NewServer(g)
	ts.Defer(server.Close)
	ts.Setenv("GITHUB_API_URL", server.URL)
	ts.Setenv("GITHUB_REPOSITORY", "o/r")
	ts.Setenv("GITHUB_TOKEN", fakeToken)
	ts.Setenv("GITHUB_WORKSPACE", ts.MkAbs("."))
}

func githubOf(ts *testscript.TestScript) *fakeGitHub {
	return ts.Value(githubKey{}).(*fakeGitHub)
}

func requests(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, neg, args, "requests", 0)
	g := githubOf(ts)
	g.mu.Lock()
	defer g.mu.Unlock()
	fmt.Fprintln(ts.Stdout(), strings.Join(g.requests, "\n"))
	g.requests = nil
}

func onBranch(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, false, args, "[!] on-branch BRANCH PATH", 2)
	content, ok := githubOf(ts).file(args[0], args[1])
	if ok == neg {
		ts.Fatalf("%s on %s: %v", args[1], args[0], ok)
	}
	fmt.Fprint(ts.Stdout(), content)
}

func pullTouches(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, neg, args, "pull-touches PATH...", 1, 2, 3)
	g := githubOf(ts)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.changed = args
}

func reportOn(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, neg, args, "report-on N", 1)
	g := githubOf(ts)
	g.mu.Lock()
	defer g.mu.Unlock()
	if n, err := strconv.Atoi(args[0]); err == nil && n > 100 {
		if n > 100+len(g.issues) {
			ts.Fatalf("no issue %d", n)
		}
		fmt.Fprintf(ts.Stdout(), "state: %v\ntitle: %v\n%v\n", g.issues[n-101]["state"], g.issues[n-101]["title"], g.issues[n-101]["body"])
		return
	}
	for _, c := range g.comments {
		fmt.Fprintln(ts.Stdout(), c["body"])
	}
}

func shape(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, neg, args, "shape FILE.json", 1)
	var document any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &document))
	paths := map[string]bool{}
	outline("", document, paths)
	for _, p := range slices.Sorted(maps.Keys(paths)) {
		fmt.Fprintln(ts.Stdout(), p)
	}
}

// outline collects the paths of a document: summary.managed, drifted[].changes[].path, owned = [].
func outline(at string, v any, paths map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		if strings.HasSuffix(at, ".tags") { // its keys are data
			paths[at] = true
			return
		}
		for name, inner := range v {
			outline(strings.TrimPrefix(at+"."+name, "."), inner, paths)
		}
	case []any:
		if len(v) == 0 {
			paths[at+" = []"] = true
		}
		for _, inner := range v {
			outline(at+"[]", inner, paths)
		}
	default:
		paths[at] = true
	}
}
