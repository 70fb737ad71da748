package aws

import (
	"context"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

type ec2API interface {
	ec2.DescribeInstancesAPIClient
	ec2.DescribeVolumesAPIClient
	ec2.DescribeLaunchTemplatesAPIClient
	ec2.DescribeClientVpnEndpointsAPIClient
	ec2.DescribeInstanceConnectEndpointsAPIClient
	DescribePlacementGroups(context.Context, *ec2.DescribePlacementGroupsInput, ...func(*ec2.Options)) (*ec2.DescribePlacementGroupsOutput, error)
	DescribeKeyPairs(context.Context, *ec2.DescribeKeyPairsInput, ...func(*ec2.Options)) (*ec2.DescribeKeyPairsOutput, error)
}

func (s *scope) ec2() ec2API { return client(s, "ec2", ec2.NewFromConfig) }

var ec2Rows = []Row{
	{Type: "aws_ebs_volume", Actions: []string{"ec2:DescribeVolumes", "ec2:DescribeInstances"}, list: listVolumes},
	{Type: "aws_ec2_client_vpn_endpoint", Tested: recorded, Actions: []string{"ec2:DescribeClientVpnEndpoints"}, list: paged(
		func(s *scope) pager[ec2.DescribeClientVpnEndpointsOutput, ec2.Options] {
			return ec2.NewDescribeClientVpnEndpointsPaginator(s.ec2(), &ec2.DescribeClientVpnEndpointsInput{})
		},
		func(p *ec2.DescribeClientVpnEndpointsOutput) []types.ClientVpnEndpoint {
			return where(p.ClientVpnEndpoints, func(v types.ClientVpnEndpoint) bool { return v.Status == nil || !ends(string(v.Status.Code)) })
		},
		func(_ *scope, v types.ClientVpnEndpoint) found {
			return found{id: awssdk.ToString(v.ClientVpnEndpointId), tags: ec2Tags(v.Tags), facts: facts("vpc_id", awssdk.ToString(v.VpcId))}
		})},
	{Type: "aws_ec2_instance_connect_endpoint", Tested: recorded, Actions: []string{"ec2:DescribeInstanceConnectEndpoints"}, list: paged(
		func(s *scope) pager[ec2.DescribeInstanceConnectEndpointsOutput, ec2.Options] {
			return ec2.NewDescribeInstanceConnectEndpointsPaginator(s.ec2(), &ec2.DescribeInstanceConnectEndpointsInput{})
		},
		func(p *ec2.DescribeInstanceConnectEndpointsOutput) []types.Ec2InstanceConnectEndpoint {
			return where(p.InstanceConnectEndpoints, func(v types.Ec2InstanceConnectEndpoint) bool { return !ends(string(v.State)) })
		},
		func(_ *scope, v types.Ec2InstanceConnectEndpoint) found {
			return found{id: awssdk.ToString(v.InstanceConnectEndpointId), tags: ec2Tags(v.Tags), facts: facts("vpc_id", awssdk.ToString(v.VpcId), "owner_id", awssdk.ToString(v.OwnerId))}
		})},
	{Type: "aws_instance", Actions: []string{"ec2:DescribeInstances"}, list: listInstances},
	{Type: "aws_key_pair", ID: "{key_name}", Actions: []string{"ec2:DescribeKeyPairs"}, list: listKeyPairs},
	{Type: "aws_launch_template", Actions: []string{"ec2:DescribeLaunchTemplates"}, list: paged(openLaunchTemplates, launchTemplates, seeLaunchTemplate)},
	{Type: "aws_placement_group", ID: "{name}", Tested: recorded, Actions: []string{"ec2:DescribePlacementGroups"}, list: listPlacementGroups},
}

// instances is every instance that is not gone for good. A terminated one stays in the listing for about an hour.
func (s *scope) instances(ctx context.Context) ([]types.Instance, error) {
	return shared(s, "instances", func() ([]types.Instance, error) {
		reservations, err := all(ctx, s, ec2.NewDescribeInstancesPaginator(s.ec2(), &ec2.DescribeInstancesInput{}),
			func(p *ec2.DescribeInstancesOutput) []types.Reservation { return p.Reservations })
		var instances []types.Instance
		for _, r := range reservations {
			instances = append(instances, where(r.Instances, isAlive)...)
		}
		return instances, err
	})
}

func isAlive(v types.Instance) bool {
	return v.State == nil || v.State.Name != types.InstanceStateNameTerminated && v.State.Name != types.InstanceStateNameShuttingDown
}

func listInstances(ctx context.Context, s *scope, out *sink) error {
	instances, err := s.instances(ctx)
	for _, v := range instances {
		tags := ec2Tags(v.Tags)
		out.add(found{
			id:    awssdk.ToString(v.InstanceId),
			tags:  tags,
			facts: facts("vpc_id", awssdk.ToString(v.VpcId), "asg", tags["aws:autoscaling:groupName"], "managed_by", operator(v.Operator)),
		})
	}
	return err
}

// operator is the service that manages something in its user's account (EKS Auto Mode, ECS managed instances), "" when
// the user does.
func operator(o *types.OperatorResponse) string {
	if o == nil || !awssdk.ToBool(o.Managed) {
		return ""
	}
	return awssdk.ToString(o.Principal)
}

// rootDevices are the names of the instances' root devices, by instance ID.
func rootDevices(instances []types.Instance) map[string]string {
	roots := map[string]string{}
	for _, v := range instances {
		roots[awssdk.ToString(v.InstanceId)] = awssdk.ToString(v.RootDeviceName)
	}
	return roots
}

// listVolumes asks for the instances as well: only they say which of their volumes is the root device.
func listVolumes(ctx context.Context, s *scope, out *sink) error {
	instances, err := s.instances(ctx)
	if err != nil {
		return err
	}
	roots := rootDevices(instances)
	for page, err := range pages(ctx, s, ec2.NewDescribeVolumesPaginator(s.ec2(), &ec2.DescribeVolumesInput{})) {
		if err != nil {
			return err
		}
		for _, v := range page.Volumes {
			if v.State != types.VolumeStateDeleting && v.State != types.VolumeStateDeleted {
				out.add(seeVolume(v, roots))
			}
		}
	}
	return nil
}

// seeVolume says of an attached volume what makes it part of its instance: being the root device, or going away with
// the instance, as the volumes do that were made along with it.
func seeVolume(v types.Volume, roots map[string]string) found {
	f := found{
		id:    awssdk.ToString(v.VolumeId),
		tags:  ec2Tags(v.Tags),
		facts: facts("managed_by", operator(v.Operator)),
	}
	for _, a := range v.Attachments {
		instance, device := awssdk.ToString(a.InstanceId), awssdk.ToString(a.Device)
		if instance == "" {
			continue
		}
		f.facts["instance_id"] = instance
		if awssdk.ToBool(a.DeleteOnTermination) {
			f.facts["delete_on_termination"] = "true"
		}
		if device != "" && roots[instance] == device {
			f.facts["root_device"] = "true"
		}
	}
	return f
}

// listKeyPairs asks once: the API has no pages.
func listKeyPairs(ctx context.Context, s *scope, out *sink) error {
	answer, err := call(ctx, s, s.ec2().DescribeKeyPairs, &ec2.DescribeKeyPairsInput{})
	if err != nil {
		return err
	}
	for _, v := range answer.KeyPairs {
		name := awssdk.ToString(v.KeyName)
		out.add(found{id: name, name: name, tags: ec2Tags(v.Tags)})
	}
	return nil
}

// listPlacementGroups asks once: the API has no pages.
func listPlacementGroups(ctx context.Context, s *scope, out *sink) error {
	answer, err := call(ctx, s, s.ec2().DescribePlacementGroups, &ec2.DescribePlacementGroupsInput{})
	if err != nil {
		return err
	}
	for _, v := range answer.PlacementGroups {
		if name := awssdk.ToString(v.GroupName); !ends(string(v.State)) {
			out.add(found{id: name, name: name, tags: ec2Tags(v.Tags), facts: facts("managed_by", operator(v.Operator))})
		}
	}
	return nil
}

func openLaunchTemplates(s *scope) pager[ec2.DescribeLaunchTemplatesOutput, ec2.Options] {
	return ec2.NewDescribeLaunchTemplatesPaginator(s.ec2(), &ec2.DescribeLaunchTemplatesInput{})
}

func launchTemplates(p *ec2.DescribeLaunchTemplatesOutput) []types.LaunchTemplate {
	return p.LaunchTemplates
}

// seeLaunchTemplate knows the copies that EKS makes for its node groups by the role that made them.
func seeLaunchTemplate(_ *scope, v types.LaunchTemplate) found {
	managedBy := operator(v.Operator)
	if creator := awssdk.ToString(v.CreatedBy); strings.Contains(creator, "/AWSServiceRoleFor") {
		managedBy = creator
	}
	return found{
		id:    awssdk.ToString(v.LaunchTemplateId),
		name:  awssdk.ToString(v.LaunchTemplateName),
		tags:  ec2Tags(v.Tags),
		facts: facts("managed_by", managedBy),
	}
}
