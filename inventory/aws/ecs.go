package aws

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

type ecsAPI interface {
	ecs.ListClustersAPIClient
	ecs.ListServicesAPIClient
	ecs.ListTaskDefinitionFamiliesAPIClient
	DescribeCapacityProviders(context.Context, *ecs.DescribeCapacityProvidersInput, ...func(*ecs.Options)) (*ecs.DescribeCapacityProvidersOutput, error)
	DescribeClusters(context.Context, *ecs.DescribeClustersInput, ...func(*ecs.Options)) (*ecs.DescribeClustersOutput, error)
	DescribeServices(context.Context, *ecs.DescribeServicesInput, ...func(*ecs.Options)) (*ecs.DescribeServicesOutput, error)
	DescribeTaskDefinition(context.Context, *ecs.DescribeTaskDefinitionInput, ...func(*ecs.Options)) (*ecs.DescribeTaskDefinitionOutput, error)
}

func (s *scope) ecs() ecsAPI { return client(s, "ecs", ecs.NewFromConfig) }

var ecsRows = []Row{
	{Type: "aws_ecs_capacity_provider", ID: "{name}", Tested: recorded, Actions: []string{"ecs:DescribeCapacityProviders"}, list: listCapacityProviders},
	{Type: "aws_ecs_cluster", ID: "{name}", Actions: []string{"ecs:ListClusters", "ecs:DescribeClusters"}, list: listClusters},
	{Type: "aws_ecs_service", ARN: "id", Actions: []string{"ecs:ListClusters", "ecs:ListServices", "ecs:DescribeServices"},
		identify: func(a map[string]any) string {
			return joined("/", lastPart(cmp.Or(text(a, "cluster"), "default"), "/"), text(a, "name"))
		},
		list: listServices},
	{Type: "aws_ecs_task_definition", ID: "{arn}", Actions: []string{"ecs:ListTaskDefinitionFamilies", "ecs:DescribeTaskDefinition"}, list: listTaskDefinitions},
}

// Most that one call describes (ECS API reference).
const (
	clustersPerCall = 100
	servicesPerCall = 10
)

func clusterARNs(ctx context.Context, s *scope) ([]string, error) {
	return shared(s, "ecs clusters", func() ([]string, error) {
		return all(ctx, s, ecs.NewListClustersPaginator(s.ecs(), &ecs.ListClustersInput{}),
			func(page *ecs.ListClustersOutput) []string { return page.ClusterArns })
	})
}

func ecsTags(tags []types.Tag) map[string]string {
	return tagMap(tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
}

func listClusters(ctx context.Context, s *scope, out *sink) error {
	arns, err := clusterARNs(ctx, s)
	if err != nil {
		return err
	}
	for batch := range slices.Chunk(arns, clustersPerCall) {
		described, err := call(ctx, s, s.ecs().DescribeClusters, &ecs.DescribeClustersInput{Clusters: batch, Include: []types.ClusterField{types.ClusterFieldTags}})
		if err != nil {
			return err
		}
		for _, cluster := range described.Clusters {
			if awssdk.ToString(cluster.Status) != "INACTIVE" {
				out.add(seeCluster(cluster))
			}
		}
	}
	return nil
}

// seeCluster: ECS makes a cluster named default by itself; one in which something runs is somebody's.
func seeCluster(c types.Cluster) found {
	name := awssdk.ToString(c.ClusterName)
	idle := c.ActiveServicesCount+c.RunningTasksCount+c.RegisteredContainerInstancesCount == 0
	return found{id: name, name: name, tags: ecsTags(c.Tags),
		facts: facts("default", flag(name == "default" && idle && len(c.Tags) == 0))}
}

func listServices(ctx context.Context, s *scope, out *sink) error {
	clusters, err := clusterARNs(ctx, s)
	if err != nil {
		return err
	}
	each(ctx, clusters, func(cluster string) {
		if err := servicesOf(ctx, s, out, cluster); err != nil && !notFound(err) {
			out.failed("cluster "+lastPart(cluster, "/"), err)
		}
	})
	return nil
}

// servicesOf leaves out what is inactive or drains before its deletion.
func servicesOf(ctx context.Context, s *scope, out *sink, cluster string) error {
	arns, err := all(ctx, s, ecs.NewListServicesPaginator(s.ecs(), &ecs.ListServicesInput{Cluster: &cluster}),
		func(page *ecs.ListServicesOutput) []string { return page.ServiceArns })
	if err != nil {
		return err
	}
	for batch := range slices.Chunk(arns, servicesPerCall) {
		described, err := call(ctx, s, s.ecs().DescribeServices, &ecs.DescribeServicesInput{
			Cluster: &cluster, Services: batch, Include: []types.ServiceField{types.ServiceFieldTags}})
		if err != nil {
			return err
		}
		for _, service := range described.Services {
			if awssdk.ToString(service.Status) != "ACTIVE" {
				continue
			}
			name := awssdk.ToString(service.ServiceName)
			out.add(found{id: lastPart(cluster, "/") + "/" + name, name: name, tags: ecsTags(service.Tags),
				facts: facts("parent", lastPart(cluster, "/"), "parent_type", "aws_ecs_cluster")})
		}
	}
	return nil
}

// listTaskDefinitions reports the newest active revision of each family: to describe a family by its name is to
// describe that one. Every deployment outside Terraform leaves a revision behind; the fact `family` lets the scanner
// see that the state manages the family by an older one.
func listTaskDefinitions(ctx context.Context, s *scope, out *sink) error {
	families := ecs.NewListTaskDefinitionFamiliesPaginator(s.ecs(), &ecs.ListTaskDefinitionFamiliesInput{Status: types.TaskDefinitionFamilyStatusActive})
	for page, err := range pages(ctx, s, families) {
		if err != nil {
			return err
		}
		each(ctx, page.Families, func(family string) {
			described, err := call(ctx, s, s.ecs().DescribeTaskDefinition, &ecs.DescribeTaskDefinitionInput{
				TaskDefinition: &family, Include: []types.TaskDefinitionField{types.TaskDefinitionFieldTags}})
			if err != nil {
				if !notFound(err) {
					out.failed("family "+family, err)
				}
				return
			}
			definition := described.TaskDefinition
			out.add(found{id: awssdk.ToString(definition.TaskDefinitionArn), name: family, tags: ecsTags(described.Tags),
				facts: facts("family", family, "revision", strconv.Itoa(int(definition.Revision)))})
		})
	}
	return nil
}

// listCapacityProviders: FARGATE and FARGATE_SPOT are in every account, and have no machines of one's own.
func listCapacityProviders(ctx context.Context, s *scope, out *sink) error {
	in := &ecs.DescribeCapacityProvidersInput{Include: []types.CapacityProviderField{types.CapacityProviderFieldTags}}
	providers, err := all(ctx, s, byToken(s.ecs().DescribeCapacityProviders, in, &in.NextToken, func(o *ecs.DescribeCapacityProvidersOutput) *string { return o.NextToken }),
		func(page *ecs.DescribeCapacityProvidersOutput) []types.CapacityProvider {
			return page.CapacityProviders
		})
	for _, v := range providers {
		if v.Status != types.CapacityProviderStatusInactive && v.AutoScalingGroupProvider != nil {
			out.add(found{id: awssdk.ToString(v.Name), name: awssdk.ToString(v.Name), tags: ecsTags(v.Tags)})
		}
	}
	return err
}
