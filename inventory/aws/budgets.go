package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/budgets"
	"github.com/aws/aws-sdk-go-v2/service/budgets/types"
)

type budgetsAPI interface {
	budgets.DescribeBudgetsAPIClient
	ListTagsForResource(context.Context, *budgets.ListTagsForResourceInput, ...func(*budgets.Options)) (*budgets.ListTagsForResourceOutput, error)
}

func (s *scope) budgets() budgetsAPI { return client(s, "budgets", budgets.NewFromConfig) }

var budgetsRows = []Row{
	{Type: "aws_budgets_budget", Global: true, ID: "{account_id}:{name}", Tested: recorded, Actions: []string{"budgets:ViewBudget", "budgets:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[budgets.DescribeBudgetsOutput, budgets.Options] {
			return budgets.NewDescribeBudgetsPaginator(s.budgets(), &budgets.DescribeBudgetsInput{AccountId: &s.account})
		},
		func(p *budgets.DescribeBudgetsOutput) []types.Budget { return p.Budgets },
		func(s *scope, v types.Budget) found {
			return found{id: s.account + ":" + awssdk.ToString(v.BudgetName), name: awssdk.ToString(v.BudgetName)}
		},
		func(ctx context.Context, s *scope, v types.Budget) (map[string]string, error) {
			out, err := call(ctx, s, s.budgets().ListTagsForResource, &budgets.ListTagsForResourceInput{ResourceARN: budgetARN(s, v)})
			if err != nil {
				return nil, err
			}
			return tagMap(out.ResourceTags, func(t types.ResourceTag) (*string, *string) { return t.Key, t.Value }), nil
		})},
}

// budgetARN is a budget's name in all regions: it is the account's.
func budgetARN(s *scope, v types.Budget) *string {
	return awssdk.String("arn:" + s.partition() + ":budgets::" + s.account + ":budget/" + awssdk.ToString(v.BudgetName))
}
