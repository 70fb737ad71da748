package provider

import (
	"cmp"
	"context"
	"fmt"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/provider/internal/tfplugin"
)

// terraformVersion is what plugins are told; some offer features only to newer ones (write-only arguments: 1.11).
const terraformVersion = "1.13.0"

// awsRetries is how often the AWS provider tries a request that fails. Its own default is 25, which is about ten minutes
// on an answer 500; ten are about one minute. Of requests that are throttled by chance one time in three, one in 60,000
// fails that often.
const awsRetries = 10

// defaultConfig is the provider configuration that Driftline writes where the caller gives none: where to look, and
// nothing that the provider finds in its environment (credentials, endpoints) by itself.
func defaultConfig(environ []string, source, account, region string) map[string]cty.Value {
	text := func(s string) cty.Value {
		if s == "" {
			return cty.NullVal(cty.String)
		}
		return cty.StringVal(s)
	}
	switch providerType(source) {
	case "aws":
		config := map[string]cty.Value{
			"region":      text(region),
			"max_retries": cty.NumberIntVal(awsRetries),
		}
		if account != "" {
			// With other credentials nothing would be found, and everything taken for deleted.
			config["allowed_account_ids"] = cty.SetVal([]cty.Value{cty.StringVal(account)})
		}
		if cmp.Or(lookup(environ, "AWS_ENDPOINT_URL_S3"), lookup(environ, "AWS_ENDPOINT_URL")) != "" {
			config["s3_use_path_style"] = cty.True // a bucket is no host name of an endpoint of one's own
		}
		return config
	case "google", "google-beta":
		return map[string]cty.Value{"project": text(account), "region": text(region)}
	case "azurerm":
		return map[string]cty.Value{
			"features":        cty.TupleVal([]cty.Value{cty.EmptyObjectVal}),
			"subscription_id": text(account),
			// Registering resource providers would change the subscription.
			"resource_provider_registrations": cty.StringVal("none"),
		}
	default:
		return map[string]cty.Value{}
	}
}

// configValue writes a whole provider configuration: what is given, and null or nothing for the rest of the schema.
// Names that this version of the provider does not have are left out.
func configValue(block *tfjson.SchemaBlock, given map[string]cty.Value) (cty.Value, error) {
	config := emptyBlock(block).AsValueMap()
	if config == nil {
		config = map[string]cty.Value{} // go-cty gives nil for an object without attributes
	}
	for name, value := range given {
		if attribute, ok := block.Attributes[name]; ok {
			converted, err := convert.Convert(value, drift.AttributeType(attribute))
			if err != nil {
				return cty.NilVal, fmt.Errorf("provider configuration: %s: %w", name, err)
			}
			config[name] = converted
		} else if nested, ok := block.NestedBlocks[name]; ok {
			converted, err := nestedConfig(nested, value)
			if err != nil {
				return cty.NilVal, fmt.Errorf("provider configuration: %s: %w", name, err)
			}
			config[name] = converted
		}
	}
	return cty.ObjectVal(config), nil
}

// nestedConfig completes nested blocks. Single ones are given as an object, the others as a list of objects.
func nestedConfig(nested *tfjson.SchemaBlockType, given cty.Value) (cty.Value, error) {
	if given.IsNull() || !given.CanIterateElements() {
		return emptyNested(nested), nil
	}
	single := nested.NestingMode == tfjson.SchemaNestingModeSingle || nested.NestingMode == tfjson.SchemaNestingModeGroup
	if single {
		return configValue(nested.Block, given.AsValueMap())
	}
	var objects []cty.Value
	for _, object := range given.AsValueSlice() {
		complete, err := configValue(nested.Block, object.AsValueMap())
		if err != nil {
			return cty.NilVal, err
		}
		objects = append(objects, complete)
	}
	switch {
	case len(objects) == 0:
		return emptyNested(nested), nil
	case nested.NestingMode == tfjson.SchemaNestingModeSet:
		return cty.SetVal(objects), nil
	default:
		return cty.ListVal(objects), nil
	}
}

// configure tells a started plugin where to look. It answers with a lostError, hungError, refusal or another error.
func (p *process) configure(ctx context.Context, schema *tfjson.Schema, given map[string]cty.Value) error {
	typ := drift.ImpliedType(schema.Block)
	value, err := configValue(schema.Block, given)
	if err != nil {
		return err
	}
	config, err := encodeValue(value, typ)
	if err != nil {
		return err
	}
	// As Terraform does, the answer to "prepare" is only looked at for errors; the plugin is configured with what was
	// written, and applies its own defaults.
	var prepared tfplugin.PrepareConfigResponse
	if err := p.call(ctx, rpcPrepare, &tfplugin.PrepareConfigRequest{Config: config}, &prepared); err != nil {
		return err
	}
	if err := refusalOf(prepared.GetDiagnostics()); err != nil {
		return err
	}
	var configured tfplugin.ConfigureResponse
	request := &tfplugin.ConfigureRequest{
		TerraformVersion:   terraformVersion,
		Config:             config,
		ClientCapabilities: clientCapabilities(),
	}
	if err := p.call(ctx, rpcConfigure, request, &configured); err != nil {
		return err
	}
	return refusalOf(configured.GetDiagnostics())
}
