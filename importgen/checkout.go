package importgen

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	hcljson "github.com/hashicorp/hcl/v2/json"
	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/internal/bounded"
)

// checkout is what stands in the root modules already, as far as generated code must keep clear of it.
type checkout struct {
	files     map[string][]byte          // path → content, of every configuration file in a root module's directory
	addresses map[string]map[string]bool // directory → addresses of its resource blocks
	imports   map[string]map[importKey]standing
	resources map[string]map[string]standsIn // directory → address → where its block is, commented out or not
	providers map[string]map[string]bool     // directory → aliases of its provider blocks
	locals    map[string]map[string]bool     // directory → names of its local values
	data      map[string]map[string]bool     // directory → addresses of its data blocks, without "data."
}

// importKey is what an import block imports. Two regions may have the same import ID.
type importKey struct{ typ, id, alias string }

// standsIn is the file of a resource block and the alias of its provider.
type standsIn struct{ file, alias string }

// standing is where an import block stands.
type standing struct {
	file, address string
	comment       bool // it is commented out, since it could not be verified
}

// readCheckout parses the files beside which code may be written. A file that does not parse is Terraform's to
// complain about: its text is kept, and nothing is known of its blocks.
func readCheckout(files fs.FS, opts Options) (*checkout, error) {
	c := &checkout{
		files: map[string][]byte{}, addresses: map[string]map[string]bool{},
		imports: map[string]map[importKey]standing{}, providers: map[string]map[string]bool{}, resources: map[string]map[string]standsIn{},
		locals: map[string]map[string]bool{}, data: map[string]map[string]bool{},
	}
	if files == nil {
		return c, nil
	}
	dirs := []string{opts.DefaultRoot}
	for _, root := range opts.Roots {
		if !slices.Contains(dirs, root.Dir) {
			dirs = append(dirs, root.Dir)
		}
	}
	for _, dir := range dirs {
		entries, err := fs.ReadDir(files, path.Clean(dir))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read root module %s: %w; check that the checkout is readable", dir, err)
		}
		for _, entry := range entries {
			if entry.IsDir() || !isConfiguration(entry.Name()) && entry.Name() != importScript {
				continue
			}
			name := path.Join(dir, entry.Name())
			content, err := fs.ReadFile(files, name)
			if err != nil {
				return nil, fmt.Errorf("read %s: %w; check that the checkout is readable", name, err)
			}
			c.files[name] = content
			if entry.Name() != importScript {
				c.learn(dir, name, content)
			}
		}
		c.learnScript(dir)
	}
	return c, nil
}

// learn notes the resources and imports of one file, those that are commented out included.
func (c *checkout) learn(dir, name string, content []byte) {
	if c.imports[dir] == nil {
		c.imports[dir], c.addresses[dir], c.providers[dir] = map[importKey]standing{}, map[string]bool{}, map[string]bool{}
		c.resources[dir], c.locals[dir] = map[string]standsIn{}, map[string]bool{}
		c.data[dir] = map[string]bool{}
	}
	aliases := map[string]string{}
	texts := [][]byte{content}
	if strings.HasPrefix(path.Base(name), "driftline_") {
		texts = append(texts, uncommented(content))
	}
	for i, text := range texts {
		comment := i == 1
		blocks := blocksIn(name, text)
		for _, block := range blocks {
			attrs := attributesOf(block.Body)
			switch block.Type {
			case "resource":
				address := strings.Join(block.Labels, ".")
				c.addresses[dir][address] = c.addresses[dir][address] || !comment
				aliases[address] = aliasOf(attrs["provider"])
				if _, stands := c.resources[dir][address]; !stands || !comment {
					c.resources[dir][address] = standsIn{name, aliases[address]}
				}
			case "data":
				c.data[dir][strings.Join(block.Labels, ".")] = true
			case "locals":
				for local := range attrs {
					c.locals[dir][local] = c.locals[dir][local] || !comment
				}
			case "provider":
				c.providers[dir][bounded.Text(attrs["alias"])] = c.providers[dir][bounded.Text(attrs["alias"])] || !comment
			}
		}
		for _, block := range blocks {
			if block.Type != "import" {
				continue
			}
			attrs := attributesOf(block.Body)
			to := addressIn(attrs["to"], text)
			base, _, _ := strings.Cut(to, "[")
			parts := strings.Split(base, ".")
			if len(parts) < 2 {
				continue
			}
			typ := parts[len(parts)-2]
			for id, key := range importedBy(attrs) {
				address := to
				if group, each := strings.CutSuffix(to, "[each.key]"); each {
					address = group + index(key)
				}
				if key := (importKey{typ, id, aliases[base]}); !comment || c.imports[dir][key].file == "" {
					c.imports[dir][key] = standing{name, address, comment}
				}
			}
		}
	}
}

