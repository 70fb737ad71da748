package settle

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/importgen/since"
)

// removedFile is the generated file of a root module that holds removed blocks.
const removedFile = "driftline_removed.tf"

// whole is a resource block as the states know it: all of its instances, in all workspaces.
type whole struct{ root, module, typ, name string }

func wholeOf(m drift.Managed) whole {
	return whole{m.RootModule, m.Address.Module, m.Address.Type, m.Address.Name}
}

// deleted says of every resource that is gone how it is settled, and takes those out of the configuration of which no
// instance is left.
func (w *work) deleted(found *drift.Report) {
	alive := map[whole]bool{}
	for _, m := range found.Managed {
		alive[wholeOf(m)] = true
	}
	leaving := map[whole]*leaver{}
	var order []whole
	for i := range found.Deleted {
		m := found.Deleted[i]
		if of := wholeOf(m); leaving[of] == nil && m.RootModule != "" && w.opts.Checkout != nil {
			leaving[of] = w.leaver(m, alive[of])
			order = append(order, of)
		}
	}
	for again := true; again; { // what stays keeps what it refers to
		again = false
		for _, of := range order {
			if l := leaving[of]; l.stays == "" && l.block.Block != nil {
				l.stays = l.referredTo(leaving)
				again = again || l.stays != ""
			}
		}
	}
	for _, of := range order {
		w.settle(leaving[of])
	}
	for i := range found.Deleted {
		if l := leaving[wholeOf(found.Deleted[i])]; l != nil {
			found.Deleted[i].Settled = l.settled(found.Deleted[i])
		}
	}
}

// leaver is a resource that is gone as a whole, and what becomes of its code.
type leaver struct {
	drift.Managed
	at    *scope
	block sourceBlock // none where the configuration has it no more
	stays string      // why its code stays
	alone bool        // stays says all there is to say
	typed bool        // a command is all there is to say
}

// settled is the report's word on one instance.
func (l *leaver) settled(m drift.Managed) string {
	switch {
	case l.typed:
		return m.Command("state rm ")
	case l.stays == "":
		return "removed block in " + removedFile
	case l.alone:
		return l.stays
	}
	return m.Command("state rm ") + "; " + l.stays
}

// leaver looks at whether a resource can go.
func (w *work) leaver(m drift.Managed, alive bool) *leaver {
	l := &leaver{Managed: m}
	at, block, why := w.blockOf(m)
	l.at, l.block = at, block
	switch {
	case alive && why == "" && repeated(block.Block):
		l.stays, l.alone = fmt.Sprintf("only some instances are gone: take its key out of %s:%d, or let apply make it again", block.file, block.DefRange().Start.Line), true
	case alive && why == "":
		l.stays, l.alone = "its block stays, because another workspace has it: let apply make it again", true
	case !w.opts.Remove:
		l.stays, l.typed = "nobody asked for more", true
	case !w.knows(m.RootModule, since.RemovedBlocks):
		l.stays = "its Terraform knows no removed blocks"
	case why != "" && at == nil && !strings.HasPrefix(why, "its block"):
		l.stays = why
	case strings.Contains(m.Address.Module, "["):
		l.stays = "a removed block cannot name one instance of a module"
	case why == "" && at.shared != "":
		l.stays = "its block stays, because " + at.shared
	}
	return l
}

// referredTo is what still refers to a resource, apart from itself, from its import and from what leaves with it.
func (l *leaver) referredTo(leaving map[whole]*leaver) string {
	inside := func(file string, at hcl.Range, b sourceBlock) bool {
		return b.Block != nil && b.file == file && at.Start.Byte >= b.Range().Start.Byte && at.End.Byte <= b.CloseBraceRange.End.Byte
	}
	for _, mention := range l.at.mentioned {
		w, r := words(mention.traversal), mention.traversal.SourceRange()
		if len(w) < 2 || w[0] != l.Address.Type || w[1] != l.Address.Name {
			continue
		}
		goes := inside(mention.file, r, l.at.imports[w[0]+"."+w[1]])
		for _, other := range leaving {
			goes = goes || other.stays == "" && inside(mention.file, r, other.block)
		}
		if !goes {
			l.alone = true
			return fmt.Sprintf("its block stays, because %s:%d refers to it: apply makes it again, or take both out", mention.file, r.Start.Line)
		}
	}
	return ""
}

// settle takes the code of a resource out and puts a removed block in.
func (w *work) settle(l *leaver) {
	if l.stays != "" {
		return
	}
	for _, b := range []sourceBlock{l.block, l.imported()} {
		if b.Block == nil {
			continue
		}
		e, ok := cut(sourceText(l.at.content[b.file]), b)
		if !ok || (edits{e}).conflict(w.edits[b.file]) {
			l.stays = "its block stays, because something else stands or changes on its lines"
			return
		}
		w.edits[b.file] = append(w.edits[b.file], e)
	}
	w.removed[l.RootModule] = append(w.removed[l.RootModule], removedBlock(l.Address))
}

// imported is the import block of a resource: there is nothing to import any more.
func (l *leaver) imported() sourceBlock {
	if l.at == nil {
		return sourceBlock{}
	}
	return l.at.imports[l.Address.Type+"."+l.Address.Name]
}

// cut takes out a block's lines with the comment directly above and one of the blank lines around.
func cut(text sourceText, b sourceBlock) (edit, bool) {
	from, to, ok := text.wholeLines(b.Range().Start.Byte, b.CloseBraceRange.End.Byte)
	from = aboveComment(text, from)
	switch {
	case to < len(text) && text[to] == '\n':
		to++
	case to == len(text) && from > 1 && text[from-1] == '\n' && text[from-2] == '\n':
		from--
	}
	return edit{b.file, from, to, ""}, ok
}

// aboveComment is where the comment directly above a line begins; it speaks of what stands below.
func aboveComment(text sourceText, at int) int {
	for at > 0 {
		start := text.lineStart(at - 1)
		if line := strings.TrimSpace(string(text[start : at-1])); !strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "//") {
			return at
		}
		at = start
	}
	return at
}

// removedBlock makes Terraform forget a resource without touching the cloud.
func removedBlock(a drift.Address) []byte {
	file := hclwrite.NewEmptyFile()
	body := file.Body().AppendNewBlock("removed", nil).Body()
	from := a
	from.Key = ""
	body.SetAttributeRaw("from", hclwrite.Tokens{{Type: hclsyntax.TokenIdent, Bytes: []byte(from.String())}})
	body.AppendNewline()
	body.AppendNewBlock("lifecycle", nil).Body().SetAttributeValue("destroy", cty.False)
	return bytes.TrimLeft(hclwrite.Format(file.Bytes()), "\n")
}
