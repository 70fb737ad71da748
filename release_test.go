package main_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"
)

// TestFetch lets release/fetch.sh fetch from a server of releases: only the bytes of the checksum are taken.
func TestFetch(t *testing.T) {
	t.Parallel()
	for _, program := range []string{"bash", "curl"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip("needs " + program)
		}
	}
	const program = "#!/bin/sh\necho released\n"
	name := fmt.Sprintf("driftline_%s_%s", runtime.GOOS, runtime.GOARCH)
	sum := sha256.Sum256([]byte(program))
	checksums := hex.EncodeToString(sum[:]) + "  " + name + "\n"
	for title, tc := range map[string]struct {
		version, checksums, served string
		says                       string
		fetched                    bool
	}{
		"as released":      {"1.2.3", checksums, program, "verified", true},
		"other bytes":      {"1.2.3", checksums, program + "rm -rf /\n", "is not what was released", false},
		"nothing there":    {"1.2.3", checksums, "", "could not be fetched", false},
		"another platform": {"1.2.3", strings.ReplaceAll(checksums, name, "driftline_plan9_mips"), program, "was not released for", false},
		"no checksums":     {"1.2.3", "", program, "belongs to no release", false},
		"no release":       {"none", checksums, program, "belongs to no release", false},
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			script := read(t, filepath.Join("release", "fetch.sh"))
			// The server of the test has neither https nor, for what is missing, patience.
			script = strings.NewReplacer("--proto-redir '=https' ", "", "--retry 3", "--retry 0").Replace(script)
			for file, text := range map[string]string{"fetch.sh": script, "version": tc.version + "\n", "checksums.txt": tc.checksums} {
				if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if tc.served == "" || r.URL.Path != "/releases/v1.2.3/"+name {
					http.NotFound(w, r)
					return
				}
				_, _ = io.WriteString(w, tc.served)
			}))
			defer server.Close()
			bin := filepath.Join(dir, "bin")
			fetch := exec.Command("bash", filepath.Join(dir, "fetch.sh"), server.URL+"/releases", bin)
			out, err := fetch.CombinedOutput()
			if !strings.Contains(string(out), tc.says) || (err == nil) != tc.fetched {
				t.Errorf("%v: %s", err, out)
			}
			got, err := os.ReadFile(filepath.Join(bin, "driftline"))
			if fetched := err == nil && string(got) == program; fetched != tc.fetched {
				t.Errorf("in the folder: %q, %v", got, err)
			}
			if left, _ := os.ReadDir(bin); !tc.fetched && len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

// largest is what the program may have in bytes: some 85 MB, and room to grow.
const largest = 120 << 20

// TestBuildIsReproducible builds the program twice, in two places, as the release workflow does. The second time none of what
// the first has compiled of this module is at hand, so that a path, a time or an order that has got into it shows. What others
// have written is compiled once: go.sum holds it, and it lies in one place whoever builds. (The release workflow compiles
// everything twice.)
func TestBuildIsReproducible(t *testing.T) {
	t.Parallel()
	if os.Getenv("DRIFTLINE_TRUST") == "" {
		t.Skip("needs DRIFTLINE_TRUST=1 and minutes: make e2e-trust")
	}
	first, second := filepath.Join(t.TempDir(), "a", "source"), filepath.Join(t.TempDir(), "some", "where", "else", "source")
	copySource(t, ".", first)
	copySource(t, first, second)
	var programs [][]byte
	for _, source := range []string{first, second} {
		environ := os.Environ()
		if source == second {
			environ = append(environ, "GOCACHE="+cacheWithoutUs(t, first))
		}
		started := time.Now()
		inDir(t, source, environ, "make", "dist/driftline")
		t.Logf("built in %s, %s", source, time.Since(started).Round(time.Second))
		program, err := os.ReadFile(filepath.Join(source, "dist", "driftline"))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(program, []byte(source)) {
			t.Errorf("the program knows where it was built: %s", source)
		}
		if len(program) > largest {
			t.Errorf("the program has %d bytes: something calls methods by name, for which the linker keeps all of them", len(program))
		}
		programs = append(programs, program)
	}
	if !bytes.Equal(programs[0], programs[1]) {
		t.Errorf("two builds differ: %d and %d bytes", len(programs[0]), len(programs[1]))
	}
	t.Logf("%d bytes, SHA-256 %x", len(programs[0]), sha256.Sum256(programs[0]))
}

