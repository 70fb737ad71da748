package state

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/seed-e90528ae/driftline/drift"
)

// errStop ends decoding when the consumer wants no more.
var errStop = errors.New("stop")

// magics are the first bytes of files that are found where a state is expected.
var magics = []struct {
	bytes string
	cause cause
}{
	{"\x1f\x8b", compressed("gzip")},
	{"\x28\xb5\x2f\xfd", compressed("zstd")},
	{"BZh", compressed("bzip2")},
	{"PK\x03\x04", compressed("zip")},
	{"\x00GITCRYPT", encryptedWith("git-crypt")},
	{"age-encryption.org/", encryptedWith("age")},
	{"-----BEGIN AGE", encryptedWith("age")},
	{"-----BEGIN PGP", encryptedWith("PGP")},
	{"$ANSIBLE_VAULT", encryptedWith("Ansible Vault")},
	{"Salted__", encryptedWith("openssl")},
	{"version https://git-lfs", causeLFS},
}

// decodeState reads one state file, version 4, as it comes in: one instance is held at a time. What it makes of
// resources goes to emit; both functions return false to stop, which makes decodeState return errStop. Any other
// error is a *failure, and says that the rest of the file could not be read.
// Format: hashicorp/terraform, internal/states/statefile/version4.go.
func decodeState(r io.Reader, emit func(drift.Instance) bool, skip func(what string, c cause) bool) error {
	buffered := bufio.NewReaderSize(r, 64<<10)
	if err := sniff(buffered); err != nil {
		return err
	}
	d := &decoder{json: json.NewDecoder(buffered), emit: emit, skip: skip}
	d.json.UseNumber() // 1e700 is a number, if none that belongs in a state's place for a resource: it costs itself alone
	if err := d.file(); err != nil {
		return syntax(err)
	}
	switch rest, err := io.Copy(io.Discard, io.LimitReader(trimSpace(io.MultiReader(d.json.Buffered(), buffered)), 1)); {
	case err != nil:
		return syntax(err)
	case rest > 0:
		return &failure{cause: causeTrailing}
	}
	return nil
}

// sniff looks at the first bytes for what is surely not JSON, and drops a byte order mark.
func sniff(r *bufio.Reader) error {
	head, err := r.Peek(64)
	if len(head) == 0 {
		if err == io.EOF {
			return &failure{cause: causeEmpty}
		}
		return syntax(err)
	}
	for _, m := range magics {
		if bytes.HasPrefix(head, []byte(m.bytes)) {
			return &failure{cause: m.cause}
		}
	}
	if bom := []byte("\xef\xbb\xbf"); bytes.HasPrefix(head, bom) {
		_, err := r.Discard(len(bom))
		return err
	}
	return nil
}

// syntax makes a failure of what encoding/json or the reader below it answered.
func syntax(err error) error {
	var known *failure
	var wrong *json.SyntaxError
	switch {
	case errors.Is(err, errStop):
		return errStop
	case errors.As(err, &known):
		return known
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return &failure{cause: causeTruncated, err: err}
	case errors.As(err, &wrong) && strings.Contains(wrong.Error(), "max depth"):
		return &failure{cause: causeTooDeep, err: err}
	case errors.As(err, &wrong):
		return &failure{cause: causeNotJSON, detail: fmt.Sprintf("%s, at byte %d", wrong, wrong.Offset), err: err}
	}
	return &failure{cause: causeUnreadable, detail: clean(err), err: err}
}

type decoder struct {
	json *json.Decoder
	emit func(drift.Instance) bool
	skip func(what string, c cause) bool
}

// anything takes any JSON value and keeps nothing of it.
type anything struct{}

func (*anything) UnmarshalJSON([]byte) error { return nil }

