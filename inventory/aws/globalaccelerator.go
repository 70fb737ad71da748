package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/globalaccelerator"
	"github.com/aws/aws-sdk-go-v2/service/globalaccelerator/types"
)

type globalacceleratorAPI interface {
	globalaccelerator.ListAcceleratorsAPIClient
	globalaccelerator.ListEndpointGroupsAPIClient
	globalaccelerator.ListListenersAPIClient
	ListTagsForResource(context.Context, *globalaccelerator.ListTagsForResourceInput, ...func(*globalaccelerator.Options)) (*globalaccelerator.ListTagsForResourceOutput, error)
}

// acceleratorRegion is where Global Accelerator has its API, for all regions.
// https://docs.aws.amazon.com/general/latest/gr/global_accelerator.html
const acceleratorRegion = "us-west-2"

func (s *scope) globalaccelerator() globalacceleratorAPI {
	return client(s, "globalaccelerator", func(config awssdk.Config, options ...func(*globalaccelerator.Options)) *globalaccelerator.Client {
		return globalaccelerator.NewFromConfig(config, append(options, func(o *globalaccelerator.Options) { o.Region = acceleratorRegion })...)
	})
}

var globalacceleratorRows = []Row{
	{Type: "aws_globalaccelerator_accelerator", Global: true, Tested: recorded, Actions: []string{"globalaccelerator:ListAccelerators", "globalaccelerator:ListTagsForResource"}, list: listAccelerators},
	{Type: "aws_globalaccelerator_endpoint_group", Global: true, Tested: recorded, Actions: []string{"globalaccelerator:ListAccelerators", "globalaccelerator:ListListeners", "globalaccelerator:ListEndpointGroups"}, list: under(
		acceleratorListeners, itself,
		func(s *scope, listener string) pager[globalaccelerator.ListEndpointGroupsOutput, globalaccelerator.Options] {
			return globalaccelerator.NewListEndpointGroupsPaginator(s.globalaccelerator(), &globalaccelerator.ListEndpointGroupsInput{ListenerArn: &listener})
		},
		func(p *globalaccelerator.ListEndpointGroupsOutput) []types.EndpointGroup { return p.EndpointGroups },
		func(_ context.Context, _ *scope, out *sink, listener string, v types.EndpointGroup) {
			out.add(found{id: awssdk.ToString(v.EndpointGroupArn), facts: facts("parent", listener, "parent_type", "aws_globalaccelerator_listener")})
		})},
	{Type: "aws_globalaccelerator_listener", Global: true, Tested: recorded, Actions: []string{"globalaccelerator:ListAccelerators", "globalaccelerator:ListListeners"}, list: under(
		accelerators, func(v types.Accelerator) string { return awssdk.ToString(v.Name) }, openAcceleratorListeners,
		func(p *globalaccelerator.ListListenersOutput) []types.Listener { return p.Listeners },
		func(_ context.Context, _ *scope, out *sink, parent types.Accelerator, v types.Listener) {
			out.add(found{id: awssdk.ToString(v.ListenerArn), facts: facts("parent", awssdk.ToString(parent.AcceleratorArn), "parent_type", "aws_globalaccelerator_accelerator")})
		})},
}

func accelerators(ctx context.Context, s *scope) ([]types.Accelerator, error) {
	return shared(s, "accelerators", func() ([]types.Accelerator, error) {
		return all(ctx, s, globalaccelerator.NewListAcceleratorsPaginator(s.globalaccelerator(), &globalaccelerator.ListAcceleratorsInput{}),
			func(p *globalaccelerator.ListAcceleratorsOutput) []types.Accelerator { return p.Accelerators })
	})
}

func listAccelerators(ctx context.Context, s *scope, out *sink) error {
	list, err := accelerators(ctx, s)
	each(ctx, list, func(v types.Accelerator) {
		f := found{id: awssdk.ToString(v.AcceleratorArn), name: awssdk.ToString(v.Name)}
		out.addWithTags(f, func() (map[string]string, error) {
			answer, err := call(ctx, s, s.globalaccelerator().ListTagsForResource, &globalaccelerator.ListTagsForResourceInput{ResourceArn: v.AcceleratorArn})
			if err != nil {
				return nil, err
			}
			return tagMap(answer.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value }), nil
		})
	})
	return err
}

func openAcceleratorListeners(s *scope, v types.Accelerator) pager[globalaccelerator.ListListenersOutput, globalaccelerator.Options] {
	return globalaccelerator.NewListListenersPaginator(s.globalaccelerator(), &globalaccelerator.ListListenersInput{AcceleratorArn: v.AcceleratorArn})
}

// acceleratorListeners are the ARNs of all accelerators' listeners. An accelerator that is gone by then has none.
func acceleratorListeners(ctx context.Context, s *scope) ([]string, error) {
	return shared(s, "listeners of accelerators", func() ([]string, error) {
		list, err := accelerators(ctx, s)
		var arns []string
		for _, v := range list {
			listeners, err := all(ctx, s, openAcceleratorListeners(s, v), func(p *globalaccelerator.ListListenersOutput) []types.Listener { return p.Listeners })
			if err != nil && !notFound(err) {
				return nil, err
			}
			for _, l := range listeners {
				arns = append(arns, awssdk.ToString(l.ListenerArn))
			}
		}
		return arns, err
	})
}
