package assessment

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-e90528ae/driftline/drift"
)

// TestMain is the program that is asked, too: under the name of trivy or infracost this binary answers as its namesake is
// documented to, from testdata. Neither can be had everywhere.
func TestMain(m *testing.M) {
	name := filepath.Base(os.Args[0])
	if name == "trivy" || name == "infracost" {
		os.Exit(played(strings.ToUpper(name) + "_"))
	}
	os.Exit(m.Run())
}

// call is what a played program was told.
type call struct {
	Args, Env []string
	Files     map[string]string
}

// played notes how it was called, and does as the variables say that begin with its name.
func played(prefix string) int {
	dir, _ := os.Getwd()
	c := call{Args: os.Args[1:], Env: os.Environ(), Files: map[string]string{}}
	_ = fs.WalkDir(os.DirFS(dir), ".", func(name string, e fs.DirEntry, _ error) error {
		if !e.IsDir() {
			text, _ := os.ReadFile(name)
			c.Files[name] = string(text)
		}
		return nil
	})
	note, _ := json.Marshal(c)
	if f, err := os.OpenFile(os.Getenv(prefix+"NOTE"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600); err == nil {
		_, _ = f.Write(append(note, '\n'))
		_ = f.Close()
	}
	switch answer := os.Getenv(prefix + "ANSWER"); answer {
	case "hang":
		time.Sleep(time.Minute)
	case "flood":
		for range maxOutput>>20 + 2 {
			_, _ = os.Stdout.Write(make([]byte, 1<<20))
		}
	case "fail":
		fmt.Fprintf(os.Stderr, "INFO	one\nFATAL	no checks below %s/x\n", dir)
		return 1
	default:
		if text, err := os.ReadFile(answer); err == nil {
			_, _ = os.Stdout.Write(text)
			return 0
		}
		fmt.Print(answer)
	}
	return 0
}

// player is options that have this binary play a program, and a function that tells how it was called.
func player(t *testing.T, name, answer string) (Options, func() []call) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program, note := filepath.Join(t.TempDir(), name), filepath.Join(t.TempDir(), "note")
	if err := os.Symlink(self, program); err != nil {
		t.Skip("needs symbolic links: ", err)
	}
	if file, err := filepath.Abs(filepath.Join("testdata", answer)); err == nil && strings.HasSuffix(answer, ".json") {
		answer = file
	}
	prefix := strings.ToUpper(name) + "_"
	o := Options{Program: program, Files: code(), Environ: append(os.Environ(), "AWS_SECRET_ACCESS_KEY=quiet meadow", "GITHUB_TOKEN=ghs_x",
		prefix+"NOTE="+note, prefix+"ANSWER="+answer)}
	return o, func() (calls []call) {
		text, err := os.ReadFile(note)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			var c call
			if err := json.Unmarshal([]byte(line), &c); err != nil {
				t.Fatal(err)
			}
			calls = append(calls, c)
		}
		return calls
	}
}

func code() []drift.File {
	return []drift.File{{Path: "app/driftline_s3.tf", Content: []byte("# s3\n")}, {Path: "app/driftline_ec2.tf", Content: []byte("# ec2\n")},
		{Path: "app/driftline_import.sh", Content: []byte("#!/bin/sh\n")}}
}

func report() *drift.Report {
	unmanaged := func(typ, name, file string, line int) drift.Unmanaged {
		return drift.Unmanaged{Resource: drift.Resource{Provider: drift.AWS, Type: typ, ImportID: name}, SuggestedAddress: typ + "." + name,
			RootModule: "app", File: file, Line: line}
	}
	r := &drift.Report{Unmanaged: []drift.Unmanaged{
		unmanaged("aws_s3_bucket", "logs", "app/driftline_s3.tf", 6), unmanaged("aws_s3_bucket", "next", "app/driftline_s3.tf", 20),
		unmanaged("aws_instance", "web", "app/driftline_ec2.tf", 6), unmanaged("aws_vpc", "nowhere", "", 0),
	}}
	r.Finish()
	return r
}

