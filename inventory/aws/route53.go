package aws

import (
	"context"
	"slices"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/route53/types"
)

type route53API interface {
	route53.ListHostedZonesAPIClient
	route53.ListHealthChecksAPIClient
	route53.ListQueryLoggingConfigsAPIClient
	route53.ListResourceRecordSetsAPIClient
	ListTagsForResources(context.Context, *route53.ListTagsForResourcesInput, ...func(*route53.Options)) (*route53.ListTagsForResourcesOutput, error)
}

func (s *scope) route53() route53API { return client(s, "route53", route53.NewFromConfig) }

var route53Rows = []Row{
	{Type: "aws_route53_health_check", Global: true, Actions: []string{"route53:ListHealthChecks", "route53:ListTagsForResources"}, list: listHealthChecks},
	{Type: "aws_route53_query_log", Global: true, Actions: []string{"route53:ListQueryLoggingConfigs"}, list: paged(
		func(s *scope) pager[route53.ListQueryLoggingConfigsOutput, route53.Options] {
			return route53.NewListQueryLoggingConfigsPaginator(s.route53(), &route53.ListQueryLoggingConfigsInput{})
		},
		func(p *route53.ListQueryLoggingConfigsOutput) []types.QueryLoggingConfig {
			return p.QueryLoggingConfigs
		},
		func(_ *scope, v types.QueryLoggingConfig) found {
			return found{id: awssdk.ToString(v.Id), facts: facts("parent", awssdk.ToString(v.HostedZoneId), "parent_type", "aws_route53_zone")}
		})},
	{Type: "aws_route53_record", Global: true, identify: identifyRecord, Actions: []string{"route53:ListHostedZones", "route53:ListResourceRecordSets"}, list: listRecords},
	{Type: "aws_route53_zone", Global: true, ID: "{zone_id}", Actions: []string{"route53:ListHostedZones", "route53:ListTagsForResources"}, list: listZones},
}

func (s *scope) zones(ctx context.Context) ([]types.HostedZone, error) {
	return shared(s, "zones", func() ([]types.HostedZone, error) {
		return all(ctx, s, route53.NewListHostedZonesPaginator(s.route53(), &route53.ListHostedZonesInput{}),
			func(p *route53.ListHostedZonesOutput) []types.HostedZone { return p.HostedZones })
	})
}

func zoneID(v types.HostedZone) string {
	return strings.TrimPrefix(awssdk.ToString(v.Id), "/hostedzone/")
}

// servant is the service that made a zone or a health check for its own use (Cloud Map, for one), "" when a person did.
func servant(l *types.LinkedService) string {
	if l == nil {
		return ""
	}
	return awssdk.ToString(l.ServicePrincipal)
}

func listZones(ctx context.Context, s *scope, out *sink) error {
	zones, err := s.zones(ctx)
	if err != nil {
		return err
	}
	list := make([]found, len(zones))
	for i, v := range zones {
		list[i] = found{id: zoneID(v), name: strings.TrimSuffix(awssdk.ToString(v.Name), "."), facts: facts("managed_by", servant(v.LinkedService))}
	}
	addDNSTagged(ctx, s, out, types.TagResourceTypeHostedzone, list)
	return nil
}

func listHealthChecks(ctx context.Context, s *scope, out *sink) error {
	checks, err := all(ctx, s, route53.NewListHealthChecksPaginator(s.route53(), &route53.ListHealthChecksInput{}),
		func(p *route53.ListHealthChecksOutput) []types.HealthCheck { return p.HealthChecks })
	if err != nil {
		return err
	}
	list := make([]found, len(checks))
	for i, v := range checks {
		list[i] = found{id: awssdk.ToString(v.Id), facts: facts("managed_by", servant(v.LinkedService))}
	}
	addDNSTagged(ctx, s, out, types.TagResourceTypeHealthcheck, list)
	return nil
}

// dnsTagBatch is how many resources one ListTagsForResources may ask for (Route 53 API reference).
const dnsTagBatch = 10

// addDNSTagged reports resources of one kind with their tags. One that is gone makes AWS refuse its whole batch: then
// each is asked for by itself.
func addDNSTagged(ctx context.Context, s *scope, out *sink, kind types.TagResourceType, list []found) {
	client := s.route53()
	gone := []string{"NoSuchHostedZone", "NoSuchHealthCheck"}
	for batch := range slices.Chunk(list, dnsTagBatch) {
		in := &route53.ListTagsForResourcesInput{ResourceType: kind}
		for _, f := range batch {
			in.ResourceIds = append(in.ResourceIds, f.id)
		}
		answer, err := call(ctx, s, client.ListTagsForResources, in)
		if len(batch) > 1 && hasCode(err, gone...) {
			for single := range slices.Chunk(batch, 1) {
				addDNSTagged(ctx, s, out, kind, single)
			}
			continue
		}
		tags := map[string]map[string]string{}
		if err == nil {
			for _, set := range answer.ResourceTagSets {
				tags[awssdk.ToString(set.ResourceId)] = tagMap(set.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
			}
		}
		for _, f := range batch {
			f.tags = tags[f.id]
			out.addTagged(f, err, gone...)
		}
	}
}

func listRecords(ctx context.Context, s *scope, out *sink) error {
	zones, err := s.zones(ctx)
	if err != nil {
		return err
	}
	client := s.route53()
	each(ctx, zones, func(zone types.HostedZone) {
		records := route53.NewListResourceRecordSetsPaginator(client, &route53.ListResourceRecordSetsInput{HostedZoneId: zone.Id})
		for page, err := range pages(ctx, s, records) {
			if hasCode(err, "NoSuchHostedZone") {
				return
			}
			if err != nil {
				out.failed(zoneID(zone), err)
				return
			}
			for _, v := range page.ResourceRecordSets {
				out.add(seeRecord(zone, v))
			}
		}
	})
	return nil
}

// seeRecord calls apex the two records that a zone cannot be without. An NS record below the apex is a delegation, which
// somebody made.
func seeRecord(zone types.HostedZone, v types.ResourceRecordSet) found {
	name := domainName(awssdk.ToString(v.Name))
	apex := name == domainName(awssdk.ToString(zone.Name)) && (v.Type == types.RRTypeNs || v.Type == types.RRTypeSoa)
	managedBy := servant(zone.LinkedService)
	if v.TrafficPolicyInstanceId != nil {
		managedBy = "traffic policy " + *v.TrafficPolicyInstanceId
	}
	return found{
		id:    recordID(zoneID(zone), name, string(v.Type), awssdk.ToString(v.SetIdentifier)),
		name:  name,
		facts: facts("apex", flag(apex), "zone_id", zoneID(zone), "managed_by", managedBy),
	}
}

func recordID(zone, name, kind, set string) string {
	id := zone + "_" + name + "_" + kind
	if set != "" {
		id += "_" + set
	}
	return id
}

// domainName is a full domain name in the one spelling that both sides are compared in: lower case, without the dot at
// the end, and * as itself, which Route 53 answers as \052.
func domainName(name string) string {
	return strings.ReplaceAll(strings.ToLower(strings.TrimSuffix(name, ".")), `\052`, "*")
}

// identifyRecord takes the full name: `name` and `id` in a state may be the short one that the configuration says.
func identifyRecord(attributes map[string]any) string {
	zone, name, kind := text(attributes, "zone_id"), text(attributes, "fqdn"), text(attributes, "type")
	if zone == "" || name == "" || kind == "" {
		return ""
	}
	return recordID(strings.TrimPrefix(zone, "/hostedzone/"), domainName(name), kind, text(attributes, "set_identifier"))
}
