package carry

import (
	"bytes"
	"io/fs"
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/seed-e90528ae/driftline/drift"
)

// before is what a night that saw everything wrote.
const before = `
-- net/driftline.tf --
provider "aws" {
  alias  = "us_west_2"
  region = "us-west-2"
}
-- net/driftline_sqs.tf --
import {
  to = aws_sqs_queue.a
  id = "https://sqs/a"
}

resource "aws_sqs_queue" "a" {
  name = "a"
}

# Not verified: applying this block might change the resource.
#   - policy: the provider plans another value than the one it read
# import {
#   to = aws_sqs_queue.b
#   id = "https://sqs/b"
# }
#
# resource "aws_sqs_queue" "b" {
#   name = "b"
# }

locals {
  more_sqs_queues = toset(["c", "d"])
}

import {
  for_each = {
    c = "https://sqs/c"
    d = "https://sqs/d"
  }
  to = aws_sqs_queue.more[each.key]
  id = each.value
}

resource "aws_sqs_queue" "more" {
  for_each = local.more_sqs_queues

  name = each.key
}
-- net/driftline_sns.tf --
import {
  to = aws_sns_topic.here
  id = "arn:here"
}

resource "aws_sns_topic" "here" {
  name = "here"
}

# A note of its own.
import {
  to = aws_sns_topic.there
  id = "arn:there"
}

resource "aws_sns_topic" "there" {
  provider = aws.us_west_2

  name      = var.there_name
  dead      = aws_sqs_queue.a.arn
  key_id    = aws_kms_key.managed.id
  lifecycle {
    ignore_changes = [name]
  }
}
-- net/driftline_variables.tf --
variable "there_name" {
  type      = string
  sensitive = true
}

variable "unused" {
  type = string
}
`

const checkout = `
-- net/main.tf --
resource "aws_kms_key" "managed" {}
`

func files(t *testing.T, text string) (list []drift.File) {
	t.Helper()
	for _, f := range txtar.Parse([]byte(text)).Files {
		list = append(list, drift.File{Path: f.Name, Content: append(bytes.TrimRight(f.Data, "\n"), '\n')})
	}
	return list
}

func texts(list []drift.File) map[string]string {
	all := map[string]string{}
	for _, f := range list {
		all[f.Path] = string(f.Content)
	}
	return all
}

// without is text but for the parts, each from its first line to its last.
func without(t *testing.T, text string, parts ...[2]string) string {
	t.Helper()
	for _, p := range parts {
		from := strings.Index(text, p[0])
		to := strings.Index(text[max(from, 0):], p[1])
		if from < 0 || to < 0 {
			t.Fatalf("no %q … %q", p[0], p[1])
		}
		text = text[:from] + strings.TrimLeft(text[from+to+len(p[1]):], "\n")
	}
	return text
}