func TestWeaknessesAreJoinedToResources(t *testing.T) {
	t.Parallel()
	o, calls := player(t, "trivy", "trivy.json")
	r := report()
	Security(context.Background(), r, o)
	if r.Security == nil || !r.Complete || len(r.Skipped) > 0 {
		t.Fatalf("security is %+v, skipped %+v", r.Security, r.Skipped)
	}
	var got []string
	for _, w := range r.Security.Weaknesses {
		got = append(got, fmt.Sprintf("%s %s %s:%d %s", w.Severity, w.Rule, w.File, w.Line, w.Address))
	}
	want := []string{"high AWS-0086 app/driftline_s3.tf:6 aws_s3_bucket.logs", "low AWS-0089 app/driftline_s3.tf:6 aws_s3_bucket.logs"}
	if diff := cmp.Diff(want, got); diff != "" || r.Security.Scanner != "Trivy 0.68.2" {
		t.Errorf("by %s (-want +got):\n%s", r.Security.Scanner, diff)
	}
	if w := r.Security.Weaknesses; w[0].URL != "" || w[1].URL != "https://avd.aquasec.com/misconfig/aws-0089" || w[1].Message == "" || w[1].Resolution == "" {
		t.Errorf("got %+v", w)
	}
	c := calls()[0]
	if diff := cmp.Diff(map[string]string{"app/driftline_s3.tf": "# s3\n", "app/driftline_ec2.tf": "# ec2\n"}, c.Files); diff != "" {
		t.Errorf("it was shown (-want +got):\n%s", diff)
	}
	if want := []string{"config", "--quiet", "--format", "json", "--exit-code", "0"}; !slices.Equal(c.Args[:len(c.Args)-1], want) {
		t.Errorf("called with %q", c.Args)
	}
	checkEnvironment(t, c.Env, "TRIVY_DISABLE_TELEMETRY=true")
}

func checkEnvironment(t *testing.T, env []string, wants ...string) {
	t.Helper()
	for _, setting := range env {
		if strings.HasPrefix(setting, "AWS_") || strings.HasPrefix(setting, "GITHUB_") {
			t.Errorf("it was given %s", setting)
		}
	}
	for _, want := range wants {
		if !slices.Contains(env, want) {
			t.Errorf("it was not given %s", want)
		}
	}
}

func TestCostsAreJoinedAndAdded(t *testing.T) {
	t.Parallel()
	o, calls := player(t, "infracost", "infracost.json")
	r := report()
	Cost(context.Background(), r, "ico-key", o)
	if r.Cost == nil || *r.Cost != (drift.Cost{Estimator: "Infracost", Currency: "USD", Monthly: 742.64}) || len(r.Skipped) > 0 {
		t.Fatalf("cost is %+v, skipped %+v", r.Cost, r.Skipped)
	}
	for _, u := range r.Unmanaged {
		if (u.MonthlyCost != nil) != (u.Type == "aws_instance") || u.MonthlyCost != nil && *u.MonthlyCost != 742.64 {
			t.Errorf("%s costs %v", u.SuggestedAddress, u.MonthlyCost)
		}
	}
	c := calls()
	if len(c) != 1 || c[0].Args[0] != "breakdown" || filepath.Base(c[0].Args[2]) != "app" {
		t.Errorf("called %+v", c)
	}
	checkEnvironment(t, c[0].Env, "INFRACOST_API_KEY=ico-key", "INFRACOST_ENABLE_CLOUD=false")
	if part := r.Only(func(root string) bool { return root == "other" }); part.Cost.Monthly != 0 {
		t.Errorf("another root module costs %v", part.Cost.Monthly)
	}
}

func TestWhatFailsIsSkipped(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]string{
		"hang": "was not done after 1s", "fail": "FATAL\tno checks below /x", "flood": "said more than 64 MiB",
		"no JSON": "cannot be read", `{"SchemaVersion":3}`: "schema version 3",
	} {
		t.Run(answer, func(t *testing.T) {
			t.Parallel()
			o, _ := player(t, "trivy", answer)
			if answer == "hang" {
				o.Timeout = time.Second
			}
			r := report()
			started := time.Now()
			Security(context.Background(), r, o)
			if r.Security != nil || len(r.Skipped) != 1 || !r.Complete || time.Since(started) > 30*time.Second {
				t.Fatalf("security is %+v, skipped %+v", r.Security, r.Skipped)
			}
			s := r.Skipped[0]
			if !strings.Contains(s.Reason, want) || strings.Contains(s.Reason, "driftline-assessment") || s.Remedy == "" {
				t.Errorf("skipped is %+v; want %q", s, want)
			}
		})
	}
	for name, say := range map[string]func(*drift.Report){"trivy": NoTrivy, "infracost": NoInfracost} {
		r := report()
		say(r)
		if len(r.Skipped) != 1 || !strings.Contains(r.Skipped[0].Reason, name) || !r.Complete {
			t.Errorf("%s: skipped is %+v", name, r.Skipped)
		}
	}
}

func TestACostThatIsNoNumberIsSkipped(t *testing.T) {
	t.Parallel()
	o, _ := player(t, "infracost", `{"currency":"USD","projects":[{"breakdown":{"resources":[{"name":"aws_instance.web","monthlyCost":"NaN"}]}}]}`)
	r := report()
	Cost(context.Background(), r, "k", o)
	if r.Cost != nil || len(r.Skipped) != 1 || !strings.Contains(r.Skipped[0].Reason, "NaN") {
		t.Errorf("cost is %+v, skipped %+v", r.Cost, r.Skipped)
	}
}
