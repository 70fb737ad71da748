package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
)

type glueAPI interface {
	glue.GetClassifiersAPIClient
	glue.GetConnectionsAPIClient
	glue.GetDatabasesAPIClient
	glue.GetSecurityConfigurationsAPIClient
	glue.GetTablesAPIClient
	glue.ListCrawlersAPIClient
	glue.ListDataQualityRulesetsAPIClient
	glue.ListJobsAPIClient
	glue.ListRegistriesAPIClient
	glue.ListSchemasAPIClient
	glue.ListTriggersAPIClient
	glue.ListWorkflowsAPIClient
	GetDataCatalogEncryptionSettings(context.Context, *glue.GetDataCatalogEncryptionSettingsInput, ...func(*glue.Options)) (*glue.GetDataCatalogEncryptionSettingsOutput, error)
	GetResourcePolicy(context.Context, *glue.GetResourcePolicyInput, ...func(*glue.Options)) (*glue.GetResourcePolicyOutput, error)
	GetTags(context.Context, *glue.GetTagsInput, ...func(*glue.Options)) (*glue.GetTagsOutput, error)
}

func (s *scope) glue() glueAPI { return client(s, "glue", glue.NewFromConfig) }

var glueRows = []Row{
	{Type: "aws_glue_catalog_database", ID: "{catalog_id}:{name}", Actions: []string{"glue:GetDatabases", "glue:GetTags"}, list: func(ctx context.Context, s *scope, out *sink) error {
		databases, err := glueDatabases(ctx, s)
		each(ctx, databases, func(name string) {
			out.addWithTags(found{id: s.account + ":" + name, name: name}, func() (map[string]string, error) { return glueTags(ctx, s, "database/"+name) })
		})
		return err
	}},
	{Type: "aws_glue_catalog_table", ID: "{catalog_id}:{database_name}:{name}", Actions: []string{"glue:GetDatabases", "glue:GetTables", "glue:GetTags"}, list: under(
		glueDatabases, itself,
		func(s *scope, database string) pager[glue.GetTablesOutput, glue.Options] {
			return glue.NewGetTablesPaginator(s.glue(), &glue.GetTablesInput{DatabaseName: &database})
		},
		func(p *glue.GetTablesOutput) []types.Table { return p.TableList },
		func(ctx context.Context, s *scope, out *sink, database string, t types.Table) {
			of, there := out.partFacts("aws_glue_catalog_database", database, func() (map[string]string, error) { return glueTags(ctx, s, "database/"+database) })
			if there {
				name := awssdk.ToString(t.Name)
				out.add(found{id: s.account + ":" + database + ":" + name, name: name, facts: of})
			}
		})},
	{Type: "aws_glue_classifier", Tested: recorded, Actions: []string{"glue:GetClassifiers"}, list: paged(
		func(s *scope) pager[glue.GetClassifiersOutput, glue.Options] {
			return glue.NewGetClassifiersPaginator(s.glue(), &glue.GetClassifiersInput{})
		},
		func(p *glue.GetClassifiersOutput) []string { return converted(p.Classifiers, classifierName) }, seeNamed)},
	{Type: "aws_glue_connection", ID: "{catalog_id}:{name}", Actions: []string{"glue:GetConnections", "glue:GetTags"}, list: tagged(
		func(s *scope) pager[glue.GetConnectionsOutput, glue.Options] {
			return glue.NewGetConnectionsPaginator(s.glue(), &glue.GetConnectionsInput{HidePassword: true})
		},
		func(p *glue.GetConnectionsOutput) []string {
			return converted(p.ConnectionList, func(c types.Connection) string { return awssdk.ToString(c.Name) })
		},
		func(s *scope, name string) found { return found{id: s.account + ":" + name, name: name} },
		tagsOf("connection/"))},
	{Type: "aws_glue_crawler", Actions: []string{"glue:ListCrawlers", "glue:GetTags"}, list: tagged(
		func(s *scope) pager[glue.ListCrawlersOutput, glue.Options] {
			return glue.NewListCrawlersPaginator(s.glue(), &glue.ListCrawlersInput{})
		},
		func(p *glue.ListCrawlersOutput) []string { return p.CrawlerNames }, seeNamed, tagsOf("crawler/"))},
	{Type: "aws_glue_data_catalog_encryption_settings", ID: "{catalog_id}", Actions: []string{"glue:GetDataCatalogEncryptionSettings"}, list: listCatalogEncryption},
	{Type: "aws_glue_data_quality_ruleset", ID: "{name}", Tested: recorded, Actions: []string{"glue:ListDataQualityRulesets", "glue:GetTags"}, list: tagged(
		func(s *scope) pager[glue.ListDataQualityRulesetsOutput, glue.Options] {
			return glue.NewListDataQualityRulesetsPaginator(s.glue(), &glue.ListDataQualityRulesetsInput{})
		},
		func(p *glue.ListDataQualityRulesetsOutput) []string {
			return converted(p.Rulesets, func(r types.DataQualityRulesetListDetails) string { return awssdk.ToString(r.Name) })
		}, seeNamed, tagsOf("dataQualityRuleset/"))},
	{Type: "aws_glue_job", Actions: []string{"glue:ListJobs", "glue:GetTags"}, list: tagged(
		func(s *scope) pager[glue.ListJobsOutput, glue.Options] {
			return glue.NewListJobsPaginator(s.glue(), &glue.ListJobsInput{})
		},
		func(p *glue.ListJobsOutput) []string { return p.JobNames }, seeNamed, tagsOf("job/"))},
	{Type: "aws_glue_registry", ID: "{arn}", Actions: []string{"glue:ListRegistries", "glue:GetTags"}, list: tagged(
		func(s *scope) pager[glue.ListRegistriesOutput, glue.Options] {
			return glue.NewListRegistriesPaginator(s.glue(), &glue.ListRegistriesInput{})
		},
		func(p *glue.ListRegistriesOutput) []types.RegistryListItem { return p.Registries },
		func(_ *scope, r types.RegistryListItem) found {
			name := awssdk.ToString(r.RegistryName)
			return found{id: awssdk.ToString(r.RegistryArn), name: name, facts: facts("default", flag(name == "default-registry"))}
		},
		func(ctx context.Context, s *scope, r types.RegistryListItem) (map[string]string, error) {
			return glueTags(ctx, s, "registry/"+awssdk.ToString(r.RegistryName))
		})},
	{Type: "aws_glue_resource_policy", Actions: []string{"glue:GetResourcePolicy"}, list: func(ctx context.Context, s *scope, out *sink) error {
		answer, err := call(ctx, s, s.glue().GetResourcePolicy, &glue.GetResourcePolicyInput{})
		if notFound(err) {
			return nil
		}
		if err == nil && awssdk.ToString(answer.PolicyInJson) != "" {
			out.add(found{id: s.account})
		}
		return err
	}},
	{Type: "aws_glue_schema", ID: "{arn}", Tested: recorded, Actions: []string{"glue:ListSchemas", "glue:GetTags"}, list: tagged(
		func(s *scope) pager[glue.ListSchemasOutput, glue.Options] {
			return glue.NewListSchemasPaginator(s.glue(), &glue.ListSchemasInput{})
		},
		func(p *glue.ListSchemasOutput) []types.SchemaListItem {
			return where(p.Schemas, func(v types.SchemaListItem) bool { return !ends(string(v.SchemaStatus)) })
		},
		func(_ *scope, v types.SchemaListItem) found {
			return found{id: awssdk.ToString(v.SchemaArn), name: awssdk.ToString(v.SchemaName)}
		},
		func(ctx context.Context, s *scope, v types.SchemaListItem) (map[string]string, error) {
			return glueTags(ctx, s, "schema/"+awssdk.ToString(v.RegistryName)+"/"+awssdk.ToString(v.SchemaName))
		})},
	{Type: "aws_glue_security_configuration", Actions: []string{"glue:GetSecurityConfigurations"}, list: paged(
		func(s *scope) pager[glue.GetSecurityConfigurationsOutput, glue.Options] {
			return glue.NewGetSecurityConfigurationsPaginator(s.glue(), &glue.GetSecurityConfigurationsInput{})
		},
		func(p *glue.GetSecurityConfigurationsOutput) []string {
			return converted(p.SecurityConfigurations, func(c types.SecurityConfiguration) string { return awssdk.ToString(c.Name) })
		}, seeNamed)},
	{Type: "aws_glue_trigger", Actions: []string{"glue:ListTriggers", "glue:GetTags"}, list: tagged(
		func(s *scope) pager[glue.ListTriggersOutput, glue.Options] {
			return glue.NewListTriggersPaginator(s.glue(), &glue.ListTriggersInput{})
		},
		func(p *glue.ListTriggersOutput) []string { return p.TriggerNames }, seeNamed, tagsOf("trigger/"))},
	{Type: "aws_glue_workflow", Actions: []string{"glue:ListWorkflows", "glue:GetTags"}, list: tagged(
		func(s *scope) pager[glue.ListWorkflowsOutput, glue.Options] {
			return glue.NewListWorkflowsPaginator(s.glue(), &glue.ListWorkflowsInput{})
		},
		func(p *glue.ListWorkflowsOutput) []string { return p.Workflows }, seeNamed, tagsOf("workflow/"))},
}

