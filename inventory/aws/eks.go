package aws

import (
	"context"
	"slices"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/eks/types"
)

type eksAPI interface {
	eks.ListClustersAPIClient
	eks.ListNodegroupsAPIClient
	eks.ListFargateProfilesAPIClient
	eks.ListAddonsAPIClient
	eks.ListAccessEntriesAPIClient
	eks.ListAssociatedAccessPoliciesAPIClient
	eks.ListPodIdentityAssociationsAPIClient
	DescribeCluster(context.Context, *eks.DescribeClusterInput, ...func(*eks.Options)) (*eks.DescribeClusterOutput, error)
	DescribeNodegroup(context.Context, *eks.DescribeNodegroupInput, ...func(*eks.Options)) (*eks.DescribeNodegroupOutput, error)
	DescribeFargateProfile(context.Context, *eks.DescribeFargateProfileInput, ...func(*eks.Options)) (*eks.DescribeFargateProfileOutput, error)
	DescribeAddon(context.Context, *eks.DescribeAddonInput, ...func(*eks.Options)) (*eks.DescribeAddonOutput, error)
	DescribeAccessEntry(context.Context, *eks.DescribeAccessEntryInput, ...func(*eks.Options)) (*eks.DescribeAccessEntryOutput, error)
	ListTagsForResource(context.Context, *eks.ListTagsForResourceInput, ...func(*eks.Options)) (*eks.ListTagsForResourceOutput, error)
}

func (s *scope) eks() eksAPI { return client(s, "eks", eks.NewFromConfig) }

