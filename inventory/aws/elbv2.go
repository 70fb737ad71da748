package aws

import (
	"context"
	"slices"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

type elbv2API interface {
	elb.DescribeLoadBalancersAPIClient
	elb.DescribeTargetGroupsAPIClient
	elb.DescribeListenersAPIClient
	elb.DescribeListenerCertificatesAPIClient
	elb.DescribeRulesAPIClient
	DescribeTags(context.Context, *elb.DescribeTagsInput, ...func(*elb.Options)) (*elb.DescribeTagsOutput, error)
}

func (s *scope) elbv2() elbv2API { return client(s, "elbv2", elb.NewFromConfig) }

var elbv2Rows = []Row{
	{Type: "aws_lb", ID: "{arn}", Actions: []string{"elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeTags"}, list: listLoadBalancers},
	{Type: "aws_lb_listener", ID: "{arn}", Actions: listenerActions("elasticloadbalancing:DescribeTags"), list: ofLoadBalancers(listListeners)},
	{Type: "aws_lb_listener_certificate", ID: "{listener_arn}_{certificate_arn}", Actions: listenerActions("elasticloadbalancing:DescribeListenerCertificates"), list: ofLoadBalancers(ofListeners(listListenerCertificates))},
	{Type: "aws_lb_listener_rule", ID: "{arn}", Actions: listenerActions("elasticloadbalancing:DescribeRules", "elasticloadbalancing:DescribeTags"), list: ofLoadBalancers(ofListeners(listListenerRules))},
	{Type: "aws_lb_target_group", ID: "{arn}", Actions: []string{"elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTags"}, list: listTargetGroups},
}

func listenerActions(more ...string) []string {
	return append([]string{"elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeListeners"}, more...)
}

func (s *scope) loadBalancers(ctx context.Context) ([]types.LoadBalancer, error) {
	return shared(s, "load balancers", func() ([]types.LoadBalancer, error) {
		return all(ctx, s, elb.NewDescribeLoadBalancersPaginator(s.elbv2(), &elb.DescribeLoadBalancersInput{}),
			func(p *elb.DescribeLoadBalancersOutput) []types.LoadBalancer { return p.LoadBalancers })
	})
}

func listLoadBalancers(ctx context.Context, s *scope, out *sink) error {
	balancers, err := s.loadBalancers(ctx)
	if err != nil {
		return err
	}
	list := make([]found, len(balancers))
	for i, v := range balancers {
		list[i] = found{id: awssdk.ToString(v.LoadBalancerArn), name: awssdk.ToString(v.LoadBalancerName), facts: facts("vpc_id", awssdk.ToString(v.VpcId))}
	}
	addELBTagged(ctx, s, out, list)
	return nil
}

// ofLoadBalancers is the lister of what load balancers have: see lists one balancer's, and what it fails to see is that
// balancer's alone.
func ofLoadBalancers(see func(ctx context.Context, s *scope, out *sink, b types.LoadBalancer) error) lister {
	return func(ctx context.Context, s *scope, out *sink) error {
		balancers, err := s.loadBalancers(ctx)
		if err != nil {
			return err
		}
		each(ctx, balancers, func(b types.LoadBalancer) {
			if err := see(ctx, s, out, b); err != nil && !hasCode(err, elbGone...) {
				out.failed(awssdk.ToString(b.LoadBalancerName), err)
			}
		})
		return nil
	}
}

// listeners of one balancer, asked for once by every row that needs them.
func (s *scope) listeners(ctx context.Context, b types.LoadBalancer) ([]types.Listener, error) {
	return shared(s, "listeners "+awssdk.ToString(b.LoadBalancerArn), func() ([]types.Listener, error) {
		return all(ctx, s, elb.NewDescribeListenersPaginator(s.elbv2(), &elb.DescribeListenersInput{LoadBalancerArn: b.LoadBalancerArn}),
			func(p *elb.DescribeListenersOutput) []types.Listener { return p.Listeners })
	})
}

func listListeners(ctx context.Context, s *scope, out *sink, b types.LoadBalancer) error {
	listeners, err := s.listeners(ctx, b)
	list := make([]found, len(listeners))
	for i, v := range listeners {
		list[i] = found{id: awssdk.ToString(v.ListenerArn), facts: facts("vpc_id", awssdk.ToString(b.VpcId))}
	}
	addELBTagged(ctx, s, out, list)
	return err
}

// ofListeners goes through a balancer's listeners; a listener that is gone by then is no failure.
func ofListeners(see func(ctx context.Context, s *scope, out *sink, l types.Listener) error) func(context.Context, *scope, *sink, types.LoadBalancer) error {
	return func(ctx context.Context, s *scope, out *sink, b types.LoadBalancer) error {
		listeners, err := s.listeners(ctx, b)
		for _, l := range listeners {
			if err := see(ctx, s, out, l); err != nil && !hasCode(err, elbGone...) {
				out.failed(awssdk.ToString(l.ListenerArn), err)
			}
		}
		return err
	}
}

// listListenerRules leaves out the default rule, which is the listener's own default_action.
func listListenerRules(ctx context.Context, s *scope, out *sink, l types.Listener) error {
	rules, err := all(ctx, s, elb.NewDescribeRulesPaginator(s.elbv2(), &elb.DescribeRulesInput{ListenerArn: l.ListenerArn}),
		func(p *elb.DescribeRulesOutput) []types.Rule {
			return where(p.Rules, func(r types.Rule) bool { return !awssdk.ToBool(r.IsDefault) })
		})
	list := make([]found, len(rules))
	for i, v := range rules {
		list[i] = found{id: awssdk.ToString(v.RuleArn)}
	}
	addELBTagged(ctx, s, out, list)
	return err
}

// listListenerCertificates leaves out the default certificate, which is the listener's own certificate_arn. Only
// listeners that speak TLS have any.
func listListenerCertificates(ctx context.Context, s *scope, out *sink, l types.Listener) error {
	if l.Protocol != types.ProtocolEnumHttps && l.Protocol != types.ProtocolEnumTls {
		return nil
	}
	certificates, err := all(ctx, s, elb.NewDescribeListenerCertificatesPaginator(s.elbv2(), &elb.DescribeListenerCertificatesInput{ListenerArn: l.ListenerArn}),
		func(p *elb.DescribeListenerCertificatesOutput) []types.Certificate {
			return where(p.Certificates, func(c types.Certificate) bool { return !awssdk.ToBool(c.IsDefault) })
		})
	for _, c := range certificates {
		out.add(found{id: awssdk.ToString(l.ListenerArn) + "_" + awssdk.ToString(c.CertificateArn)})
	}
	return err
}

func listTargetGroups(ctx context.Context, s *scope, out *sink) error {
	groups, err := all(ctx, s, elb.NewDescribeTargetGroupsPaginator(s.elbv2(), &elb.DescribeTargetGroupsInput{}),
		func(p *elb.DescribeTargetGroupsOutput) []types.TargetGroup { return p.TargetGroups })
	if err != nil {
		return err
	}
	list := make([]found, len(groups))
	for i, v := range groups {
		list[i] = found{id: awssdk.ToString(v.TargetGroupArn), name: awssdk.ToString(v.TargetGroupName), facts: facts("vpc_id", awssdk.ToString(v.VpcId))}
	}
	addELBTagged(ctx, s, out, list)
	return nil
}

// elbTagBatch is how many resources one DescribeTags may ask for (Elastic Load Balancing API reference).
const elbTagBatch = 20

// elbGone are the codes that say that a resource was deleted meanwhile.
var elbGone = []string{"LoadBalancerNotFound", "ListenerNotFound", "TargetGroupNotFound", "RuleNotFound"}

// addELBTagged reports resources, whose id is their ARN, with their tags. One that is gone makes AWS refuse its whole
// batch: then each is asked for by itself.
func addELBTagged(ctx context.Context, s *scope, out *sink, list []found) {
	client := s.elbv2()
	for batch := range slices.Chunk(list, elbTagBatch) {
		tags, err := elbTags(ctx, s, client, batch)
		if len(batch) > 1 && hasCode(err, elbGone...) {
			for single := range slices.Chunk(batch, 1) {
				addELBTagged(ctx, s, out, single)
			}
			continue
		}
		for _, f := range batch {
			f.tags = tags[f.id]
			out.addTagged(f, err, elbGone...)
		}
	}
}

// elbTags gives the tags of resources by their ARN.
func elbTags(ctx context.Context, s *scope, client elbv2API, batch []found) (map[string]map[string]string, error) {
	in := &elb.DescribeTagsInput{}
	for _, f := range batch {
		in.ResourceArns = append(in.ResourceArns, f.id)
	}
	answer, err := call(ctx, s, client.DescribeTags, in)
	if err != nil {
		return nil, err
	}
	tags := map[string]map[string]string{}
	for _, d := range answer.TagDescriptions {
		tags[awssdk.ToString(d.ResourceArn)] = tagMap(d.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
	}
	return tags, nil
}
