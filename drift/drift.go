// Package drift holds Driftline's words: what exists, what Terraform believes, and what follows from the two.
// It does no I/O and knows no cloud, no provider and no format but JSON.
package drift

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// AWS is the source address of the AWS provider, fully qualified as state files write it.
const AWS = "registry.terraform.io/hashicorp/aws"

// Global is the region of resources that belong to an account as a whole (IAM, Route 53).
const Global = "global"

// Resource is one thing in a cloud. Its identity is Provider, Type and ImportID together with Account and Region.
type Resource struct {
	Provider string            `json:"provider"`  // source address: registry.terraform.io/hashicorp/aws
	Type     string            `json:"type"`      // Terraform resource type: aws_vpc
	ImportID string            `json:"import_id"` // what `terraform import` and an import block take
	Account  string            `json:"account"`   // account, project or subscription; "" where unknown
	Region   string            `json:"region"`    // region, Global, or "" where unknown
	Name     string            `json:"name"`      // Name tag or the cloud's own name; "" where it has none
	Tags     map[string]string `json:"tags"`
}

// Compare orders resources by provider, type, account, region and import ID: the order of every list in a report.
func (r Resource) Compare(o Resource) int {
	return cmp.Or(
		strings.Compare(r.Provider, o.Provider),
		strings.Compare(r.Type, o.Type),
		strings.Compare(r.Account, o.Account),
		strings.Compare(r.Region, o.Region),
		strings.Compare(r.ImportID, o.ImportID),
	)
}

// Listed is what an inventory yields: a resource, and the facts of its listing that ownership rules ask for
// ("default": "true", "vpc_id": "vpc-1", "path": "/aws-service-role/"). Facts never reach a report.
type Listed struct {
	Resource
	Facts map[string]string
}

// Address is the place of a resource instance in a configuration.
type Address struct {
	Module string // `module.net["a"].module.sub`, "" in the root module
	Type   string // aws_vpc
	Name   string // main
	Key    string // `[0]`, `["a"]`, or "" where neither count nor for_each is used
}

// String is the address as Terraform writes it: module.net["a"].aws_vpc.main[0].
func (a Address) String() string {
	s := a.Type + "." + a.Name + a.Key
	if a.Module != "" {
		s = a.Module + "." + s
	}
	return s
}

// MarshalText makes an address a plain string in JSON.
func (a Address) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads what String writes.
func (a *Address) UnmarshalText(text []byte) error {
	parts := splitAddress(string(text))
	n := len(parts)
	if n < 2 || n%2 != 0 {
		return fmt.Errorf("%q is no address of a resource", text)
	}
	name, key, _ := strings.Cut(parts[n-1], "[")
	if key != "" {
		key = "[" + key
	}
	*a = Address{Module: strings.Join(parts[:n-2], "."), Type: parts[n-2], Name: name, Key: key}
	return nil
}

// splitAddress cuts at the dots that stand in no key.
func splitAddress(s string) []string {
	var parts []string
	start, quoted, depth := 0, false, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[':
			depth++
		case c == ']':
			depth--
		case c == '.' && depth == 0:
			parts, start = append(parts, s[start:i]), i+1
		}
	}
	return append(parts, s[start:])
}

// Instance is one object that a state file says Terraform manages.
type Instance struct {
	Resource                      // Provider and Type from the state file; the rest is filled in by the scanner's catalogue
	Address       Address         // where it stands in the configuration
	State         string          // URL of the state file, without query and credentials
	RootModule    string          // directory of its root module in the checkout, slash-separated; "" when it is not there
	Workspace     string          // that the state is of; "" for the default one, and where that is not known
	Alias         string          // provider configuration alias that the state names; "" for the default one
	Deposed       string          // deposed key; "" for the current object
	SchemaVersion uint64          // of Attributes
	Attributes    json.RawMessage // the state's attribute object; may hold secrets
	Private       []byte          // provider's private data, opaque
	Sensitive     []cty.Path      // paths that the state marks as sensitive
}

// RootModule is a directory of the checkout that Terraform is run in.
type RootModule struct {
	Dir             string            // relative to the checkout, slash-separated; "." is the checkout itself
	State           string            // state URL (without query) of its backend in the default workspace; "" when it has none
	RequiredVersion string            // terraform { required_version }, "" when absent
	Providers       []ProviderConfig  // provider blocks
	Required        map[string]string // provider source address → version constraint from required_providers ("" for none)
	Locked          map[string]string // provider source address → exact version from .terraform.lock.hcl
	Resources       []string          // addresses of the resource blocks that stand in Dir itself: "aws_vpc.main"
	Modules         []string          // names of its module calls
	Variables       []string          // names of its variables
}

// ProviderConfig is one provider block of a root module, as far as its arguments are literals.
type ProviderConfig struct {
	LocalName   string // aws
	Source      string // registry.terraform.io/hashicorp/aws
	Alias       string
	Region      string // "" when absent or not a literal
	Account     string // from allowed_account_ids or assume_role's ARN, "" when unknown
	DefaultTags map[string]string
}

// Object is a resource as its provider sees it.
type Object struct {
	Value   cty.Value // of the schema's implied type; null when the resource does not exist
	Private []byte
}

// Planned is a provider's answer to "what would apply do?".
type Planned struct {
	Value           cty.Value // planned state; unknown where only apply will tell
	Private         []byte
	RequiresReplace []cty.Path
}

// Refreshed is a managed instance before and after a read: Before as the state has it, upgraded to the provider's
// schema, After as the cloud has it now (null when it is gone).
type Refreshed struct {
	Before, After cty.Value
}

// Diagnostic is what a provider says of a configuration. It is data; a provider that fails answers with an error.
type Diagnostic struct {
	Error   bool // false: a warning
	Summary string
	Detail  string
	Path    cty.Path // attribute that it speaks of; empty when it speaks of the whole block
}

// File is a generated file.
type File struct {
	Path    string // relative to the checkout, slash-separated
	Content []byte
}
