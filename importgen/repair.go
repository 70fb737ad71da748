package importgen

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
)

// placeholder stands in for a required argument that no cloud gives back.
type placeholder struct {
	value func(name string) cty.Value // given the resource's name
	note  string                      // what the generated code says of it
}

// unreadable are arguments that a provider demands although they cannot be read: type, place.
var unreadable = map[string]map[string]placeholder{
	"aws_lambda_function": {"filename": {
		value: func(name string) cty.Value { return cty.StringVal(name + ".zip") },
		note:  "The code package cannot be read back: filename is a placeholder whose changes are ignored.",
	}},
	"aws_key_pair": {"public_key": {
		value: func(name string) cty.Value { return cty.StringVal("ssh-ed25519 " + name) },
		note:  "The public key cannot be read back: public_key is a placeholder whose changes are ignored.",
	}},
}

// loses are arguments that give way when the provider says that they conflict with another one that was read too.
var loses = map[string]bool{
	"availability_zones": true, "availability_zone_id": true, "subnet_mapping": true, "security_group_names": true,
	"is_enabled": true, "email_verification_message": true, "email_verification_subject": true, "sms_verification_message": true,
	"launch_template.name": true, "mixed_instances_policy.launch_template.launch_template_specification.launch_template_name": true,
	"network_interface": true, "security_groups": true,
}

// repair asks the provider to validate the configuration and mends what it complains of, one round after another.
// It returns the complaints that are left when nothing more can be done.
func (w *work) repair() ([]drift.Difference, error) {
	var left []drift.Difference
	for range maxRepairRounds {
		w.calls.Validate++
		diagnostics, err := w.planner.Validate(w.ctx, w.Resource, w.conf.value(w.schema))
		if err != nil {
			return nil, err
		}
		left = nil
		mended := false
		for _, d := range diagnostics {
			if !d.Error {
				continue
			}
			left = append(left, diagnosis(d))
			mended = w.mend(d) || mended
		}
		if !mended {
			return left, nil
		}
	}
	return left, nil
}

// valid reports whether the provider has nothing against the configuration.
func (w *work) valid() bool {
	w.calls.Validate++
	diagnostics, err := w.planner.Validate(w.ctx, w.Resource, w.conf.value(w.schema))
	return err == nil && !slices.ContainsFunc(diagnostics, func(d drift.Diagnostic) bool { return d.Error })
}

// mend makes one change that a diagnostic asks for, and reports whether it found one.
func (w *work) mend(d drift.Diagnostic) bool {
	target := dotted(d.Path)
	text := strings.ToLower(d.Summary + " " + d.Detail)
	places := w.placesIn(d, target)
	switch {
	case strings.Contains(text, "expected "): // a value out of range: "expected x to be one of [a b], got"
		return w.dropOne([]string{target}) || w.dropEnclosing(target)
	case containsAny(text, "conflicts with", "only one of", "cannot be specified when", "can not be specified",
		"invalid attribute combination", "cannot be set when", "cannot specify both", "mutually exclusive"):
		if len(places) > 1 && len(w.present(places)) < 2 { // settled by an earlier diagnostic of the same round
			return false
		}
		return w.dropOne(places)
	case strings.Contains(text, "all of"): // a group of arguments that only go together, half present
		return w.dropOne([]string{target}) || w.dropOne(places)
	case containsAny(text, "one of", "required", "must be set", "must be specified", "must be configured"):
		return w.writeOne(places) || w.dropEnclosing(target)
	}
	return w.dropOne([]string{target}) || w.dropEnclosing(target) || target == "" && w.dropOne(places)
}

func containsAny(s string, parts ...string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(s, part) })
}

var (
	quoted    = regexp.MustCompile("[`\"]([a-z0-9_.,\\[\\]# ]+)[`\"]")
	conflicts = regexp.MustCompile(`conflicts with ([a-z0-9_.\[\]]+)`)
)