func TestOver(t *testing.T) {
	t.Parallel()
	sqs := drift.Skipped{Type: "aws_sqs_queue", Account: "1", Region: "eu-west-1"}
	sns := drift.Skipped{Type: "aws_sns_topic", Account: "1", Region: "us-west-2"}
	noTopics := func(text string) string { // what a night writes that sees none in us-west-2
		text = without(t, text, [2]string{"-- net/driftline.tf --", "us-west-2\"\n}\n"}, [2]string{"-- net/driftline_variables.tf", "type = string\n}\n"})
		return without(t, text, [2]string{"# A note of its own.", "[name]\n  }\n}\n"})
	}
	noQueues := func(text string) string {
		return without(t, text, [2]string{"-- net/driftline_sqs.tf --", "name = each.key\n}\n"})
	}
	noUnused := func(text string) string { return without(t, text, [2]string{"\nvariable \"unused\"", "}\n"}) }
	for name, tc := range map[string]struct {
		found   drift.Report
		tonight string
		want    string
		kept    Kept
	}{
		"seen in full: what is gone is gone": {tonight: noTopics(noQueues(before)), want: noTopics(noQueues(before))},
		"a type that was not seen stays where it stood": {
			found: drift.Report{Skipped: []drift.Skipped{sqs}}, tonight: noQueues(before), want: before,
			kept: Kept{Addresses: []string{"net:aws_sqs_queue.a", "net:aws_sqs_queue.b", "net:aws_sqs_queue.more"}},
		},
		"with what it refers to, and no more": {
			found: drift.Report{Skipped: []drift.Skipped{sns}}, tonight: noTopics(before), want: noUnused(before),
			kept: Kept{Addresses: []string{"net:aws_sns_topic.there"}},
		},
		"all of them": {
			found: drift.Report{Skipped: []drift.Skipped{sns, sqs}}, tonight: "", want: noUnused(before),
			kept: Kept{Addresses: []string{"net:aws_sns_topic.here", "net:aws_sns_topic.there", "net:aws_sqs_queue.a", "net:aws_sqs_queue.b", "net:aws_sqs_queue.more"}},
		},
		"what it refers to is gone": {
			found: drift.Report{Skipped: []drift.Skipped{sns}}, tonight: noTopics(noQueues(before)), want: noTopics(noQueues(before)),
			kept: Kept{Lost: []string{"net:aws_sns_topic.there"}},
		},
		"a single resource": {
			found:   drift.Report{Skipped: []drift.Skipped{{Type: "aws_sqs_queue", ImportID: "https://sqs/a"}}},
			tonight: noQueues(before), want: without(t, before, [2]string{"# Not verified", "name = each.key\n}\n"}),
			kept: Kept{Addresses: []string{"net:aws_sqs_queue.a"}},
		},
		"one of a group": {
			found:   drift.Report{Skipped: []drift.Skipped{{Type: "aws_sqs_queue", ImportID: "https://sqs/c"}}},
			tonight: noQueues(before), want: noQueues(before), kept: Kept{Lost: []string{"net:aws_sqs_queue.more"}},
		},
		"managed, ignored or another tool's by now": {
			found: drift.Report{
				Skipped: []drift.Skipped{sqs},
				Managed: []drift.Managed{{Resource: drift.Resource{Type: "aws_sqs_queue", ImportID: "https://sqs/a"}}},
				Ignored: []drift.Ignored{{Resource: drift.Resource{Type: "aws_sqs_queue", ImportID: "https://sqs/b"}}},
				Owned:   []drift.Owned{{Resource: drift.Resource{Type: "aws_sqs_queue", ImportID: "https://sqs/c"}}, {Resource: drift.Resource{Type: "aws_sqs_queue", ImportID: "https://sqs/d"}}},
			},
			tonight: noQueues(before), want: noQueues(before),
		},
		"another type, a state, who did it: nothing to do with them": {
			found:   drift.Report{Skipped: []drift.Skipped{{Type: "aws_vpc"}, {State: "s3://b/k"}, {Type: "aws_sqs_queue", Extra: true}, {What: "resources of another provider"}}},
			tonight: noQueues(before), want: noQueues(before),
		},
		"an account that could not be entered": {
			found: drift.Report{Skipped: []drift.Skipped{{Account: "1"}}}, tonight: noQueues(before), want: before,
			kept: Kept{Addresses: []string{"net:aws_sqs_queue.a", "net:aws_sqs_queue.b", "net:aws_sqs_queue.more"}},
		},
		"placed elsewhere tonight": {
			found:   drift.Report{Skipped: []drift.Skipped{sqs}},
			tonight: strings.ReplaceAll(before, "net/driftline_sqs", "app/driftline_sqs"), want: strings.ReplaceAll(before, "net/driftline_sqs", "app/driftline_sqs"),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tree := fstest.MapFS{}
			for _, f := range files(t, checkout) {
				tree[f.Path] = &fstest.MapFile{Data: f.Content}
			}
			got, kept := Over(&tc.found, files(t, tc.tonight), files(t, before), tree)
			if diff := cmp.Diff(texts(files(t, tc.want)), texts(got)); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.kept, kept); diff != "" {
				t.Errorf("kept (-want +got):\n%s", diff)
			}
		})
	}
}

// TestOverOfWhatIsMergedAlready: what the checkout has is not written a second time, and a person's own lines stay.
func TestOverOfWhatIsMergedAlready(t *testing.T) {
	t.Parallel()
	found := &drift.Report{Skipped: []drift.Skipped{{Type: "aws_sqs_queue"}}}
	whole := fstest.MapFS{}
	for _, f := range files(t, before) {
		whole[f.Path] = &fstest.MapFile{Data: f.Content}
	}
	if got, kept := Over(found, nil, files(t, before), whole); len(got)+len(kept.Addresses)+len(kept.Lost) > 0 {
		t.Errorf("%v, %+v", texts(got), kept)
	}
	for name, theirs := range map[string]string{
		"blocks":         "# ours\n\n\nresource \"aws_sqs_queue\" \"own\" {\n}\n",
		"a comment":      "# ours\n",
		"what is no HCL": "resource {{{\n",
	} {
		got, _ := Over(found, nil, files(t, before), fstest.MapFS{"net/driftline_sqs.tf": {Data: []byte(theirs)}})
		if text := texts(got)["net/driftline_sqs.tf"]; !strings.HasPrefix(text, theirs+"\n") || !strings.Contains(text, "\n\nresource \"aws_sqs_queue\" \"a\"") {
			t.Errorf("%s: got %s", name, text)
		}
	}
	got, _ := Over(found, nil, files(t, before), fstest.MapFS{"net/driftline_sqs.tf": {Mode: fs.ModeDir}})
	if text, ok := texts(got)["net/driftline_sqs.tf"]; ok {
		t.Errorf("written over what could not be read: %s", text)
	}
}