// copySource copies a checkout, but for what is built in it.
func copySource(t *testing.T, from, to string) {
	t.Helper()
	files, left := os.DirFS(from), []string{".git", "dist", "driftline"}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case slices.Contains(left, name) && entry.IsDir():
			return fs.SkipDir
		case slices.Contains(left, name):
			return nil
		case entry.IsDir():
			return os.MkdirAll(filepath.Join(to, name), 0o755)
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, name), text, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// cacheWithoutUs is Go's build cache with the same files, but for what was compiled of this module's packages.
func cacheWithoutUs(t *testing.T, source string) string {
	t.Helper()
	cache := strings.TrimSpace(inDir(t, ".", os.Environ(), "go", "env", "GOCACHE"))
	private, err := os.MkdirTemp(filepath.Dir(cache), "go-build-again-") // beside it: files of one file system can have two names
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(private) })
	err = filepath.WalkDir(cache, func(name string, entry fs.DirEntry, err error) error {
		to := filepath.Join(private, strings.TrimPrefix(name, cache))
		switch {
		case errors.Is(err, fs.ErrNotExist): // Go has just replaced it
			return nil
		case err != nil:
			return err
		case entry.IsDir():
			return os.MkdirAll(to, 0o755)
		}
		if err := os.Link(name, to); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	flags := strings.TrimSpace(inDir(t, source, os.Environ(), "make", "-s", "--eval", "flags:;@echo $(GOFLAGS)", "flags"))
	environ := append(os.Environ(), "GOCACHE="+private, "CGO_ENABLED=0", "GOFLAGS="+flags)
	ours := strings.Fields(inDir(t, source, environ, "go", "list", "-deps", "-trimpath", "-buildvcs=false", "-export", "-f", "{{if .Module}}{{if .Module.Main}}{{.Export}}{{end}}{{end}}", "."))
	if len(ours) < 15 {
		t.Fatalf("%d packages of ours are in the cache: %q", len(ours), ours)
	}
	for _, compiled := range ours {
		if err := os.Remove(compiled); err != nil {
			t.Fatal(err)
		}
	}
	return private
}

func inDir(t *testing.T, dir string, environ []string, program string, args ...string) string {
	t.Helper()
	command := exec.Command(program, args...)
	command.Dir, command.Env = dir, environ
	var complaint bytes.Buffer
	command.Stderr = &complaint
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s%s", program, strings.Join(args, " "), err, out, complaint.String())
	}
	return string(out)
}

// TestActionsArePinned: what runs in a workflow of ours, or of who copies ours, is named by its commit; a workflow of ours
// is given no more than it says, and takes no text of others into a script.
func TestActionsArePinned(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(".github", "workflows", "*.yml"))
	if err != nil || len(files) < 4 {
		t.Fatal(files, err)
	}
	examples, err := filepath.Glob(filepath.Join("examples", "*", "*.yml"))
	if err != nil {
		t.Fatal(err)
	}
	pinned := regexp.MustCompile(`^[\w.-]+/[\w./-]+@[0-9a-f]{40}$`)
	uses := regexp.MustCompile(`(?m)^\s*(?:- )?uses: (\S+)(.*)$`)
	for _, file := range append(append(files, examples...), "action.yml") {
		text := read(t, file)
		for _, m := range uses.FindAllStringSubmatch(text, -1) {
			if strings.HasPrefix(m[1], "seed-e90528ae/driftline@") || strings.HasPrefix(m[1], "./") {
				continue
			}
			if !pinned.MatchString(m[1]) || !regexp.MustCompile(`^ # v\d`).MatchString(m[2]) {
				t.Errorf("%s: %s%s is not pinned to a commit with its version beside it", file, m[1], m[2])
			}
		}
	}
	for _, file := range files {
		var workflow struct {
			Permissions *map[string]string
			Jobs        map[string]struct{ Steps []struct{ Run string } }
		}
		if err := yaml.Unmarshal([]byte(read(t, file)), &workflow); err != nil {
			t.Fatal(file, err)
		}
		if workflow.Permissions == nil || len(*workflow.Permissions) > 0 {
			t.Errorf("%s: permissions for every job: write `permissions: {}`, and to each job what it needs", file)
		}
		for _, job := range workflow.Jobs {
			for _, step := range job.Steps {
				if strings.Contains(step.Run, "${{") {
					t.Errorf("%s: an expression inside a script: %s", file, step.Run)
				}
			}
		}
	}
}

