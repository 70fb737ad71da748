package aws

import (
	"cmp"
	"context"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
)

type eventsAPI interface {
	ListApiDestinations(context.Context, *eventbridge.ListApiDestinationsInput, ...func(*eventbridge.Options)) (*eventbridge.ListApiDestinationsOutput, error)
	ListArchives(context.Context, *eventbridge.ListArchivesInput, ...func(*eventbridge.Options)) (*eventbridge.ListArchivesOutput, error)
	ListConnections(context.Context, *eventbridge.ListConnectionsInput, ...func(*eventbridge.Options)) (*eventbridge.ListConnectionsOutput, error)
	ListEventBuses(context.Context, *eventbridge.ListEventBusesInput, ...func(*eventbridge.Options)) (*eventbridge.ListEventBusesOutput, error)
	ListRules(context.Context, *eventbridge.ListRulesInput, ...func(*eventbridge.Options)) (*eventbridge.ListRulesOutput, error)
	ListTargetsByRule(context.Context, *eventbridge.ListTargetsByRuleInput, ...func(*eventbridge.Options)) (*eventbridge.ListTargetsByRuleOutput, error)
	ListTagsForResource(context.Context, *eventbridge.ListTagsForResourceInput, ...func(*eventbridge.Options)) (*eventbridge.ListTagsForResourceOutput, error)
}

func (s *scope) events() eventsAPI { return client(s, "events", eventbridge.NewFromConfig) }

var eventsRows = []Row{
	{Type: "aws_cloudwatch_event_api_destination", ID: "{name}", Actions: []string{"events:ListApiDestinations"}, list: paged(
		func(s *scope) pager[eventbridge.ListApiDestinationsOutput, eventbridge.Options] {
			in := &eventbridge.ListApiDestinationsInput{}
			return byToken(s.events().ListApiDestinations, in, &in.NextToken, func(o *eventbridge.ListApiDestinationsOutput) *string { return o.NextToken })
		},
		func(p *eventbridge.ListApiDestinationsOutput) []types.ApiDestination { return p.ApiDestinations },
		func(_ *scope, v types.ApiDestination) found {
			return found{id: awssdk.ToString(v.Name), name: awssdk.ToString(v.Name)}
		})},
	{Type: "aws_cloudwatch_event_archive", ID: "{name}", Actions: []string{"events:ListArchives"}, list: paged(
		func(s *scope) pager[eventbridge.ListArchivesOutput, eventbridge.Options] {
			in := &eventbridge.ListArchivesInput{}
			return byToken(s.events().ListArchives, in, &in.NextToken, func(o *eventbridge.ListArchivesOutput) *string { return o.NextToken })
		},
		func(p *eventbridge.ListArchivesOutput) []types.Archive { return p.Archives },
		func(_ *scope, v types.Archive) found {
			return found{id: awssdk.ToString(v.ArchiveName), name: awssdk.ToString(v.ArchiveName)}
		})},
	{Type: "aws_cloudwatch_event_bus", ID: "{name}", Actions: []string{"events:ListEventBuses", "events:ListTagsForResource"}, list: listEventBuses},
	{Type: "aws_cloudwatch_event_bus_policy", identify: func(a map[string]any) string { return busName(text(a, "event_bus_name")) },
		Actions: []string{"events:ListEventBuses", "events:ListTagsForResource"}, list: listBusPolicies},
	{Type: "aws_cloudwatch_event_connection", ID: "{name}", Actions: []string{"events:ListConnections"}, list: paged(
		func(s *scope) pager[eventbridge.ListConnectionsOutput, eventbridge.Options] {
			in := &eventbridge.ListConnectionsInput{}
			return byToken(s.events().ListConnections, in, &in.NextToken, func(o *eventbridge.ListConnectionsOutput) *string { return o.NextToken })
		},
		func(p *eventbridge.ListConnectionsOutput) []types.Connection {
			return where(p.Connections, func(v types.Connection) bool { return !ends(string(v.ConnectionState)) })
		},
		func(_ *scope, v types.Connection) found {
			return found{id: awssdk.ToString(v.Name), name: awssdk.ToString(v.Name)}
		})},
	{Type: "aws_cloudwatch_event_rule", Actions: []string{"events:ListEventBuses", "events:ListRules", "events:ListTagsForResource"},
		identify: func(a map[string]any) string { return joined("/", busName(text(a, "event_bus_name")), text(a, "name")) },
		list:     listEventRules},
	// Its arn is that of what it aims at, perhaps in another account.
	{Type: "aws_cloudwatch_event_target", ARN: "event_bus_name", Actions: []string{"events:ListEventBuses", "events:ListRules", "events:ListTagsForResource", "events:ListTargetsByRule"},
		identify: func(a map[string]any) string {
			return joined("/", busName(text(a, "event_bus_name")), text(a, "rule"), text(a, "target_id"))
		},
		list: listEventTargets},
}