// TestOverOfANewRootModule: it stays a root module.
func TestOverOfANewRootModule(t *testing.T) {
	t.Parallel()
	const fresh = `
-- fresh/driftline.tf --
# Resources that belong to no other root module yet.
terraform {
  required_version = ">= 1.5"
}

provider "aws" {
  region = "eu-west-1"
}
-- fresh/driftline_sqs.tf --
import {
  to = aws_sqs_queue.a
  id = "https://sqs/a@us-west-2"
}

resource "aws_sqs_queue" "a" {
  name = "a"
}
`
	skipped := []drift.Skipped{{Type: "aws_sqs_queue", ImportID: "https://sqs/a", Region: "us-west-2"}}
	got, _ := Over(&drift.Report{Skipped: skipped}, nil, files(t, fresh), nil)
	if diff := cmp.Diff(texts(files(t, fresh)), texts(got)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	for _, f := range got {
		if path.Dir(f.Path) != "fresh" {
			t.Errorf("%s is written", f.Path)
		}
	}
}

// TestOverOfNoID: a person may have written anything into an import block of the branch.
func TestOverOfNoID(t *testing.T) {
	t.Parallel()
	for _, ids := range []string{"{ a = true ? null : \"x\" }", "{ a = [] }", "null", "toset([])"} {
		text := "-- net/driftline_sqs.tf --\nimport {\n  for_each = " + ids + "\n  to = aws_sqs_queue.a[each.key]\n  id = each.value\n}\n\nresource \"aws_sqs_queue\" \"a\" {\n}\n"
		got, kept := Over(&drift.Report{Skipped: []drift.Skipped{{Type: "aws_sqs_queue", Account: "1"}}}, nil, files(t, text), nil)
		if len(got)+len(kept.Addresses) > 0 {
			t.Errorf("%s: %v stays", ids, kept.Addresses)
		}
	}
}

// TestOverMakesNothing: a resource without its import block would be made anew by an apply, so it does not stay, and nothing
// that refers to it does.
func TestOverMakesNothing(t *testing.T) {
	t.Parallel()
	const text = `
-- net/driftline_sqs.tf --
resource "aws_sns_topic" "made" {
}

import {
  to = aws_sqs_queue.a
  id = "https://sqs/a"
}

resource "aws_sqs_queue" "a" {
  topic = aws_sns_topic.made.arn
}

import {
  to = aws_sqs_queue.alone
  id = "https://sqs/alone"
}
`
	skipped := []drift.Skipped{{Type: "aws_sqs_queue"}, {Type: "aws_sns_topic"}, {What: "resources of another provider"}}
	got, kept := Over(&drift.Report{Skipped: skipped}, nil, files(t, text), nil)
	if want := []string{"net:aws_sqs_queue.a"}; len(got) != 0 || !cmp.Equal(kept, Kept{Lost: want}) {
		t.Errorf("%v, %+v", texts(got), kept)
	}
}

// FuzzOver: whatever an earlier run's file looks like (whoever may push may have written it), tonight's code is all there.
func FuzzOver(f *testing.F) {
	for _, file := range txtar.Parse([]byte(before)).Files {
		f.Add(file.Data, "resource \"aws_sqs_queue\" \"b\" {\n}\n")
	}
	skipped := []drift.Skipped{{Type: "aws_sqs_queue"}, {Type: "aws_sns_topic"}}
	f.Fuzz(func(t *testing.T, earlier []byte, tonight string) {
		name := "net/driftline_sqs.tf"
		got, _ := Over(&drift.Report{Skipped: skipped}, []drift.File{{Path: name, Content: []byte(tonight)}}, []drift.File{{Path: name, Content: earlier}}, nil)
		rest := texts(got)[name]
		for line := range strings.Lines(tonight) {
			_, after, found := strings.Cut(rest, strings.TrimSuffix(line, "\n"))
			if !found {
				t.Fatalf("%q is lost in %q", line, texts(got)[name])
			}
			rest = after
		}
	})
}