func seeNamed(_ *scope, name string) found { return found{id: name, name: name} }

func tagsOf(kind string) func(context.Context, *scope, string) (map[string]string, error) {
	return func(ctx context.Context, s *scope, name string) (map[string]string, error) {
		return glueTags(ctx, s, kind+name)
	}
}

func glueTags(ctx context.Context, s *scope, resource string) (map[string]string, error) {
	return sharedTags(s, "glue "+resource, func() (map[string]string, error) {
		arn := s.arn("glue", resource)
		out, err := call(ctx, s, s.glue().GetTags, &glue.GetTagsInput{ResourceArn: &arn})
		if err != nil {
			return nil, err
		}
		return out.Tags, nil
	})
}

// glueDatabases are the account's own: those that other accounts share are listed under their own catalogue's number.
func glueDatabases(ctx context.Context, s *scope) ([]string, error) {
	return shared(s, "glue databases", func() ([]string, error) {
		return all(ctx, s, glue.NewGetDatabasesPaginator(s.glue(), &glue.GetDatabasesInput{}), func(p *glue.GetDatabasesOutput) []string {
			own := where(p.DatabaseList, func(d types.Database) bool {
				return d.CatalogId == nil || *d.CatalogId == s.account
			})
			return converted(own, func(d types.Database) string { return awssdk.ToString(d.Name) })
		})
	})
}