// file reads the top-level object. Terraform writes version before resources; a file whose keys were sorted has it
// last, so that its instances are out before its version is known. Terraform itself has never written a resources
// array under another version than 4, so the late check costs nothing but a report that says both.
func (d *decoder) file() error {
	if ok, err := d.open('{'); err != nil {
		return err
	} else if !ok {
		return &failure{cause: causeNotState}
	}
	version := -1
	for d.json.More() {
		key, err := d.key()
		if err != nil {
			return err
		}
		switch key {
		case "version":
			if err := d.value(&version); err != nil {
				if fatal(err) {
					return err
				}
				return &failure{cause: causeNotState}
			}
			if c, ok := versionCause(version); !ok {
				return &failure{cause: c}
			}
		case "encrypted_data", "encryption", "encryption_version":
			return &failure{cause: encryptedWith("OpenTofu state encryption")}
		case "resources":
			if err := d.list(d.resource); err != nil {
				return err
			}
		default:
			if err := d.value(new(anything)); err != nil {
				return err
			}
		}
	}
	if _, err := d.json.Token(); err != nil {
		return err
	}
	if version < 0 {
		return &failure{cause: causeNotState}
	}
	return nil
}

func versionCause(version int) (cause, bool) {
	switch {
	case version == 4:
		return cause{}, true
	case version > 4:
		return newer(version), false
	case version < 0:
		return causeNotState, false
	}
	return older(version), false
}

// open reads a token and says whether it is the delimiter that is expected. Another value is read to its end.
func (d *decoder) open(want json.Delim) (bool, error) {
	token, err := d.json.Token()
	if err != nil {
		return false, err
	}
	delim, isDelim := token.(json.Delim)
	if !isDelim || delim == want {
		return isDelim, nil
	}
	return false, d.rest()
}

