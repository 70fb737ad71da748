package importgen

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/seed-e90528ae/driftline/drift"
)

// maxName bounds a resource's name: longer ones are cut, and told apart by a fingerprint.
const maxName = 60

// name gives every block an address that is unique in its root module. Blocks that share a name all get a
// fingerprint of their identity, so that the order of a listing decides nothing.
//
// It answers the addresses that are taken, each behind its root module and a zero byte.
func name(blocks []*block, opts Options, checkout *checkout) names {
	wanted := map[string]int{}
	for _, b := range blocks {
		if !b.written {
			wanted[b.family()+b.identifier()]++
		}
	}
	taken := names{}
	for _, root := range opts.Roots {
		for _, address := range root.Resources {
			taken[root.Dir+"\x00"+address] = true
		}
	}
	for dir, addresses := range checkout.addresses {
		for address, stands := range addresses {
			taken[dir+"\x00"+address] = stands
		}
	}
	for _, b := range blocks {
		if b.written {
			continue
		}
		b.name = distinct(b.identifier(), fingerprint(b.Resource), func(name string) bool {
			return wanted[b.family()+name] > 1 || taken[b.family()+name]
		})
		taken[b.family()+b.name] = true
	}
	return taken
}

// family is what a block's name is unique in: its root module and type, as they stand before an address that is taken.
func (b *block) family() string { return b.root + "\x00" + b.Type + "." }

// names are the names that are taken, each behind what it is unique in.
type names map[string]bool

// take answers the name base, told apart by a fingerprint where that is taken. It is taken from then on.
func (taken names) take(in, base, fingerprint string) string {
	name := distinct(base, fingerprint, func(name string) bool { return taken[in+name] })
	taken[in+name] = true
	return name
}

// distinct is base, with more and more digits of a fingerprint for as long as that is taken. In the end it is, by the very
// same resource.
func distinct(base, fingerprint string, taken func(name string) bool) string {
	name := base
	for digits := 6; taken(name) && digits <= len(fingerprint); digits += 2 {
		name = base + "_" + fingerprint[:digits]
	}
	return name
}

// nameVariables names the variable of every secret after its resource, or group of them, and argument.
func nameVariables(blocks []*block, opts Options) {
	taken := names{}
	for _, root := range opts.Roots {
		for _, variable := range root.Variables {
			taken[root.Dir+"\x00"+variable] = true
		}
	}
	for _, b := range blocks {
		if b.written || !b.leads() {
			continue
		}
		secretsIn(b.conf, "", func(holder *body, at, attr string) {
			variable := func(place string) string {
				base := identify(strings.Join([]string{shortType(b.Type), b.label(), place}, "_"))
				return taken.take(b.root+"\x00", base, hash(b.Type+"\x00"+fingerprint(b.Resource)+at))
			}
			s, place := *holder.secret[attr], strings.ReplaceAll(join(at, attr), ".", "_")
			s.grouped = b.group != nil
			if s.elements == nil {
				s.variable = variable(place)
			}
			s.elements = maps.Clone(s.elements)
			for _, key := range s.names() {
				if s.elements != nil {
					s.elements[key] = variable(place + "_" + key)
				}
			}
			holder.secret[attr] = &s
		})
	}
}

func shortType(typ string) string {
	_, short, found := strings.Cut(typ, "_")
	if !found {
		return typ
	}
	return short
}

func fingerprint(r drift.Resource) string {
	return hash(r.Account + "\x00" + r.Region + "\x00" + r.ImportID)
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// calledBy are attributes that hold a resource's own name, for resources whose listing had none.
var calledBy = []string{"name", "identifier", "alarm_name", "bucket"}

// namedFrom are types whose own name says too little, since it is unique within another resource only, or that have
// none. The name is made of parts of the import ID, cut at the separator, and of attributes.
var namedFrom = map[string]struct {
	separator string
	parts     []int // none for all
	attrs     []string
}{
	"aws_iam_role_policy": {separator: ":"}, "aws_iam_user_policy": {separator: ":"}, "aws_iam_group_policy": {separator: ":"},
	"aws_iam_role_policy_attachment": {separator: "/"}, "aws_iam_user_policy_attachment": {separator: "/"},
	"aws_lambda_permission": {separator: "/"}, "aws_cloudwatch_event_target": {separator: "/"}, "aws_ecs_service": {separator: "/"},
	"aws_route53_record":         {separator: "_", parts: []int{1, 2, 3}},
	"aws_lb_listener":            {separator: "/", parts: []int{2}, attrs: []string{"port"}},
	"aws_sns_topic_subscription": {separator: ":", parts: []int{5}, attrs: []string{"protocol"}},
}

// composed is a name after namedFrom.
func (b *block) composed() string {
	from := namedFrom[b.Type]
	cut := strings.Split(b.ImportID, from.separator)
	parts := []string{}
	for i, part := range cut {
		if len(from.parts) == 0 || slices.Contains(from.parts, i) {
			parts = append(parts, part)
		}
	}
	for _, attr := range from.attrs {
		if v, err := convert.Convert(member(b.Object.Value, attr), cty.String); err == nil && v.IsKnown() && !v.IsNull() {
			parts = append(parts, v.AsString())
		}
	}
	return arnPrefix.ReplaceAllString(strings.Join(parts, from.separator), "")
}

// identifier is the name that a block asks for.
func (b *block) identifier() string {
	r := b.Resource
	if _, ok := namedFrom[r.Type]; ok {
		r.Name, r.Tags = b.composed(), nil
		return identifier(r)
	}
	for _, attr := range calledBy {
		if r.Name != "" || r.Tags["Name"] != "" {
			break
		}
		if v := member(b.Object.Value, attr); v.IsKnown() && !v.IsNull() && v.Type() == cty.String {
			r.Name = v.AsString()
		}
	}
	return identifier(r)
}

var arnPrefix = regexp.MustCompile(`arn:[^:/]*:[^:/]*:[^:/]*:[^:/]*:`)

// identifier is the name that a resource asks for: its Name tag, its own name, else its import ID without what every
// ARN of the account begins with.
func identifier(r drift.Resource) string {
	for _, candidate := range []string{r.Name, r.Tags["Name"]} {
		if name := identify(candidate); name != "" {
			return startWithLetter(r.Type, cut(name))
		}
	}
	if name := identify(arnPrefix.ReplaceAllString(r.ImportID, "")); name != "" {
		return startWithLetter(r.Type, cut(name))
	}
	return shortType(r.Type)
}

func cut(name string) string {
	if len(name) <= maxName {
		return name
	}
	return strings.TrimRight(name[:maxName-7], "_-") + "_" + hash(name)[:6]
}

func startWithLetter(typ, name string) string {
	if name[0] >= 'a' && name[0] <= 'z' {
		return name
	}
	return typ[strings.LastIndexByte(typ, '_')+1:] + "_" + strings.TrimLeft(name, "_-")
}

// identify turns a string into lower snake case: letters and digits of ASCII, everything else one underscore, and
// one more where a capital begins a word.
func identify(s string) string {
	var out strings.Builder
	var last rune
	for _, r := range s {
		switch {
		case r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r):
			r = '_'
		case unicode.IsUpper(r) && (unicode.IsLower(last) || unicode.IsDigit(last)):
			out.WriteByte('_')
		}
		if r == '_' && (last == '_' || out.Len() == 0) {
			continue
		}
		out.WriteRune(unicode.ToLower(r))
		last = r
	}
	return strings.TrimRight(out.String(), "_")
}