// TestImageIsBare holds the container and its job to what SECURITY.md says of them.
func TestImageIsBare(t *testing.T) {
	t.Parallel()
	dockerfile := read(t, "Dockerfile")
	_, last, _ := strings.Cut(dockerfile, "\nFROM gcr.io/distroless/static-")
	if strings.Count(dockerfile, "\nFROM ") != 3 || !strings.Contains(last, "\nUSER 65532:65532\n") || regexp.MustCompile(`(?m)^(RUN|SHELL|HEALTHCHECK|VOLUME|ADD)\b`).MatchString(last) {
		t.Errorf("the last stage is not bare:\n%s", last)
	}
	documents := yaml.NewDecoder(strings.NewReader(read(t, filepath.Join("examples", "kubernetes", "cronjob.yaml"))))
	for {
		var d struct {
			Kind                         string
			AutomountServiceAccountToken *bool `yaml:"automountServiceAccountToken"`
			Spec                         struct {
				JobTemplate struct {
					Spec struct {
						Template struct {
							Spec struct {
								AutomountServiceAccountToken *bool `yaml:"automountServiceAccountToken"`
								SecurityContext              struct {
									RunAsNonRoot   bool `yaml:"runAsNonRoot"`
									SeccompProfile struct{ Type string }
								} `yaml:"securityContext"`
								Containers []struct {
									Image           string
									SecurityContext struct {
										AllowPrivilegeEscalation *bool `yaml:"allowPrivilegeEscalation"`
										ReadOnlyRootFilesystem   bool  `yaml:"readOnlyRootFilesystem"`
										Capabilities             struct{ Drop, Add []string }
									} `yaml:"securityContext"`
								}
								Volumes []map[string]any
							}
						}
					}
				} `yaml:"jobTemplate"`
			}
		}
		err := documents.Decode(&d)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if d.Kind == "ServiceAccount" {
			if d.AutomountServiceAccountToken == nil || *d.AutomountServiceAccountToken {
				t.Error("the service account's token is mounted")
			}
			continue
		}
		pod := d.Spec.JobTemplate.Spec.Template.Spec
		if pod.AutomountServiceAccountToken == nil || *pod.AutomountServiceAccountToken || !pod.SecurityContext.RunAsNonRoot || len(pod.Containers) != 1 {
			t.Errorf("the pod: %+v", pod)
		}
		for _, c := range pod.Containers {
			s := c.SecurityContext
			if s.AllowPrivilegeEscalation == nil || *s.AllowPrivilegeEscalation || !s.ReadOnlyRootFilesystem || fmt.Sprint(s.Capabilities.Drop) != "[ALL]" || len(s.Capabilities.Add) > 0 {
				t.Errorf("the container: %+v", s)
			}
			if !strings.Contains(c.Image, "@sha256:") {
				t.Errorf("%s is not named by its digest", c.Image)
			}
		}
		for _, v := range pod.Volumes {
			if v["hostPath"] != nil {
				t.Errorf("the pod sees the machine: %v", v)
			}
		}
	}
}
