package drift_test

import (
	"testing"

	"github.com/seed-e90528ae/driftline/drift"
)

func TestCommand(t *testing.T) {
	t.Parallel()
	for want, m := range map[string]drift.Managed{
		"terraform state rm aws_vpc.main":                                             {},
		"terraform state rm 'aws_vpc.main[0]'":                                        {RootModule: ".", Address: drift.Address{Key: "[0]"}},
		"terraform -chdir=live/net state rm aws_vpc.main":                             {RootModule: "live/net"},
		`terraform -chdir='it'\''s here' state rm aws_vpc.main`:                       {RootModule: "it's here"},
		"TF_WORKSPACE=prod terraform -chdir=live/net state rm aws_vpc.main":           {RootModule: "live/net", Workspace: "prod"},
		`TF_WORKSPACE='a b' terraform state rm 'module.m["x y"].aws_vpc.main["\"q"]'`: {Workspace: "a b", Address: drift.Address{Module: `module.m["x y"]`, Key: `["\"q"]`}},
	} {
		m.Address.Type, m.Address.Name = "aws_vpc", "main"
		if got := m.Command("state rm "); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
