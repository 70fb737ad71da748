package aws

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
)

// TestFromMoto records what moto answers to the listings of the seeded estate, and lists it again and again from memory:
// with each action of the catalogue denied, and on a bad day.
func TestFromMoto(t *testing.T) {
	m := rememberMoto(t)
	t.Run("denials", func(t *testing.T) {
		denied := checkDenials(t, m)
		for _, action := range catalogueActions() {
			if !denied[action] {
				t.Errorf("%s was not denied: no listing has called it", action)
			}
		}
	})
	t.Run("bad day", func(t *testing.T) { checkBadDay(t, m) })
}

// TestFromMemory is the same from a memory that was written down, without any peer.
func TestFromMemory(t *testing.T) {
	t.Parallel()
	m := remember(t)
	t.Run("denials", func(t *testing.T) {
		t.Parallel()
		if n := len(checkDenials(t, m)); n < deniedFromMemory {
			t.Errorf("%d actions denied, want %d: make record-moto", n, deniedFromMemory)
		}
	})
	t.Run("bad day", func(t *testing.T) { t.Parallel(); checkBadDay(t, m) })
}

// deniedFromMemory is how many actions are denied without a peer, at least.
const deniedFromMemory = 400

// stage is where a row is listed from memory: in the seeded estate, together with the others there, or in a recording of
// its own.
type stage struct {
	calm  *seen
	calls []string // the actions of the calm listing, sorted
	alone wire     // its recording; nil: it is in the estate
}

// motoSpares are actions that a row's listing does not come to in moto, and why.
var motoSpares = map[string]map[string]string{
	"aws_config_configuration_recorder": {"config:ListTagsForResource": "moto's recorders have no ARN to ask by"},
}

// checkDenials denies each IAM action of the catalogue by itself, as its service does. The listing completes; exactly the
// types whose rows name the action are skipped, all or in part, by that action's name; and everything else is, byte for
// byte, what it is without. A row's actions are those of the calls that its listing makes, no more and no fewer. The result
// are the actions that were denied.
func checkDenials(t *testing.T, m *memory) map[string]bool {
	t.Helper()
	stages, services := stagesOf(t, m)
	denied, inMoto := map[string]bool{}, map[string]bool{}
	for _, action := range catalogueActions() {
		t.Run(action, func(t *testing.T) {
			service, _, _ := strings.Cut(action, ":")
			together := services[service]
			estate := survey(t, m.inventory(denying(m.recall(t), action), together...))
			for typ, s := range stages {
				named := slices.Contains(s.calls, action)
				switch {
				case s.alone != nil && named:
					denyAlone(t, typ, action, s)
				case slices.Contains(together, typ):
					compareDenied(t, typ, action, s, estate[typ])
					inMoto[action] = inMoto[action] || named
				}
				denied[action] = denied[action] || named
			}
		})
	}
	t.Logf("%d of the catalogue's %d actions denied one by one, %d of them in moto, over %d of its %d types", len(denied), len(catalogueActions()), len(inMoto), len(stages), len(Catalogue()))
	return denied
}

// stagesOf lists every row calmly, each by itself. The second result are the types of the estate by the
// services that their listings call: what else could a denial in a service reach?
func stagesOf(t *testing.T, m *memory) (map[string]*stage, map[string][]string) {
	t.Helper()
	recordings, stages, services := allRecordings(), map[string]*stage{}, map[string][]string{}
	for _, row := range Catalogue() {
		s := &stage{}
		switch {
		case slices.Contains(m.types, row.Type):
			s.calm, s.calls = look(t, m.recall(t), row.Type, m.inventory)
		case inMoto(row.Type):
			continue // it has joined the catalogue since
		default:
			s.alone = cannedCloud(t, recordings[row.Type].answers)
			s.calm, s.calls = look(t, s.alone, row.Type, inRecording)
		}
		if len(s.calm.listed) == 0 {
			t.Errorf("%s: nothing is listed, so that a denial would hide nothing", row.Type)
		}
		spared := func(action string) bool { return s.alone == nil && motoSpares[row.Type][action] != "" }
		if want := slices.DeleteFunc(slices.Sorted(slices.Values(row.Actions)), spared); !slices.Equal(s.calls, want) {
			t.Errorf("%s: its listing takes %v, and its actions are %v", row.Type, s.calls, want)
		}
		stages[row.Type] = s
		for _, action := range s.calls {
			service, _, _ := strings.Cut(action, ":")
			if s.alone == nil && !slices.Contains(services[service], row.Type) {
				services[service] = append(services[service], row.Type)
			}
		}
	}
	return stages, services
}

// TestRecordedMayBeDenied is the same for the recorded rows alone, for which no peer is needed.
func TestRecordedMayBeDenied(t *testing.T) {
	t.Parallel()
	for typ, rec := range allRecordings() {
		t.Run(typ, func(t *testing.T) {
			t.Parallel()
			s := &stage{alone: cannedCloud(t, rec.answers)}
			s.calm, s.calls = look(t, s.alone, typ, inRecording)
			for _, action := range s.calls {
				denyAlone(t, typ, action, s)
			}
		})
	}
}

// look lists one type and says which actions that took, sorted.
func look(t *testing.T, over wire, typ string, open func(wire, ...string) *Inventory) (*seen, []string) {
	t.Helper()
	actions := &sync.Map{}
	all := survey(t, open(called(over, actions), typ))
	if all[typ] == nil {
		all[typ] = &seen{}
	}
	return all[typ], sorted(actions)
}

func inRecording(over wire, types ...string) *Inventory { return over.inventory("eu-west-1", types...) }

func denyAlone(t *testing.T, typ, action string, s *stage) {
	t.Helper()
	got, _ := look(t, denying(s.alone, action), typ, inRecording)
	compareDenied(t, typ, action, s, got)
}

// compareDenied holds what a type looks like under a denial against what it is.
func compareDenied(t *testing.T, typ, action string, s *stage, got *seen) {
	t.Helper()
	calm := s.calm
	if got == nil {
		got = &seen{}
	}
	if !slices.Contains(s.calls, action) {
		if !got.equal(calm) {
			t.Errorf("%s does not name the action, and is told otherwise: %d resources for %d, skips\n%q for\n%q", typ, len(got.listed), len(calm.listed), got.skips, calm.skips)
		}
		return
	}
	if !slices.ContainsFunc(got.skips, func(s string) bool {
		return strings.Contains(s, " was denied; ") && strings.HasSuffix(s, "allow the role to use "+action)
	}) {
		t.Errorf("%s names the action, and is not skipped for it: %q", typ, got.skips)
	}
	for id := range got.listed {
		if calm.listed[id] == "" && !strings.HasSuffix(id, "gone") { // of a recording: the call that was denied would have told
			t.Errorf("%s: the denial brings %s to light, which is not there", typ, id)
		}
	}
}

// denying is over with one action denied, in the words of its service.
func denying(over wire, action string) wire {
	return func(c apiCall, r *http.Request) (*http.Response, error) {
		if actionOf(c, r) == action {
			return reply(r, http.StatusForbidden, refusal(c.service, deniedCode(c.service))), nil
		}
		return over(c, r)
	}
}

// catalogueActions are all IAM actions of the catalogue, sorted.
func catalogueActions() []string {
	actions := map[string]bool{}
	for _, row := range Catalogue() {
		for _, action := range row.Actions {
			actions[action] = true
		}
	}
	return slices.Sorted(maps.Keys(actions))
}
