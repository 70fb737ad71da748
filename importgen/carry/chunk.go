package carry

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/internal/bounded"
)

// chunk is a part of a file that stays or goes as a whole: an import block with its resource, or any other block, with
// the comment directly above it; or a resource whose block is commented out.
type chunk struct {
	text       string
	start, end int      // in the file
	defines    []string // aws_vpc.main, data.aws_region.here, var.x, local.y, provider.aws.west
	needs      []string // likewise
	typ        string   // of a resource with its import block
	ids        []string // that it imports
	helps      bool     // it makes nothing by itself, and others may refer to it
}

// key tells a chunk from the others of its file.
func (k chunk) key() string { return strings.Join(k.defines, " ") }

// parse takes a file apart. One that is no HCL, or not fit to be read (whoever may push may have written it), has no parts.
func parse(name string, content []byte) []chunk {
	if ext := path.Ext(name); ext != ".tf" && ext != ".tofu" || bounded.Check(name, content) != nil {
		return nil
	}
	file, diags := hclsyntax.ParseConfig(content, name, hcl.InitialPos)
	if diags.HasErrors() {
		return nil
	}
	body, ok := file.Body.(*hclsyntax.Body)
	if !ok {
		return nil
	}
	var chunks []chunk
	at := 0
	for _, b := range body.Blocks {
		start, end := b.TypeRange.Start.Byte, b.CloseBraceRange.End.Byte
		chunks = append(chunks, commentedOut(content, at, start)...)
		k := chunk{start: start - len(comment(string(content[at:start]))), end: end}
		k.read(b)
		if last := len(chunks) - 1; b.Type == "resource" && last >= 0 && chunks[last].imports(k.defines[0]) {
			k.start, k.typ, k.ids = chunks[last].start, b.Labels[0], chunks[last].ids
			chunks = chunks[:last]
		}
		k.text = string(content[k.start:end])
		chunks = append(chunks, k)
		at = end
	}
	return append(chunks, commentedOut(content, at, len(content))...)
}

// imports says that a chunk is the import block, by itself, of an address.
func (k chunk) imports(address string) bool {
	return len(k.defines) == 1 && k.defines[0] == "import."+address && k.ids != nil
}

// comment is what directly follows the last blank line.
func comment(between string) string {
	lines := between[strings.LastIndex(between, "\n\n")+1:]
	return strings.TrimLeft(lines, "\n")
}

// unverified is a paragraph that is a comment and has an import block in it: a resource that generation has commented out.
var (
	unverified = regexp.MustCompile(`(?m)(?:^#.*\n?)+`)
	hash       = regexp.MustCompile(`(?m)^# ?`)
)

func commentedOut(content []byte, from, to int) (chunks []chunk) {
	for _, at := range unverified.FindAllIndex(content[from:to], -1) {
		text := strings.TrimRight(string(content[from+at[0]:from+at[1]]), "\n")
		code := hash.ReplaceAllString(text, "")
		begin := strings.Index("\n"+code, "\nimport {")
		if begin < 0 {
			continue
		}
		for _, k := range parse("comment.tf", []byte(code[begin:])) {
			if k.typ != "" {
				chunks = append(chunks, chunk{text: text, start: from + at[0], end: from + at[0] + len(text), defines: k.defines, typ: k.typ, ids: k.ids})
			}
		}
	}
	return chunks
}

// read fills in what a block defines, needs and imports.
func (k *chunk) read(b *hclsyntax.Block) {
	switch {
	case b.Type == "locals":
		k.helps = true
		for _, name := range sortedNames(b.Body.Attributes) {
			k.defines = append(k.defines, "local."+name)
		}
	case b.Type == "variable" && len(b.Labels) == 1:
		k.defines, k.helps = []string{"var." + b.Labels[0]}, true
		return // its type is spelled like a name
	case b.Type == "provider" && len(b.Labels) == 1:
		k.defines, k.helps = []string{strings.TrimSuffix("provider."+b.Labels[0]+"."+bounded.Argument(b.Body.Attributes["alias"]), ".")}, true
	case b.Type == "resource" && len(b.Labels) == 2:
		k.defines = []string{strings.Join(b.Labels, ".")}
	case b.Type == "import":
		if to := b.Body.Attributes["to"]; to != nil && len(to.Expr.Variables()) > 0 {
			k.defines, k.ids = []string{"import." + named(to.Expr.Variables()[0])}, imported(b.Body)
		}
		return // its resource needs what it needs
	default:
		k.defines, k.helps = []string{strings.Join(append([]string{b.Type}, b.Labels...), ".")}, b.Type == "data"
	}
	k.look(b.Body)
}