// placesIn are the arguments that a diagnostic speaks of: its path, and the names quoted in its text.
func (w *work) placesIn(d drift.Diagnostic, target string) []string {
	text := d.Summary + "\n" + d.Detail
	places := []string{}
	if target != "" {
		places = append(places, target)
	}
	for _, match := range slices.Concat(quoted.FindAllStringSubmatch(text, -1), conflicts.FindAllStringSubmatch(text, -1)) {
		for name := range strings.SplitSeq(match[1], ",") {
			if place := w.resolve(strings.TrimSpace(name), target); place != "" && !slices.Contains(places, place) {
				places = append(places, place)
			}
		}
	}
	return places
}

// resolve finds the place that a name in a diagnostic means: from the top, or beside the path of the diagnostic.
func (w *work) resolve(name, target string) string {
	place := withoutIndices(name)
	if place == "" {
		return ""
	}
	beside := place
	if i := strings.LastIndexByte(target, '.'); i >= 0 {
		beside = target[:i] + "." + place
	}
	for _, candidate := range []string{place, beside} {
		if attr, block := schemaAt(w.schema, candidate); attr != nil || block != nil {
			return candidate
		}
	}
	return ""
}

// dropOne takes away the argument that matters least among those that are written and can be spared.
func (w *work) dropOne(places []string) bool {
	present := slices.DeleteFunc(w.present(places), func(place string) bool {
		attr, _ := schemaAt(w.schema, place)
		return attr != nil && attr.Required
	})
	if len(present) == 0 {
		return false
	}
	slices.SortFunc(present, func(a, b string) int {
		return cmp.Or(cmp.Compare(w.worth(a), w.worth(b)), strings.Compare(b, a))
	})
	w.dropped[present[0]] = true
	return w.conf.drop(present[0])
}

// present are the places at which something is written.
func (w *work) present(places []string) []string {
	return slices.DeleteFunc(slices.Clone(places), func(place string) bool {
		attr, block := schemaAt(w.schema, place)
		return place == "" || !w.conf.has(place) || attr == nil && block == nil
	})
}

// worth orders conflicting arguments: what is 0 or empty says least, then what follows from another argument.
func (w *work) worth(place string) int {
	holders, name := w.conf.at(place)
	attr, _ := schemaAt(w.schema, place)
	switch {
	case slices.ContainsFunc(holders, func(h *body) bool { return h.attrs[name] != cty.NilVal && zero(h.attrs[name]) }):
		return 0
	case loses[place], assignedByCloud(w.Type, place):
		return 1
	case strings.HasSuffix(name, "_prefix"), strings.HasSuffix(name, "_count"), attr != nil && attr.Deprecated:
		return 2
	case w.restored[place]:
		return 5
	case attr != nil && attr.Computed:
		return 3
	}
	return 4
}

// writeOne writes the first of some arguments that was read, or may be written unread.
func (w *work) writeOne(places []string) bool {
	for _, place := range places {
		if w.restored[place] {
			continue
		}
		w.restored[place] = true
		if w.conf.restore(place, w.full) {
			delete(w.dropped, place)
			return true
		}
	}
	for _, place := range places {
		if p, ok := unreadable[w.Type][place]; ok && !w.conf.has(place) {
			w.conf.attrs[place] = p.value(identifier(w.Resource))
			w.ignoring[place] = true
			return true
		}
	}
	for _, place := range places {
		if w.fillSecret(place) {
			return true
		}
	}
	return false
}

// dropEnclosing takes away the nearest block around a place that can be spared.
func (w *work) dropEnclosing(place string) bool {
	for i := strings.LastIndexByte(place, '.'); i >= 0; i = strings.LastIndexByte(place, '.') {
		place = place[:i]
		if _, block := schemaAt(w.schema, place); block != nil && block.MinItems == 0 && w.dropOne([]string{place}) {
			return true
		}
	}
	_, block := schemaAt(w.schema, place)
	return block != nil && block.MinItems == 0 && w.dropOne([]string{place})
}