func classifierName(c types.Classifier) string {
	switch {
	case c.CsvClassifier != nil:
		return awssdk.ToString(c.CsvClassifier.Name)
	case c.GrokClassifier != nil:
		return awssdk.ToString(c.GrokClassifier.Name)
	case c.JsonClassifier != nil:
		return awssdk.ToString(c.JsonClassifier.Name)
	case c.XMLClassifier != nil:
		return awssdk.ToString(c.XMLClassifier.Name)
	}
	return ""
}

// listCatalogEncryption: every catalogue has these settings; they count once something is encrypted.
func listCatalogEncryption(ctx context.Context, s *scope, out *sink) error {
	answer, err := call(ctx, s, s.glue().GetDataCatalogEncryptionSettings, &glue.GetDataCatalogEncryptionSettingsInput{})
	if err != nil {
		return err
	}
	settings := answer.DataCatalogEncryptionSettings
	if settings == nil {
		return nil
	}
	rest, password := settings.EncryptionAtRest, settings.ConnectionPasswordEncryption
	encrypts := rest != nil && rest.CatalogEncryptionMode != "" && rest.CatalogEncryptionMode != types.CatalogEncryptionModeDisabled
	if encrypts || password != nil && password.ReturnConnectionPasswordEncrypted {
		out.add(found{id: s.account})
	}
	return nil
}
