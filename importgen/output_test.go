package importgen

import (
	"testing"
	"testing/fstest"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
)

func TestModuleOutputs(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{}
	for name, text := range map[string]string{
		"live/main.tf": `
			module "net" {
			  source   = "../modules/net"
			  for_each = toset(["eu"])
			}
			module "registry" {
			  source = "terraform-aws-modules/vpc/aws"
			}
			module "away" {
			  source = "git::https://example.com/net.git"
			}`,
		"live/.terraform/modules/modules.json": `{"Modules":[{"Key":"registry","Dir":".terraform/modules/registry"},{"Key":"net","Dir":"../modules/net"}]}`,
		"live/.terraform/modules/registry/outputs.tf": `
			output "vpc_id" {
			  value = try(aws_vpc.this[0].id, null)
			}
			output "private_subnets" {
			  value = aws_subnet.private[*].id
			}
			output "public_subnets" {
			  value = { for zone, s in aws_subnet.public : zone => s.id }
			}
			output "gateway" {
			  value = one(aws_internet_gateway.this[*].id)
			}
			output "security_groups" {
			  value = aws_security_group.this
			}
			output "secret" {
			  value     = aws_vpc.secret.id
			  sensitive = true
			}
			output "some" {
			  value = [for s in aws_subnet.some : s.id if s.tags.x == "y"]
			}`,
		"modules/net/main.tf": `
			module "sub" {
			  source = "./sub"
			}
			output "ids" {
			  value = module.sub.ids
			}`,
		"modules/net/sub/main.tf": `
			output "arns" {
			  value = aws_vpc.main[*].arn
			}
			output "ids" {
			  value = aws_vpc.main[*].id
			}`,
	} {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	for _, c := range []struct{ module, typ, name, key, want string }{
		{"module.registry", "aws_vpc", "this", "[0]", "module.registry.vpc_id"},
		{"module.registry", "aws_vpc", "this", "[1]", ""},
		{"module.registry", "aws_subnet", "private", "[2]", "module.registry.private_subnets[2]"},
		{"module.registry", "aws_subnet", "public", `["a"]`, `module.registry.public_subnets["a"]`},
		{"module.registry", "aws_internet_gateway", "this", "[0]", "module.registry.gateway"},
		{"module.registry", "aws_security_group", "this", `["web"]`, `module.registry.security_groups["web"].id`},
		{"module.registry", "aws_vpc", "secret", "", ""},
		{"module.registry", "aws_subnet", "some", "[0]", ""},
		{`module.net["eu"].module.sub`, "aws_vpc", "main", "[1]", `module.net["eu"].ids[1]`},
		{"module.away", "aws_vpc", "this", "[0]", ""},
		{`module.net["]"]`, "aws_vpc", "main", "[1]", ""},
	} {
		m := drift.Managed{RootModule: "live", Address: drift.Address{Module: c.module, Type: c.typ, Name: c.name, Key: c.key}}
		if got := newModules(files).expression(m, "id"); got != c.want {
			t.Errorf("%s: %s, want %s", m.Address, got, c.want)
		}
	}

	subnet := flat(map[string]*tfjson.SchemaAttribute{"vpc_id": needed(cty.String)})
	result := generate(t, []Item{{resource("aws_subnet", "subnet-1", "a"), drift.Object{Value: object(subnet, `{"vpc_id":"vpc-1"}`)}}}, Options{
		Planner: &fakePlanner{types: map[string]fakeType{"aws_subnet": {schema: subnet}}}, Checkout: files,
		Roots: []drift.RootModule{{Dir: "live", Required: map[string]string{drift.AWS: ""}}},
		Managed: []drift.Managed{{
			Resource: resource("aws_vpc", "vpc-1", ""), RootModule: "live",
			Address: drift.Address{Module: "module.registry", Type: "aws_vpc", Name: "this", Key: "[0]"},
		}},
	})
	golden(t, "module_output", result.Files)
}
