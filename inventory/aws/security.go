package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"
	"github.com/aws/aws-sdk-go-v2/service/inspector2"
	inspector2types "github.com/aws/aws-sdk-go-v2/service/inspector2/types"
	"github.com/aws/aws-sdk-go-v2/service/macie2"
	"github.com/aws/aws-sdk-go-v2/service/securityhub"
)

type (
	guarddutyAPI interface {
		guardduty.ListDetectorsAPIClient
		guardduty.ListFiltersAPIClient
		guardduty.ListIPSetsAPIClient
		GetDetector(context.Context, *guardduty.GetDetectorInput, ...func(*guardduty.Options)) (*guardduty.GetDetectorOutput, error)
	}
	inspector2API interface {
		inspector2.ListFiltersAPIClient
	}
	macie2API interface {
		GetMacieSession(context.Context, *macie2.GetMacieSessionInput, ...func(*macie2.Options)) (*macie2.GetMacieSessionOutput, error)
	}
	securityhubAPI interface {
		DescribeHub(context.Context, *securityhub.DescribeHubInput, ...func(*securityhub.Options)) (*securityhub.DescribeHubOutput, error)
	}
)

func (s *scope) guardduty() guarddutyAPI { return client(s, "guardduty", guardduty.NewFromConfig) }

func (s *scope) inspector2() inspector2API { return client(s, "inspector2", inspector2.NewFromConfig) }

func (s *scope) macie2() macie2API { return client(s, "macie2", macie2.NewFromConfig) }

func (s *scope) securityhub() securityhubAPI {
	return client(s, "securityhub", securityhub.NewFromConfig)
}

// securityRows are the services that watch an account: GuardDuty, Inspector, Macie, Security Hub.
var securityRows = []Row{
	{Type: "aws_guardduty_filter", ID: "{detector_id}:{name}", Tested: recorded, Actions: []string{"guardduty:ListDetectors", "guardduty:ListFilters"}, list: under(
		detectors, itself,
		func(s *scope, detector string) pager[guardduty.ListFiltersOutput, guardduty.Options] {
			return guardduty.NewListFiltersPaginator(s.guardduty(), &guardduty.ListFiltersInput{DetectorId: &detector})
		},
		func(p *guardduty.ListFiltersOutput) []string { return p.FilterNames },
		func(_ context.Context, _ *scope, out *sink, detector, filter string) {
			out.add(found{id: detector + ":" + filter, name: filter, facts: facts("parent", detector, "parent_type", "aws_guardduty_detector")})
		})},
	{Type: "aws_guardduty_ipset", Tested: recorded, Actions: []string{"guardduty:ListDetectors", "guardduty:ListIPSets"}, list: under(
		detectors, itself,
		func(s *scope, detector string) pager[guardduty.ListIPSetsOutput, guardduty.Options] {
			return guardduty.NewListIPSetsPaginator(s.guardduty(), &guardduty.ListIPSetsInput{DetectorId: &detector})
		},
		func(p *guardduty.ListIPSetsOutput) []string { return p.IpSetIds },
		func(_ context.Context, _ *scope, out *sink, detector, set string) {
			out.add(found{id: detector + ":" + set, facts: facts("parent", detector, "parent_type", "aws_guardduty_detector")})
		})},
	{Type: "aws_guardduty_detector", Actions: []string{"guardduty:ListDetectors", "guardduty:GetDetector"}, list: tagged(
		func(s *scope) pager[guardduty.ListDetectorsOutput, guardduty.Options] {
			return guardduty.NewListDetectorsPaginator(s.guardduty(), &guardduty.ListDetectorsInput{})
		},
		func(p *guardduty.ListDetectorsOutput) []string { return p.DetectorIds },
		func(_ *scope, id string) found { return found{id: id} },
		func(ctx context.Context, s *scope, id string) (map[string]string, error) {
			out, err := call(ctx, s, s.guardduty().GetDetector, &guardduty.GetDetectorInput{DetectorId: &id})
			if err != nil {
				return nil, err
			}
			return out.Tags, nil
		})},
	{Type: "aws_inspector2_filter", ID: "{arn}", Actions: []string{"inspector2:ListFilters"}, list: paged(
		func(s *scope) pager[inspector2.ListFiltersOutput, inspector2.Options] {
			return inspector2.NewListFiltersPaginator(s.inspector2(), &inspector2.ListFiltersInput{})
		},
		func(p *inspector2.ListFiltersOutput) []inspector2types.Filter { return p.Filters },
		func(_ *scope, v inspector2types.Filter) found {
			return found{id: awssdk.ToString(v.Arn), name: awssdk.ToString(v.Name), tags: v.Tags, facts: facts("owner_id", awssdk.ToString(v.OwnerId))}
		})},
	{Type: "aws_macie2_account", Actions: []string{"macie2:GetMacieSession"}, list: listMacie},
	{Type: "aws_securityhub_account", Actions: []string{"securityhub:DescribeHub"}, list: listHub},
}

func listMacie(ctx context.Context, s *scope, out *sink) error {
	_, err := call(ctx, s, s.macie2().GetMacieSession, &macie2.GetMacieSessionInput{})
	if err == nil {
		out.add(found{id: s.account})
	}
	return err
}

func listHub(ctx context.Context, s *scope, out *sink) error {
	_, err := call(ctx, s, s.securityhub().DescribeHub, &securityhub.DescribeHubInput{})
	if err == nil {
		out.add(found{id: s.account})
	}
	return err
}

func detectors(ctx context.Context, s *scope) ([]string, error) {
	return shared(s, "detectors", func() ([]string, error) {
		return all(ctx, s, guardduty.NewListDetectorsPaginator(s.guardduty(), &guardduty.ListDetectorsInput{}),
			func(p *guardduty.ListDetectorsOutput) []string { return p.DetectorIds })
	})
}
