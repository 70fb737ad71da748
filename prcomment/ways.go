package prcomment

import (
	"slices"
	"strings"

	"github.com/seed-e90528ae/driftline/drift"
)

// Every finding about a managed resource has two ways out: Terraform has the last word, or the cloud has. ways names both,
// in phrases that each rendering escapes in its own manner.
type ways struct {
	Terraform, Cloud way
	Patch            []string // lines of it; nil when there is none, or none to be shown
}

type way struct {
	To     string // "Revert", "Accept"
	Phrase phrase // empty where this way is closed
}

// List is the ways that are open.
func (w ways) List() []way {
	return slices.DeleteFunc([]way{w.Terraform, w.Cloud}, func(w way) bool { return len(w.Phrase) == 0 })
}

// phrase is a sentence in pieces: words of ours, words of others, and code.
type phrase []piece

type piece struct {
	Text string
	Code bool
	Ours bool
}

func (p phrase) say(words string) phrase    { return append(p, piece{Text: words, Ours: true}) }
func (p phrase) quote(theirs string) phrase { return append(p, piece{Text: theirs}) }
func (p phrase) code(s string) phrase       { return append(p, piece{Text: s, Code: true}) }

// codes lists words as code: "`a`, `b` and 3 more".
func (p phrase) codes(words []string) phrase {
	for i, w := range words[:min(len(words), placesShown)] {
		if i > 0 {
			p = p.say(", ")
		}
		p = p.code(w)
	}
	if rest := len(words) - placesShown; rest > 0 {
		p = p.say(" and " + number(rest) + " more")
	}
	return p
}

// markdown is the phrase for a line of Markdown.
func (p phrase) markdown() string {
	var b strings.Builder
	for _, piece := range p {
		switch {
		case piece.Ours:
			b.WriteString(piece.Text)
		case piece.Code:
			b.WriteString(code(shorten(piece.Text, 2*valueLength)))
		default:
			b.WriteString(text(shorten(piece.Text, 2*valueLength)))
		}
	}
	return b.String()
}

// How many places or attributes of one resource a comment names, and how much of a patch it shows.
const (
	placesShown = 8
	patchLines  = 60
	patchWidth  = 400
)

// waysOf are those out of drift.
func waysOf(d drift.Drifted) ways {
	var reverted, stays, accepted, patched, byHand []drift.Change
	for _, c := range d.Changes {
		switch o := c.Origin; {
		case o == nil:
			reverted = append(reverted, c)
		case o.Accepted:
			accepted = append(accepted, c)
		case o.Stays:
			stays = append(stays, c)
		case o.Reason == "":
			reverted, patched = append(reverted, c), append(patched, c)
		default:
			reverted, byHand = append(reverted, c), append(byHand, c)
		}
	}
	var revert, accept phrase
	if len(reverted) > 0 {
		revert = applied(d.Managed)
		if len(reverted) < len(d.Changes) {
			revert = revert.say(" puts back ").codes(paths(reverted))
		}
	}
	for _, reason := range reasons(stays) {
		revert = revert.clause("apply leaves ").codes(paths(because(stays, reason))).say(": ").quote(reason)
	}
	if len(accepted) == len(d.Changes) && len(accepted) > 0 {
		revert = applied(d.Managed).say(" without taking the code beside this report")
	}
	if len(accepted) > 0 {
		accept = accept.say("the code beside this report says so in ").codes(placesOf(accepted))
	}
	lines, shown := patchShown(d.Patch)
	if len(patched) > 0 {
		accept = accept.clause("a patch changes ").codes(placesOf(patched))
		if !shown {
			accept = accept.say(" (see ").code("report.json").say(")")
		}
	}
	for _, reason := range reasons(byHand) {
		changes := because(byHand, reason)
		accept = accept.clause("by hand ").codes(paths(changes))
		if at := placesOf(changes); len(at) > 0 {
			accept = accept.say(" at ").codes(at)
		}
		accept = accept.say(": ").quote(reason)
	}
	if len(accept) == 0 && len(reverted) > 0 {
		accept = accept.say("write the values marked + into the configuration")
	}
	return ways{way{"Revert", revert}, way{"Accept", accept}, lines}
}

// clause begins a sentence, or goes on with it.
func (p phrase) clause(words string) phrase {
	if len(p) > 0 {
		words = "; " + words
	}
	return p.say(words)
}

// waysOfDeleted are those out of a deletion.
func waysOfDeleted(m drift.Managed) ways {
	var leave phrase
	command, reason, _ := strings.Cut(m.Settled, "; ")
	switch {
	case m.Settled == "":
		leave = leave.say("take its block out of the configuration, then ").code(m.Command("state rm "))
	case strings.Contains(command, "terraform ") && reason != "":
		leave = leave.code(command).say("; ").quote(reason)
	case strings.Contains(command, "terraform "):
		leave = leave.say("take its block out of the configuration, then ").code(command)
	default:
		leave = leave.quote(m.Settled)
	}
	return ways{Terraform: way{"Make it again", applied(m)}, Cloud: way{"Let it go", leave}}
}

// applied is the command by which the configuration has its way with one resource, where its root module is known.
func applied(m drift.Managed) phrase {
	if m.RootModule == "" {
		return phrase{}.say("the next ").code("terraform apply")
	}
	return phrase{}.code(m.Command("apply -target="))
}

func paths(changes []drift.Change) []string {
	var list []string
	for _, c := range changes {
		list = append(list, c.Path)
	}
	return list
}

// placesOf are the places in the configuration, each once.
func placesOf(changes []drift.Change) []string {
	var list []string
	for _, c := range changes {
		if at := fileLine(c.Origin.File, c.Origin.Line); at != "" && !slices.Contains(list, at) {
			list = append(list, at)
		}
	}
	return list
}

// reasons are those of changes, each once, in their order.
func reasons(changes []drift.Change) []string {
	var list []string
	for _, c := range changes {
		if !slices.Contains(list, c.Origin.Reason) {
			list = append(list, c.Origin.Reason)
		}
	}
	return list
}

func because(changes []drift.Change, reason string) []drift.Change {
	return slices.DeleteFunc(slices.Clone(changes), func(c drift.Change) bool { return c.Origin.Reason != reason })
}

// patchShown is a patch in lines. It is shown as it is or, where that would be too much or could deceive, not at all: one
// that has been altered would not apply.
func patchShown(patch string) (lines []string, ok bool) {
	lines = strings.Split(strings.TrimSuffix(patch, "\n"), "\n")
	if patch == "" || len(lines) > patchLines || slices.ContainsFunc(lines, deceives) {
		return nil, false
	}
	return lines, true
}

// deceives tells a line that does not look like what it is, or that a runner would take for a command.
func deceives(line string) bool {
	plain := strings.ReplaceAll(line, "\t", "")
	return len(line) > patchWidth || visible(plain) != plain || strings.HasPrefix(strings.TrimSpace(line), "::") || strings.Contains(line, "##[")
}
