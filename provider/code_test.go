//go:build unix

package provider_test

import (
	"strings"
	"testing"

	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/importgen"
	"github.com/seed-e90528ae/driftline/provider"
)

// TestCodeForOtherRegions has code written for things in the region of their root module and in another: with version 6
// the other says its region by itself, and is imported from there; before, it has a provider configuration of its own.
func TestCodeForOtherRegions(t *testing.T) {
	t.Parallel()
	argument := []string{"id = \"t@eu-west-1\"", "region = \"eu-west-1\"\n}\n\nimport"}
	alias := []string{"alias  = \"eu_west_1\"\n  region = \"eu-west-1\"", "provider = aws.eu_west_1"}
	for version, c := range map[string]struct{ want, unwanted []string }{"6.4.0": {argument, alias}, "5.100.0": {alias, argument}} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			fleet, _ := provider.RegionalFleet(t, version)
			var items []importgen.Item
			for _, region := range []string{"home", "eu-west-1"} {
				r := drift.Resource{Provider: drift.AWS, Type: "aws_thing", ImportID: "t", Account: "111122223333", Region: region}
				object, err := fleet.Import(t.Context(), r)
				if err != nil {
					t.Fatal(err)
				}
				items = append(items, importgen.Item{Resource: r, Object: object})
			}
			result, err := importgen.Generate(t.Context(), items, importgen.Options{
				Planner: fleet, HomeRegion: "home", Versions: map[string]string{drift.AWS: version},
				Roots:     []drift.RootModule{{Dir: "live", Providers: []drift.ProviderConfig{{LocalName: "aws", Source: drift.AWS, Region: "home"}}}},
				Placement: []importgen.PlacementRule{{Type: "aws_*", Dir: "live"}},
			})
			if err != nil {
				t.Fatal(err)
			}
			var code strings.Builder
			for _, f := range result.Files {
				code.Write(f.Content)
			}
			for _, u := range result.Unmanaged {
				if !u.Verified {
					t.Errorf("%s is not verified: %v", u.SuggestedAddress, u.Differences)
				}
			}
			for _, text := range c.want {
				if !strings.Contains(code.String(), text) {
					t.Errorf("nowhere: %s\n%s", text, code.String())
				}
			}
			for _, text := range c.unwanted {
				if strings.Contains(code.String(), text) {
					t.Errorf("should not be there: %s\n%s", text, code.String())
				}
			}
		})
	}
}
