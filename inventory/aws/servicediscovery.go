package aws

import (
	"context"
	"errors"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery/types"
)

type (
	servicediscoveryAPI interface {
		servicediscovery.ListNamespacesAPIClient
		servicediscovery.ListServicesAPIClient
		ListTagsForResource(context.Context, *servicediscovery.ListTagsForResourceInput, ...func(*servicediscovery.Options)) (*servicediscovery.ListTagsForResourceOutput, error)
	}
	zoneAPI interface {
		GetHostedZone(context.Context, *route53.GetHostedZoneInput, ...func(*route53.Options)) (*route53.GetHostedZoneOutput, error)
	}
)

func (s *scope) servicediscovery() servicediscoveryAPI {
	return client(s, "servicediscovery", servicediscovery.NewFromConfig)
}

func (s *scope) zone() zoneAPI { return client(s, "route53", route53.NewFromConfig) }

var servicediscoveryRows = []Row{
	{Type: "aws_service_discovery_http_namespace", Actions: []string{"servicediscovery:ListNamespaces", "servicediscovery:ListTagsForResource"}, list: listNamespaces(types.NamespaceTypeHttp)},
	{Type: "aws_service_discovery_private_dns_namespace", ID: "{id}:{vpc}", Actions: []string{"servicediscovery:ListNamespaces", "servicediscovery:ListTagsForResource", "route53:GetHostedZone"}, list: listNamespaces(types.NamespaceTypeDnsPrivate)},
	{Type: "aws_service_discovery_public_dns_namespace", Actions: []string{"servicediscovery:ListNamespaces", "servicediscovery:ListTagsForResource"}, list: listNamespaces(types.NamespaceTypeDnsPublic)},
	{Type: "aws_service_discovery_service", Actions: []string{"servicediscovery:ListServices", "servicediscovery:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[servicediscovery.ListServicesOutput, servicediscovery.Options] {
			return servicediscovery.NewListServicesPaginator(s.servicediscovery(), &servicediscovery.ListServicesInput{})
		},
		func(p *servicediscovery.ListServicesOutput) []types.ServiceSummary { return p.Services },
		func(_ *scope, v types.ServiceSummary) found {
			return found{id: awssdk.ToString(v.Id), name: awssdk.ToString(v.Name)}
		},
		func(ctx context.Context, s *scope, v types.ServiceSummary) (map[string]string, error) {
			return discoveryTags(ctx, s, v.Arn)
		})},
}

func discoveryTags(ctx context.Context, s *scope, arn *string) (map[string]string, error) {
	out, err := call(ctx, s, s.servicediscovery().ListTagsForResource, &servicediscovery.ListTagsForResourceInput{ResourceARN: arn})
	if err != nil {
		return nil, err
	}
	return tagMap(out.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value }), nil
}

// listNamespaces: a private one is imported with its VPC, which only its hosted zone tells.
func listNamespaces(kind types.NamespaceType) lister {
	return func(ctx context.Context, s *scope, out *sink) error {
		namespaces, err := shared(s, "namespaces", func() ([]types.NamespaceSummary, error) {
			return all(ctx, s, servicediscovery.NewListNamespacesPaginator(s.servicediscovery(), &servicediscovery.ListNamespacesInput{}),
				func(p *servicediscovery.ListNamespacesOutput) []types.NamespaceSummary { return p.Namespaces })
		})
		each(ctx, where(namespaces, func(v types.NamespaceSummary) bool { return v.Type == kind }), func(v types.NamespaceSummary) {
			f := found{id: awssdk.ToString(v.Id), name: awssdk.ToString(v.Name)}
			if kind == types.NamespaceTypeDnsPrivate {
				if v.Properties == nil || v.Properties.DnsProperties == nil {
					return
				}
				answer, err := call(ctx, s, s.zone().GetHostedZone, &route53.GetHostedZoneInput{Id: v.Properties.DnsProperties.HostedZoneId})
				if err == nil && len(answer.VPCs) == 0 {
					err = errors.New("its hosted zone names no VPC")
				}
				if err != nil {
					if !notFound(err) {
						out.failed(f.name, err)
					}
					return
				}
				f.id += ":" + awssdk.ToString(answer.VPCs[0].VPCId)
				f.facts = facts("vpc_id", awssdk.ToString(answer.VPCs[0].VPCId))
			}
			out.addWithTags(f, func() (map[string]string, error) { return discoveryTags(ctx, s, v.Arn) })
		})
		return err
	}
}
