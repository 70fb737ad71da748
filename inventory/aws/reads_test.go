package aws_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/internal/peers"
	"github.com/seed-e90528ae/driftline/internal/recorder"
	"github.com/seed-e90528ae/driftline/inventory/aws"
	"github.com/seed-e90528ae/driftline/provider"
)

// samples is how many resources of a type are read: which calls that takes depends on what a resource has.
const samples = 3

// TestProviderReads has the real provider import seeded resources type by type, and holds what a proxy sees of it against
// the table that `driftline policy` gives actions from. DRIFTLINE_RECORD_READS=1 adds to the table what is missing.
func TestProviderReads(t *testing.T) {
	endpoint := aws.StartMoto(t)
	created := aws.Seed(t, "us-east-1", "drift")
	proxy, models := recorder.Start(t, endpoint), loadModels(t)
	environ := append(os.Environ(), "TF_CLI_CONFIG_FILE="+peers.CLIConfig(t))
	fleet := provider.New(provider.Options{Environ: append(environ, peers.AWSEnv(proxy.URL)...), Account: peers.Account, Region: "us-east-1", MaxProcesses: 1})
	t.Cleanup(func() {
		if err := fleet.Close(); err != nil {
			t.Errorf("close the provider: %v", err)
		}
	})
	if _, err := fleet.Import(t.Context(), drift.Resource{Provider: drift.AWS, Type: "aws_sqs_queue", ImportID: "https://none", Account: peers.Account, Region: "us-east-1"}); err == nil {
		t.Log("there is a queue of no address")
	}
	proxy.Take() // what it takes to begin: GetCallerIdentity, which every policy has

	seen := map[string][]string{}
	for _, typ := range slices.Sorted(maps.Keys(created)) {
		for n, id := range created[typ] {
			if n == samples {
				break
			}
			r := drift.Resource{Provider: drift.AWS, Type: typ, ImportID: id, Account: peers.Account, Region: "us-east-1"}
			if aws.IsGlobal(typ) {
				r.Region = drift.Global
			}
			_, _ = fleet.Import(t.Context(), r) // TestImport tells what cannot be; what was asked counts
		}
		actions := models.actions(t, proxy.Take())
		known, recorded := aws.Reads(typ)
		if !recorded {
			t.Logf("%s was never recorded, which `driftline policy` says: record it", typ)
		}
		for _, action := range actions {
			if recorded && !slices.Contains(known, action) && os.Getenv("DRIFTLINE_RECORD_READS") == "" {
				t.Errorf("%s: the provider asks for %s, which `driftline policy` does not give", typ, action)
			}
		}
		seen[typ] = slices.Compact(slices.Sorted(slices.Values(append(actions, known...))))
	}
	if len(seen) < 150 {
		t.Errorf("only %d types were read", len(seen))
	}
	t.Logf("%d types read", len(seen))
	if os.Getenv("DRIFTLINE_RECORD_READS") != "" {
		recordReads(t, seen)
	}
}

func recordReads(t *testing.T, seen map[string][]string) {
	t.Helper()
	for _, typ := range aws.Types() {
		if known, ok := aws.Reads(typ); ok && seen[typ] == nil {
			seen[typ] = known
		}
	}
	var table strings.Builder
	table.WriteString("# What the AWS provider asks for to read a resource of each type. Recorded: DRIFTLINE_RECORD_READS=1 go test ./inventory/aws -run TestProviderReads\n")
	for _, typ := range slices.Sorted(maps.Keys(seen)) {
		fmt.Fprintf(&table, "%s %s\n", typ, strings.Join(seen[typ], " "))
	}
	if err := os.WriteFile("reads.txt", []byte(table.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestReadsAreReads: nothing in the table writes, or gives out what opens other doors, but for what the provider needs to
// compare a value that a state holds, too.
func TestReadsAreReads(t *testing.T) {
	t.Parallel()
	read := regexp.MustCompile(`^[a-z0-9-]+:(List|Describe|Get|GET|Search|BatchGet|View|Lookup)[A-Za-z0-9]*$`)
	total := 0
	for _, typ := range aws.Types() {
		actions, _ := aws.Reads(typ)
		total += len(actions)
		for _, action := range actions {
			if !read.MatchString(action) {
				t.Errorf("%s: %s is no read", typ, action)
			}
		}
	}
	if total < 300 {
		t.Errorf("only %d actions in the table", total)
	}
}

// restModels are the operations of services that are told by method and path alone, by the name that requests are signed
// for, as botocore (which moto needs) has them.
type restModels map[string][]struct{ Method, URI, Operation string }

const models = `
import botocore.session, json, collections
session, found = botocore.session.get_session(), collections.defaultdict(list)
loader = session.get_component('data_loader')
for service in loader.list_available_services('service-2'):
    model = loader.load_service_model(service, 'service-2')
    meta = model['metadata']
    if meta['protocol'].startswith('rest'):
        for name, operation in model['operations'].items():
            http = operation['http']
            found[meta.get('signingName', meta['endpointPrefix'])].append({'Method': http['method'], 'URI': http['requestUri'], 'Operation': name})
print(json.dumps(found))
`

func loadModels(t *testing.T) restModels {
	t.Helper()
	out, err := exec.Command(peers.Program(t, "python3", ""), "-c", models).Output()
	if err != nil {
		t.Fatal(err)
	}
	var m restModels
	if err := json.Unmarshal(out, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// actions are the IAM actions of calls, sorted, but for unsigned ones: there is nothing that IAM allows or denies.
func (m restModels) actions(t *testing.T, calls []recorder.Call) []string {
	t.Helper()
	actions := map[string]bool{}
	for _, c := range calls {
		operation := c.Action
		method, _, rest := strings.Cut(c.Action, " ")
		switch {
		case c.Service == "":
			continue
		case rest && c.Service == "apigateway":
			actions[c.Service+":"+method] = true
			continue
		case rest:
			operation = m.operation(c.Service, method, c.URL)
		}
		if operation == "" {
			t.Errorf("a call of no known action: %s %s %s", c.Service, method, c.URL.RequestURI())
			continue
		}
		actions[aws.ActionOf(c.Service, operation)] = true
	}
	return slices.Sorted(maps.Keys(actions))
}

// operation is the one whose method, path and query fit best: with the most that is fixed.
func (m restModels) operation(service, method string, asked *url.URL) string {
	best, fixed := "", -1
	for _, o := range m[service] {
		path, query, _ := strings.Cut(o.URI, "?")
		if o.Method != method || !pathFits(path, asked.EscapedPath()) {
			continue
		}
		want, _ := url.ParseQuery(query)
		fits, n := true, len(regexp.MustCompile(`\{[^}]*\}`).ReplaceAllString(path, ""))
		for name, values := range want {
			got, ok := asked.Query()[name]
			fits = fits && ok && (values[0] == "" || slices.Equal(got, values))
			n += 100 // a sub-resource of S3's says more than any path
		}
		if fits && n > fixed {
			best, fixed = o.Operation, n
		}
	}
	return best
}

// pathFits: {name} stands for one part of a path, {name+} for the rest of it.
func pathFits(template, path string) bool {
	expression := regexp.QuoteMeta(strings.TrimSuffix(template, "/"))
	expression = regexp.MustCompile(`\\\{[^}]*\\\+\\\}`).ReplaceAllString(expression, `.+`)
	expression = regexp.MustCompile(`\\\{[^}]*\\\}`).ReplaceAllString(expression, `[^/]+`)
	return regexp.MustCompile("^" + expression + "/?$").MatchString(path)
}
