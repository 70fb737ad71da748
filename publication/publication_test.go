package publication

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/seed-e90528ae/driftline/config"
	"github.com/seed-e90528ae/driftline/drift"
)

func TestBranchesOfRootModulesAreTheirOwn(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, root := range []string{".", "net", "live/net", "live-net", "live--net", "live/-net", "live-/net", "Live/net", "a.b", "a/b", "a b", "ä", "root", "..", "x/.git"} {
		branch := branchOf("driftline/main", root)
		if other, taken := seen[branch]; taken {
			t.Errorf("%q and %q share %q", root, other, branch)
		}
		seen[branch] = root
	}
	for root, want := range map[string]string{"net": "driftline/main--net", "live/eu-west-1": "driftline/main--live--eu-west-1"} {
		if got := branchOf("driftline/main", root); got != want {
			t.Errorf("%s: %s, want %s", root, got, want)
		}
	}
}

func TestTouching(t *testing.T) {
	t.Parallel()
	found := &drift.Report{}
	for _, root := range []string{"live/net", "live/net/inner", "live/app"} {
		found.Deleted = append(found.Deleted, drift.Managed{RootModule: root, Address: drift.Address{Type: "aws_vpc", Name: "a"}})
	}
	found.Finish()
	for _, tt := range []struct{ changed, want []string }{
		{[]string{"live/net/main.tf"}, []string{"live/net"}},
		{[]string{"live/net/inner/prod.tfvars", "docs/README.md"}, []string{"live/net/inner"}},
		{[]string{"live/network/main.tf"}, []string{"live/app", "live/net", "live/net/inner"}}, // a module, perhaps: any may be touched
		{[]string{"modules/vpc/main.tf"}, []string{"live/app", "live/net", "live/net/inner"}},
		{[]string{"docs/README.md", "live/app/logo.png"}, nil},
	} {
		var got []string
		for _, m := range touching(found, tt.changed).Deleted {
			got = append(got, m.RootModule)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%q touches %q, want %q", tt.changed, got, tt.want)
		}
	}
}

func TestWebhookIsToldOfNewsInCountsAndLinks(t *testing.T) {
	t.Parallel()
	var got []string
	server := httptest.NewTLSServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = append(got, string(body))
	}))
	t.Cleanup(server.Close)
	found := &drift.Report{Deleted: []drift.Managed{{Resource: drift.Resource{Name: "payroll"}, Address: drift.Address{Type: "aws_vpc", Name: "payroll"}}}}
	found.Finish()
	p := &Publication{Options: Options{Config: config.Config{NotifyWebhook: config.NewSecret(server.URL)}}, found: found}
	p.Notify(context.Background(), server.Client().Transport) // nothing was written: no news
	p.links = []string{"https://github.com/o/r/pull/1"}
	p.Notify(context.Background(), server.Client().Transport)
	if want := []string{`{"text":"Driftline: 1 deleted\nhttps://github.com/o/r/pull/1"}`}; !slices.Equal(got, want) {
		t.Errorf("sent %q, want %q", got, want)
	}
}