// look adds what the expressions of a body refer to. What stands in lifecycle names the block's own arguments.
func (k *chunk) look(body *hclsyntax.Body) {
	for _, name := range sortedNames(body.Attributes) {
		for _, traversal := range body.Attributes[name].Expr.Variables() {
			need := named(traversal)
			if name == "provider" {
				need = "provider." + need
			}
			if need != "" && !slices.Contains(k.needs, need) {
				k.needs = append(k.needs, need)
			}
		}
	}
	for _, inner := range body.Blocks {
		if inner.Type != "lifecycle" {
			k.look(inner.Body)
		}
	}
}

// named is what a traversal refers to, by the name of its definition; "" for what needs none.
func named(t hcl.Traversal) string {
	steps := 2
	switch t.RootName() {
	case "each", "count", "self", "path", "terraform":
		return ""
	case "data":
		steps = 3
	}
	var names []string
	for _, step := range t[:min(steps, len(t))] {
		switch step := step.(type) {
		case hcl.TraverseRoot:
			names = append(names, step.Name)
		case hcl.TraverseAttr:
			names = append(names, step.Name)
		}
	}
	return strings.Join(names, ".")
}

// imported are the IDs of an import block, also of one for several; nil when they are not written out.
func imported(body *hclsyntax.Body) []string {
	if each := body.Attributes["for_each"]; each != nil {
		v, diags := bounded.Value(each.Expr, nil)
		if diags.HasErrors() || !v.CanIterateElements() {
			return nil
		}
		var ids []string
		for _, id := range v.Elements() {
			if id.Type() != cty.String || id.IsNull() || !id.IsKnown() {
				return nil
			}
			ids = append(ids, id.AsString())
		}
		return ids
	}
	if id := bounded.Argument(body.Attributes["id"]); id != "" {
		return []string{id}
	}
	return nil
}

func sortedNames(attributes hclsyntax.Attributes) []string {
	return slices.Sorted(maps.Keys(attributes))
}

// merged is a file with chunks of an earlier form of it, each behind the one that it stood behind. theirs says that it is in the
// checkout already.
func merged(name string, content []byte, theirs bool, before, staying []chunk) []byte {
	type piece struct{ key, text string }
	var pieces []piece
	at := 0
	for _, k := range parse(name, content) {
		pieces = append(pieces, piece{k.key(), string(content[at:k.end])})
		at = k.end
	}
	if whole := strings.TrimRight(string(content), "\n"); len(pieces) == 0 && whole != "" { // comments, or no HCL
		pieces, at = []piece{{"", whole}}, len(whole)
	}
	previous := -1
	if theirs { // what is new stands at the end of a file of theirs
		previous = len(pieces) - 1
	}
	tail := string(content[at:])
	if tail == "" {
		tail = "\n"
	}
	where := func(key string) int { return slices.IndexFunc(pieces, func(p piece) bool { return p.key == key }) }
	for _, k := range before {
		if slices.ContainsFunc(staying, func(s chunk) bool { return s.start == k.start }) {
			text := "\n\n" + k.text
			if len(pieces) == 0 {
				text = k.text
			} else if previous < 0 {
				pieces[0].text = "\n\n" + pieces[0].text
				text = k.text
			}
			pieces = slices.Insert(pieces, previous+1, piece{k.key(), text})
		}
		if i := where(k.key()); i >= 0 {
			previous = i
		}
	}
	var out strings.Builder
	for _, p := range pieces {
		out.WriteString(p.text)
	}
	return []byte(out.String() + tail)
}