var eksRows = []Row{
	{Type: "aws_eks_access_entry", ID: "{cluster_name}:{principal_arn}", ARN: "access_entry_arn", Tested: recorded,
		Actions: []string{"eks:ListClusters", "eks:ListAccessEntries", "eks:DescribeAccessEntry", "eks:ListNodegroups", "eks:DescribeNodegroup"}, list: under(
			eksClusters, itself,
			func(s *scope, cluster string) pager[eks.ListAccessEntriesOutput, eks.Options] {
				return eks.NewListAccessEntriesPaginator(s.eks(), &eks.ListAccessEntriesInput{ClusterName: &cluster})
			},
			func(p *eks.ListAccessEntriesOutput) []string { return p.AccessEntries },
			addAccessEntry)},
	{Type: "aws_eks_access_policy_association", ID: "{cluster_name}#{principal_arn}#{policy_arn}", Tested: recorded,
		Actions: []string{"eks:ListClusters", "eks:ListAccessEntries", "eks:ListAssociatedAccessPolicies"}, list: under(
			eksClusters, itself,
			func(s *scope, cluster string) pager[eks.ListAccessEntriesOutput, eks.Options] {
				return eks.NewListAccessEntriesPaginator(s.eks(), &eks.ListAccessEntriesInput{ClusterName: &cluster})
			},
			func(p *eks.ListAccessEntriesOutput) []string { return p.AccessEntries }, addAccessPolicies)},
	{Type: "aws_eks_addon", Tested: recorded, Actions: []string{"eks:ListClusters", "eks:ListAddons", "eks:DescribeAddon"}, list: under(
		eksClusters, itself,
		func(s *scope, cluster string) pager[eks.ListAddonsOutput, eks.Options] {
			return eks.NewListAddonsPaginator(s.eks(), &eks.ListAddonsInput{ClusterName: &cluster})
		},
		func(p *eks.ListAddonsOutput) []string { return p.Addons },
		func(ctx context.Context, s *scope, out *sink, cluster, name string) {
			out.addWithTags(partOfCluster(cluster, name), func() (map[string]string, error) {
				answer, err := call(ctx, s, s.eks().DescribeAddon, &eks.DescribeAddonInput{ClusterName: &cluster, AddonName: &name})
				if err != nil {
					return nil, err
				}
				return answer.Addon.Tags, nil
			})
		})},
	{Type: "aws_eks_cluster", Actions: []string{"eks:ListClusters", "eks:DescribeCluster"}, list: tagged(
		func(s *scope) pager[eks.ListClustersOutput, eks.Options] {
			return eks.NewListClustersPaginator(s.eks(), &eks.ListClustersInput{})
		},
		func(p *eks.ListClustersOutput) []string { return p.Clusters },
		func(_ *scope, name string) found { return found{id: name, name: name} },
		func(ctx context.Context, s *scope, name string) (map[string]string, error) {
			answer, err := call(ctx, s, s.eks().DescribeCluster, &eks.DescribeClusterInput{Name: &name})
			if err != nil {
				return nil, err
			}
			return answer.Cluster.Tags, nil
		})},
	{Type: "aws_eks_fargate_profile", Actions: []string{"eks:ListClusters", "eks:ListFargateProfiles", "eks:DescribeFargateProfile"}, list: under(
		eksClusters, itself, openFargateProfiles, fargateProfiles,
		func(ctx context.Context, s *scope, out *sink, cluster, name string) {
			out.addWithTags(partOfCluster(cluster, name), func() (map[string]string, error) {
				profile, err := fargateProfile(ctx, s, cluster, name)
				return profile.Tags, err
			})
		})},
	{Type: "aws_eks_node_group", Actions: []string{"eks:ListClusters", "eks:ListNodegroups", "eks:DescribeNodegroup"}, list: under(
		eksClusters, itself, openNodeGroups, nodeGroups,
		func(ctx context.Context, s *scope, out *sink, cluster, name string) {
			out.addWithTags(partOfCluster(cluster, name), func() (map[string]string, error) {
				group, err := nodeGroup(ctx, s, cluster, name)
				return group.Tags, err
			})
		})},
	{Type: "aws_eks_pod_identity_association", ID: "{cluster_name},{association_id}", ARN: "association_arn", Tested: recorded,
		Actions: []string{"eks:ListClusters", "eks:ListPodIdentityAssociations", "eks:ListTagsForResource"}, list: under(
			eksClusters, itself,
			func(s *scope, cluster string) pager[eks.ListPodIdentityAssociationsOutput, eks.Options] {
				return eks.NewListPodIdentityAssociationsPaginator(s.eks(), &eks.ListPodIdentityAssociationsInput{ClusterName: &cluster})
			},
			func(p *eks.ListPodIdentityAssociationsOutput) []types.PodIdentityAssociationSummary {
				return where(p.Associations, func(a types.PodIdentityAssociationSummary) bool {
					return a.OwnerArn == nil // an add-on's own, which its resource spells
				})
			},
			func(ctx context.Context, s *scope, out *sink, cluster string, a types.PodIdentityAssociationSummary) {
				f := found{id: cluster + "," + awssdk.ToString(a.AssociationId), name: awssdk.ToString(a.ServiceAccount), facts: partOfCluster(cluster, "").facts}
				out.addWithTags(f, func() (map[string]string, error) {
					answer, err := call(ctx, s, s.eks().ListTagsForResource, &eks.ListTagsForResourceInput{ResourceArn: a.AssociationArn})
					if err != nil {
						return nil, err
					}
					return answer.Tags, nil
				})
			})},
}

func eksClusters(ctx context.Context, s *scope) ([]string, error) {
	return shared(s, "eks clusters", func() ([]string, error) {
		return all(ctx, s, eks.NewListClustersPaginator(s.eks(), &eks.ListClustersInput{}), func(p *eks.ListClustersOutput) []string { return p.Clusters })
	})
}

func partOfCluster(cluster, name string) found {
	return found{id: cluster + ":" + name, name: name, facts: facts("parent", cluster, "parent_type", "aws_eks_cluster")}
}

func openNodeGroups(s *scope, cluster string) pager[eks.ListNodegroupsOutput, eks.Options] {
	return eks.NewListNodegroupsPaginator(s.eks(), &eks.ListNodegroupsInput{ClusterName: &cluster})
}