// rest reads to the end of the array or object that was opened last.
func (d *decoder) rest() error {
	for depth := 1; depth > 0; {
		token, err := d.json.Token()
		if err != nil {
			return err
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
	}
	return nil
}

func (d *decoder) key() (string, error) {
	token, err := d.json.Token()
	key, _ := token.(string)
	return key, err
}

// list calls element for each element of an array, with the decoder in front of it. Anything else than an array is
// an empty one, as null is.
func (d *decoder) list(element func() error) error {
	if ok, err := d.open('['); err != nil || !ok {
		return err
	}
	for d.json.More() {
		if err := element(); err != nil {
			return err
		}
	}
	_, err := d.json.Token()
	return err
}

// value decodes the next value. When it is well-formed but does not fit, the decoder stands behind it and the error
// is not fatal.
func (d *decoder) value(into any) error { return d.json.Decode(into) }

// fatal says whether the decoder cannot go on: the file is not JSON from here on, or its reader failed. The rest of
// what Decode returns is about one value, which has been read to its end.
func fatal(err error) bool {
	var wrongType *json.UnmarshalTypeError
	var misfit *misfitError
	return err != nil && !errors.As(err, &wrongType) && !errors.As(err, &misfit)
}

// misfitError is a value that is good JSON and not what a state has in that place.
type misfitError struct{ why string }

func (e *misfitError) Error() string { return e.why }

// head is what a resource says of all its instances.
type head struct {
	Module, Mode, Type, Name, Provider string

	source string
	alias  string
}

// complete says that instances can be decoded: Terraform writes them last, a tool that sorts keys does not.
// Module is absent in the root module, so nothing can be awaited of it but that mode, which follows it, is there.
func (h *head) complete() bool {
	return h.Mode != "" && h.Type != "" && h.Name != "" && h.Provider != ""
}

func (h *head) String() string {
	return drift.Address{Module: h.Module, Type: h.Type, Name: h.Name}.String()
}

func (d *decoder) resource() error {
	ok, err := d.open('{')
	if err != nil {
		return err
	}
	if !ok {
		return d.lose("a resource", causeResource("it is not an object"))
	}
	h := &head{}
	fields := map[string]*string{"module": &h.Module, "mode": &h.Mode, "type": &h.Type, "name": &h.Name, "provider": &h.Provider}
	var waiting []json.RawMessage
	var problem string
	for d.json.More() {
		key, err := d.key()
		if err != nil {
			return err
		}
		field, isField := fields[key]
		switch {
		case key == "instances" && h.complete() && problem == "":
			err = d.list(func() error { return d.streamed(h) })
		case key == "instances":
			err = d.list(func() error {
				var raw json.RawMessage
				err := d.value(&raw)
				waiting = append(waiting, raw)
				return err
			})
		case isField:
			if err = d.value(field); err != nil && !fatal(err) {
				problem, err = "its "+key+" is not a string", nil
			}
		default:
			err = d.value(new(anything))
		}
		if err != nil {
			return err
		}
	}
	if _, err := d.json.Token(); err != nil {
		return err
	}
	return d.late(h, waiting, problem)
}

// late decodes instances that came before what is said of their resource.
func (d *decoder) late(h *head, waiting []json.RawMessage, problem string) error {
	switch {
	case problem == "" && (h.Mode == "" || h.Type == "" || h.Name == ""):
		problem = "it has no mode, type or name"
	case problem == "" && h.Mode != "managed" && h.Mode != "data":
		problem = fmt.Sprintf("its mode %q is not known", h.Mode)
	}
	if problem != "" {
		return d.lose(h.String(), causeResource(problem))
	}
	for _, raw := range waiting {
		var i instance
		err := json.Unmarshal(raw, &i)
		if err := d.instance(h, &i, err); err != nil {
			return err
		}
	}
	return nil
}

// lose says what is lost, by names that may be as long as a state.
func (d *decoder) lose(what string, c cause) error {
	c.reason = oneLine(c.reason)
	if !d.skip(oneLine(what), c) {
		return errStop
	}
	return nil
}

// instance is instanceObjectStateV4 of Terraform, and OpenTofu's provider per instance.
type instance struct {
	IndexKey      json.RawMessage `json:"index_key"`
	Status        string          `json:"status"`
	Deposed       string          `json:"deposed"`
	Provider      string          `json:"provider"`
	SchemaVersion uint64          `json:"schema_version"`
	Attributes    json.RawMessage `json:"attributes"`
	Flat          json.RawMessage `json:"attributes_flat"`
	Sensitive     paths           `json:"sensitive_attributes"`
	Private       base64Bytes     `json:"private"`
}

func (d *decoder) streamed(h *head) error {
	if h.Mode != "managed" {
		return d.value(new(anything))
	}
	var i instance
	err := d.value(&i)
	if fatal(err) {
		return err
	}
	return d.instance(h, &i, err)
}

// instance makes words of a decoded instance, or loses it.
func (d *decoder) instance(h *head, i *instance, err error) error {
	if h.Mode != "managed" {
		return nil
	}
	address := drift.Address{Module: h.Module, Type: h.Type, Name: h.Name}
	key, keyErr := instanceKey(i.IndexKey)
	address.Key = key
	what := address.String()
	if i.Deposed != "" {
		what += " (deposed " + i.Deposed + ")"
	}
	source, alias, providerErr := h.provider(i.Provider)
	switch {
	case err != nil:
		return d.lose(what, causeInstance(misfit(err)))
	case keyErr != nil:
		return d.lose(what, causeInstance(keyErr.Error()))
	case providerErr != nil:
		return d.lose(what, causeInstance(providerErr.Error()))
	case isNull(i.Attributes) && !isNull(i.Flat):
		return d.lose(what, causeFlat)
	case isNull(i.Attributes):
		return d.lose(what, causeInstance("it has no attributes"))
	case i.Attributes[0] != '{':
		return d.lose(what, causeInstance("its attributes are not an object"))
	}
	if !d.emit(drift.Instance{
		Resource:      drift.Resource{Provider: source, Type: h.Type},
		Address:       address,
		Alias:         alias,
		Deposed:       i.Deposed,
		SchemaVersion: i.SchemaVersion,
		Attributes:    i.Attributes,
		Private:       i.Private,
		Sensitive:     i.Sensitive,
	}) {
		return errStop
	}
	return nil
}

// misfit says what does not fit, without repeating a value: it may be a secret.
func misfit(err error) string {
	var wrongType *json.UnmarshalTypeError
	if errors.As(err, &wrongType) && wrongType.Field != "" {
		return "its " + wrongType.Field + " is not what state version 4 has there"
	}
	var m *misfitError
	if errors.As(err, &m) {
		return m.why
	}
	return "it is not an object"
}

func isNull(raw json.RawMessage) bool { return len(raw) == 0 || string(raw) == "null" }

// instanceKey is the key of count or for_each as Terraform writes it in an address.
func instanceKey(raw json.RawMessage) (string, error) {
	if isNull(raw) {
		return "", nil
	}
	if raw[0] == '"' {
		var s string
		if err := json.Unmarshal(raw, &s); err != nil {
			return "", errors.New("its index_key is not a string that can be read")
		}
		return "[" + string(hclwrite.TokensForValue(cty.StringVal(s)).Bytes()) + "]", nil
	}
	n, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil || n < 0 {
		return "", errors.New("its index_key is neither a string nor a whole number")
	}
	return "[" + strconv.FormatInt(n, 10) + "]", nil
}

// provider resolves the provider address of the resource once, or that of an instance (OpenTofu's for_each of
// providers), which stands in for it.
func (h *head) provider(own string) (source, alias string, err error) {
	if own != "" {
		return parseProvider(own)
	}
	if h.source == "" {
		h.source, h.alias, err = parseProvider(h.Provider)
	}
	return h.source, h.alias, err
}

// parseProvider reads a provider configuration address: provider["host/namespace/name"].alias, below a module or
// not. Terraform 0.12, the first to write state version 4, left the source out: provider.name.alias.
func parseProvider(s string) (source, alias string, err error) {
	bad := fmt.Errorf("its provider address %q is not known", s)
	rest := s
	if i := strings.LastIndex(s, `provider["`); i >= 0 {
		rest = s[i+len(`provider["`):]
		source, rest, found := strings.Cut(rest, `"]`)
		if !found || strings.Count(source, "/") != 2 {
			return "", "", bad
		}
		// "-" is the namespace of a provider that 0.13 took over from 0.12 and has not been looked up yet.
		source = strings.Replace(source, "/-/", "/hashicorp/", 1)
		return source, strings.TrimPrefix(rest, "."), nil
	}
	if i := strings.LastIndex(s, "provider."); i >= 0 {
		name, alias, _ := strings.Cut(rest[i+len("provider."):], ".")
		if name != "" {
			return "registry.terraform.io/hashicorp/" + name, alias, nil
		}
	}
	return "", "", bad
}

// base64Bytes is a base64 string whose decoding error is about itself alone.
type base64Bytes []byte

func (b *base64Bytes) UnmarshalJSON(raw []byte) error {
	var bytes []byte
	if err := json.Unmarshal(raw, &bytes); err != nil {
		return &misfitError{"its private data is not base64"}
	}
	*b = bytes
	return nil
}

// paths is Terraform's JSON form of attribute paths: a list of lists of steps.
type paths []cty.Path

func (p *paths) UnmarshalJSON(raw []byte) error {
	var lists [][]struct {
		Type  string          `json:"type"`
		Value json.RawMessage `json:"value"`
	}
	// A mark that cannot be read must not turn a secret into something to show: the instance is lost instead.
	bad := &misfitError{"its sensitive_attributes cannot be read"}
	if err := json.Unmarshal(raw, &lists); err != nil {
		return bad
	}
	for _, steps := range lists {
		path := make(cty.Path, 0, len(steps))
		for _, step := range steps {
			switch step.Type {
			case "get_attr":
				var name string
				if err := json.Unmarshal(step.Value, &name); err != nil {
					return bad
				}
				path = append(path, cty.GetAttrStep{Name: name})
			case "index":
				// The value is one of dynamic type: {"value": 0, "type": "number"}.
				key, err := ctyjson.Unmarshal(step.Value, cty.DynamicPseudoType)
				if err != nil || key.IsNull() || key.Type() == cty.Number && !isWhole(key) {
					return bad
				}
				path = append(path, cty.IndexStep{Key: key})
			default:
				return bad
			}
		}
		*p = append(*p, path)
	}
	return nil
}

// isWhole says that a number is an index. One of 1e600000000 would be written out as a gigabyte.
func isWhole(key cty.Value) bool {
	n, accuracy := key.AsBigFloat().Int64()
	return accuracy == big.Exact && n >= 0
}

// trimSpace drops JSON whitespace.
func trimSpace(r io.Reader) io.Reader { return spaceTrimmer{r} }

type spaceTrimmer struct{ r io.Reader }

func (t spaceTrimmer) Read(p []byte) (int, error) {
	n, err := t.r.Read(p)
	kept := p[:0]
	for _, c := range p[:n] {
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			kept = append(kept, c)
		}
	}
	return len(kept), err
}