// isConfiguration reports whether Terraform or OpenTofu reads a file.
func isConfiguration(name string) bool {
	return slices.ContainsFunc([]string{".tf", ".tf.json", ".tofu", ".tofu.json"}, func(ending string) bool {
		return strings.HasSuffix(name, ending)
	})
}

// learned are the blocks that generated code must keep clear of, or finds itself in.
var learned = &hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{
	{Type: "resource", LabelNames: []string{"type", "name"}}, {Type: "data", LabelNames: []string{"type", "name"}},
	{Type: "provider", LabelNames: []string{"name"}}, {Type: "locals"}, {Type: "import"},
}}

// blocksIn are the blocks of a file in either syntax.
func blocksIn(name string, text []byte) hcl.Blocks {
	var file *hcl.File
	if strings.HasSuffix(name, ".json") {
		file, _ = hcljson.Parse(text, name)
	} else {
		file, _ = hclsyntax.ParseConfig(text, name, hcl.InitialPos)
	}
	if file == nil || file.Body == nil {
		return nil
	}
	content, _, _ := file.Body.PartialContent(learned) // of a file that is wrong in parts, what can be read
	return content.Blocks
}

// attributesOf are a block's arguments. That there may be blocks beside them is nothing to complain of.
func attributesOf(body hcl.Body) map[string]hcl.Expression {
	attrs, _ := body.JustAttributes()
	out := map[string]hcl.Expression{}
	for name, attr := range attrs {
		out[name] = attr.Expr
	}
	return out
}

// importedBy are the IDs that an import block imports, each with its key in a literal for_each.
func importedBy(attrs map[string]hcl.Expression) map[string]string {
	if each := attrs["for_each"]; each != nil {
		out := map[string]string{}
		if ids, diags := bounded.Value(each, nil); !diags.HasErrors() && ids.CanIterateElements() {
			for it := ids.ElementIterator(); it.Next(); {
				key, id := it.Element()
				if id.Type() == cty.String && key.Type() == cty.String && id.IsWhollyKnown() && !id.IsNull() {
					out[id.AsString()] = key.AsString()
				}
			}
		}
		return out
	}
	if id := bounded.Text(attrs["id"]); id != "" {
		return map[string]string{id: ""}
	}
	return nil
}

var commentMark = regexp.MustCompile(`(?m)^# ?`)

// uncommented is the code in a file's comments: a block that could not be verified is written as one.
func uncommented(content []byte) []byte {
	var out []byte
	for line := range strings.Lines(string(content)) {
		if !strings.HasPrefix(line, unverifiedMark) && !strings.HasPrefix(line, "#   - ") && strings.HasPrefix(line, "#") {
			out = append(out, commentMark.ReplaceAllString(line, "")...)
		}
	}
	return out
}

func aliasOf(e hcl.Expression) string {
	if e == nil {
		return ""
	}
	traversal, diags := hcl.AbsTraversalForExpr(e)
	if diags.HasErrors() || len(traversal) < 2 {
		return ""
	}
	if step, ok := traversal[1].(hcl.TraverseAttr); ok {
		return step.Name
	}
	return ""
}

// addressIn is an address as it is written; in JSON it is a string.
func addressIn(e hcl.Expression, text []byte) string {
	if e == nil {
		return ""
	}
	written := strings.TrimSpace(string(e.Range().SliceBytes(text)))
	if address, err := strconv.Unquote(written); err == nil {
		return address
	}
	return written
}

// findWritten marks the blocks whose import stands in the checkout already: merged or moved, they are a person's now.
// One that stands in a comment, and is verified by now, is written all the same.
func findWritten(blocks []*block, c *checkout) {
	for _, b := range blocks {
		dirs := []string{b.root}
		for dir := range c.imports {
			dirs = append(dirs, dir)
		}
		slices.Sort(dirs[1:])
		id := cty.NormalizeString(b.importID()) // as it comes back from the code
		for _, dir := range dirs {
			found, ok := c.imports[dir][importKey{b.Type, id, b.alias}]
			if !ok || found.comment && b.verified() {
				continue
			}
			b.written, b.root, b.file, b.at = true, dir, found.file, found.address
			break
		}
	}
}