func nodeGroups(p *eks.ListNodegroupsOutput) []string { return p.Nodegroups }

func nodeGroup(ctx context.Context, s *scope, cluster, name string) (types.Nodegroup, error) {
	answer, err := call(ctx, s, s.eks().DescribeNodegroup, &eks.DescribeNodegroupInput{ClusterName: &cluster, NodegroupName: &name})
	if err != nil {
		return types.Nodegroup{}, err
	}
	return *answer.Nodegroup, nil
}

func openFargateProfiles(s *scope, cluster string) pager[eks.ListFargateProfilesOutput, eks.Options] {
	return eks.NewListFargateProfilesPaginator(s.eks(), &eks.ListFargateProfilesInput{ClusterName: &cluster})
}

func fargateProfiles(p *eks.ListFargateProfilesOutput) []string { return p.FargateProfileNames }

func fargateProfile(ctx context.Context, s *scope, cluster, name string) (types.FargateProfile, error) {
	answer, err := call(ctx, s, s.eks().DescribeFargateProfile, &eks.DescribeFargateProfileInput{ClusterName: &cluster, FargateProfileName: &name})
	if err != nil {
		return types.FargateProfile{}, err
	}
	return *answer.FargateProfile, nil
}

// addAccessEntry knows the entries that EKS makes by itself for the roles of its node groups and Fargate profiles, and
// for its own: https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html
func addAccessEntry(ctx context.Context, s *scope, out *sink, cluster, principal string) {
	f := partOfCluster(cluster, principal)
	answer, err := call(ctx, s, s.eks().DescribeAccessEntry, &eks.DescribeAccessEntryInput{ClusterName: &cluster, PrincipalArn: &principal})
	if err != nil {
		out.addTagged(f, err, "ResourceNotFoundException")
		return
	}
	f.tags = answer.AccessEntry.Tags
	made := strings.Contains(principal, ":role/aws-service-role/")
	switch awssdk.ToString(answer.AccessEntry.Type) {
	case "FARGATE_LINUX":
		made = true
	case "EC2_LINUX", "EC2_WINDOWS":
		roles, err := nodeRoles(ctx, s, cluster)
		if err != nil {
			out.failed(cluster, err)
			return
		}
		made = slices.Contains(roles, principal)
	}
	if made {
		f.facts["managed_by"] = "eks.amazonaws.com"
	}
	out.add(f)
}

// addAccessPolicies: EKS associates policies with its own roles itself.
func addAccessPolicies(ctx context.Context, s *scope, out *sink, cluster, principal string) {
	if strings.Contains(principal, ":role/aws-service-role/") {
		return
	}
	in := &eks.ListAssociatedAccessPoliciesInput{ClusterName: &cluster, PrincipalArn: &principal}
	policies, err := all(ctx, s, eks.NewListAssociatedAccessPoliciesPaginator(s.eks(), in),
		func(p *eks.ListAssociatedAccessPoliciesOutput) []types.AssociatedAccessPolicy {
			return p.AssociatedAccessPolicies
		})
	if err != nil && !notFound(err) {
		out.failed(cluster+" "+principal, err)
	}
	for _, v := range policies {
		f := partOfCluster(cluster, "")
		f.id = strings.Join([]string{cluster, principal, awssdk.ToString(v.PolicyArn)}, "#")
		out.add(f)
	}
}

// nodeRoles are the roles of a cluster's managed node groups.
func nodeRoles(ctx context.Context, s *scope, cluster string) ([]string, error) {
	return shared(s, "eks node roles "+cluster, func() ([]string, error) {
		names, err := all(ctx, s, openNodeGroups(s, cluster), nodeGroups)
		if err != nil {
			return nil, err
		}
		var roles []string
		for _, name := range names {
			group, err := nodeGroup(ctx, s, cluster, name)
			if err != nil && !notFound(err) {
				return nil, err
			}
			roles = append(roles, awssdk.ToString(group.NodeRole))
		}
		return roles, nil
	})
}