// busName is the bus as import IDs spell it: a configuration may also name it by its ARN, or not at all.
func busName(bus string) string {
	if _, name, isARN := strings.Cut(bus, ":event-bus/"); isARN {
		return name
	}
	return cmp.Or(bus, "default")
}

// joined puts the parts of an import ID together; "" when one is missing.
func joined(separator string, parts ...string) string {
	for _, part := range parts {
		if part == "" {
			return ""
		}
	}
	return strings.Join(parts, separator)
}

func eventBuses(ctx context.Context, s *scope) ([]types.EventBus, error) {
	return shared(s, "event buses", func() ([]types.EventBus, error) {
		in := &eventbridge.ListEventBusesInput{}
		return all(ctx, s, byToken(s.events().ListEventBuses, in, &in.NextToken, func(o *eventbridge.ListEventBusesOutput) *string { return o.NextToken }),
			func(o *eventbridge.ListEventBusesOutput) []types.EventBus { return o.EventBuses })
	})
}

// eventTags are asked for by rules and by what hangs on them.
func eventTags(ctx context.Context, s *scope, arn *string) (map[string]string, error) {
	return sharedTags(s, awssdk.ToString(arn), func() (map[string]string, error) {
		tags, err := call(ctx, s, s.events().ListTagsForResource, &eventbridge.ListTagsForResourceInput{ResourceARN: arn})
		if err != nil {
			return nil, err
		}
		return tagMap(tags.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value }), nil
	})
}

// listEventBuses: the default bus comes with the account, and that of a partner with its event source.
func listEventBuses(ctx context.Context, s *scope, out *sink) error {
	buses, err := eventBuses(ctx, s)
	each(ctx, buses, func(b types.EventBus) {
		name := awssdk.ToString(b.Name)
		bus := found{id: name, name: name, facts: facts("default", flag(name == "default"))}
		out.addWithTags(bus, func() (map[string]string, error) { return eventTags(ctx, s, b.Arn) })
	})
	return err
}

func listBusPolicies(ctx context.Context, s *scope, out *sink) error {
	buses, err := eventBuses(ctx, s)
	each(ctx, where(buses, func(b types.EventBus) bool { return awssdk.ToString(b.Policy) != "" }), func(b types.EventBus) {
		name := awssdk.ToString(b.Name)
		facts, there := out.partFacts("aws_cloudwatch_event_bus", name, func() (map[string]string, error) { return eventTags(ctx, s, b.Arn) })
		if there {
			out.add(found{id: name, name: name, facts: facts})
		}
	})
	return err
}

// eventRules visits every rule of every bus. A bus whose rules cannot be listed does not hide the others.
func eventRules(ctx context.Context, s *scope, out *sink, see func(types.Rule)) error {
	buses, err := eventBuses(ctx, s)
	if err != nil {
		return err
	}
	for _, bus := range buses {
		in := &eventbridge.ListRulesInput{EventBusName: bus.Name}
		rules := byToken(s.events().ListRules, in, &in.NextToken, func(o *eventbridge.ListRulesOutput) *string { return o.NextToken })
		for page, err := range pages(ctx, s, rules) {
			if err != nil {
				if !notFound(err) {
					out.failed("event bus "+awssdk.ToString(bus.Name), err)
				}
				break
			}
			each(ctx, page.Rules, see)
		}
	}
	return nil
}

func ruleID(r types.Rule) string {
	return busName(awssdk.ToString(r.EventBusName)) + "/" + awssdk.ToString(r.Name)
}

func listEventRules(ctx context.Context, s *scope, out *sink) error {
	return eventRules(ctx, s, out, func(r types.Rule) {
		rule := found{id: ruleID(r), name: awssdk.ToString(r.Name), facts: facts("managed_by", awssdk.ToString(r.ManagedBy))}
		out.addWithTags(rule, func() (map[string]string, error) { return eventTags(ctx, s, r.Arn) })
	})
}

func listEventTargets(ctx context.Context, s *scope, out *sink) error {
	return eventRules(ctx, s, out, func(r types.Rule) {
		facts, there := out.partFacts("aws_cloudwatch_event_rule", ruleID(r), func() (map[string]string, error) { return eventTags(ctx, s, r.Arn) })
		if !there {
			return
		}
		if by := awssdk.ToString(r.ManagedBy); by != "" {
			facts["managed_by"] = by
		}
		in := &eventbridge.ListTargetsByRuleInput{Rule: r.Name, EventBusName: r.EventBusName}
		targets := byToken(s.events().ListTargetsByRule, in, &in.NextToken, func(o *eventbridge.ListTargetsByRuleOutput) *string { return o.NextToken })
		for page, err := range pages(ctx, s, targets) {
			if notFound(err) {
				return
			}
			if err != nil {
				out.failed("rule "+ruleID(r), err)
				return
			}
			for _, target := range page.Targets {
				out.add(found{id: ruleID(r) + "/" + awssdk.ToString(target.Id), name: awssdk.ToString(target.Id), facts: facts})
			}
		}
	})
}
