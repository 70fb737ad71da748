package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/seed-e90528ae/driftline/config"
	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/internal/console"
	"github.com/seed-e90528ae/driftline/inventory/replay"
	"github.com/seed-e90528ae/driftline/prcomment"
)

// Files under the output directory.
const (
	reportJSON     = "report.json"
	reportMarkdown = "report.md"
	reportHTML     = "report.html"
	reportSARIF    = "report.sarif"
	codeDir        = "code"
)

// writable makes sure of the output directory before anything is asked of a cloud.
func writable(dir string) error {
	if dir == "" {
		return nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make the output directory: %w; give a directory that can be written to as `output_dir`", err)
	}
	return writableFile(filepath.Join(dir, reportJSON))
}

// writableFile makes sure that a file can be written, and leaves nothing behind.
func writableFile(name string) error {
	if name == "" {
		return nil
	}
	probe, err := os.CreateTemp(filepath.Dir(name), ".driftline-*")
	if err != nil {
		return fmt.Errorf("write %s: %w; name a place that can be written to", name, err)
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// save leaves the report in all its forms and the generated code under dir. prefix is the checkout's place in its
// repository.
func save(dir, prefix string, found *drift.Report, files []drift.File) error {
	if dir == "" {
		return nil
	}
	asJSON, err := prcomment.JSON(found)
	if err != nil {
		return err
	}
	sarif, err := prcomment.SARIF(found, prcomment.SARIFOptions{Prefix: prefix, Version: version()})
	if err != nil {
		return err
	}
	html, err := prcomment.HTML(found)
	if err != nil {
		return err
	}
	markdown := prcomment.Markdown(found, prcomment.Options{CodeIn: "`" + codeDir + "`"})
	if err := os.RemoveAll(filepath.Join(dir, codeDir)); err != nil {
		return fmt.Errorf("clear the code of an earlier run: %w", err)
	}
	out := []drift.File{{Path: reportJSON, Content: asJSON}, {Path: reportMarkdown, Content: []byte(markdown)},
		{Path: reportHTML, Content: html}, {Path: reportSARIF, Content: sarif}}
	for _, f := range files {
		if !filepath.IsLocal(filepath.FromSlash(f.Path)) {
			return fmt.Errorf("%s is not below the checkout: nothing is written there", f.Path)
		}
		out = append(out, drift.File{Path: path.Join(codeDir, f.Path), Content: f.Content})
	}
	root, err := os.OpenRoot(dir) // nothing that a root module is called can lead out of it
	if err != nil {
		return fmt.Errorf("open the output directory: %w", err)
	}
	defer root.Close()
	for _, f := range out {
		name := filepath.FromSlash(f.Path)
		if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return fmt.Errorf("write %s: %w", f.Path, err)
		}
		if err := root.WriteFile(name, f.Content, 0o644); err != nil {
			return fmt.Errorf("write %s: %w", f.Path, err)
		}
	}
	return nil
}

// saveRecording writes a replay file as a whole or not at all.
func saveRecording(name string, recording *replay.Recording) error {
	file, err := os.CreateTemp(filepath.Dir(name), ".driftline-*")
	if err != nil {
		return fmt.Errorf("write the recording: %w", err)
	}
	defer os.Remove(file.Name()) // gone already when all went well
	if err := replay.Write(file, name, recording); err != nil {
		return errors.Join(err, file.Close())
	}
	if err := file.Close(); err != nil {
		return fmt.Errorf("write the recording: %w", err)
	}
	return os.Rename(file.Name(), name)
}

// render is `driftline show` and `driftline gen-driftignore`: a finished report in another form.
func render(cfg config.Config, say *console.Console, stdout io.Writer) error {
	data, err := os.ReadFile(cfg.Argument)
	if err != nil {
		return fmt.Errorf("read the report: %w; name a report.json that a run has left in its output_dir", err)
	}
	var found drift.Report
	if err := json.Unmarshal(data, &found); err != nil {
		return fmt.Errorf("%s is no report: %w; name a report.json that a run has left in its output_dir", cfg.Argument, err)
	}
	if found.SchemaVersion != drift.SchemaVersion {
		return fmt.Errorf("%s has schema_version %d, and this Driftline reads %d; render it with the version that wrote it", cfg.Argument, found.SchemaVersion, drift.SchemaVersion)
	}
	found.Finish()
	if cfg.Command == config.GenDriftignore {
		_, err = io.WriteString(stdout, prcomment.Driftignore(&found))
		return err
	}
	var out []byte
	switch cfg.ShowAs {
	case "markdown":
		out = []byte(prcomment.Markdown(&found, prcomment.Options{}))
	case "html":
		out, err = prcomment.HTML(&found)
	case "sarif":
		out, err = prcomment.SARIF(&found, prcomment.SARIFOptions{Version: version()})
	default:
		width, color := say.Size()
		out = []byte(prcomment.Terminal(&found, width, color))
	}
	if err != nil {
		return err
	}
	_, err = stdout.Write(out)
	return err
}

// show tells the person who waits, and the workflow's later steps.
func show(cfg config.Config, say *console.Console, prefix string, found *drift.Report, files []drift.File, stdout io.Writer) {
	width, color := say.Size()
	fmt.Fprint(stdout, prcomment.Terminal(found, width, color))
	if say.Workflow() {
		for _, a := range annotations(found) {
			say.WarnAt(path.Join(prefix, a.file), a.line, a.title, a.text)
		}
	}
	for _, s := range found.Skipped {
		say.Warn(fmt.Sprintf("%s skipped: %s; %s", s.What, s.Reason, s.Remedy))
	}
	say.Output("unmanaged_count", strconv.Itoa(found.Summary.Unmanaged))
	say.Output("deleted_count", strconv.Itoa(found.Summary.Deleted))
	say.Output("drifted_count", strconv.Itoa(found.Summary.Drifted))
	say.Output("skipped_count", strconv.Itoa(found.Summary.Skipped))
	say.Output("coverage", strconv.FormatFloat(math.Floor(found.Summary.Coverage*10+1e-9)/10, 'f', 1, 64)) // down, as in the report
	say.Output("complete", strconv.FormatBool(found.Complete))
	if cfg.OutputDir != "" {
		say.Output("report_json", absolute(cfg.OutputDir, reportJSON))
		say.Output("report_markdown", absolute(cfg.OutputDir, reportMarkdown))
		say.Output("report_html", absolute(cfg.OutputDir, reportHTML))
		say.Output("report_sarif", absolute(cfg.OutputDir, reportSARIF))
	}
	if say.Workflow() && (cfg.Publish != config.PublishNone || cfg.DryRun || cfg.Command != config.Run) {
		codeIn := ""
		if len(files) > 0 && cfg.Publish == config.PublishPullRequest {
			codeIn = "the pull request"
		}
		say.Summary(prcomment.Markdown(found, prcomment.Options{Limit: prcomment.SummaryLimit, CodeIn: codeIn}))
	}
}

// annotation is a finding at a line of the user's own.
type annotation struct {
	file        string
	line        int
	title, text string
}

// annotations are worst first, since GitHub shows a few only: what is gone, then what has changed most.
func annotations(found *drift.Report) []annotation {
	var list []annotation
	for _, d := range found.Deleted {
		list = append(list, annotation{d.File, d.Line, d.Address.String() + " is gone", d.ImportID + " no longer exists"})
	}
	drifted := slices.Clone(found.Drifted)
	slices.SortStableFunc(drifted, func(a, b drift.Drifted) int { return len(b.Changes) - len(a.Changes) })
	for _, d := range drifted {
		list = append(list, annotation{d.File, d.Line, d.Address.String() + " has drifted", prcomment.Plain(d.Changes)})
	}
	return slices.DeleteFunc(list, func(a annotation) bool { return a.file == "" })
}

func absolute(dir, name string) string {
	full, err := filepath.Abs(filepath.Join(dir, name))
	if err != nil {
		return filepath.Join(dir, name)
	}
	return full
}

func publishes(cfg config.Config) bool {
	return cfg.Command == config.Run && cfg.Publish == config.PublishPullRequest
}
