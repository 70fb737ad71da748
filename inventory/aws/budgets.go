package aws

import (
	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/budgets"
	"github.com/aws/aws-sdk-go-v2/service/budgets/types"
)

type budgetsAPI interface {
	budgets.DescribeBudgetsAPIClient
}

func (s *scope) budgets() budgetsAPI { return client(s, "budgets", budgets.NewFromConfig) }

var budgetsRows = []Row{
	{Type: "aws_budgets_budget", Global: true, ID: "{account_id}:{name}", Actions: []string{"budgets:ViewBudget"}, list: paged(
		func(s *scope) pager[budgets.DescribeBudgetsOutput, budgets.Options] {
			return budgets.NewDescribeBudgetsPaginator(s.budgets(), &budgets.DescribeBudgetsInput{AccountId: &s.account})
		},
		func(p *budgets.DescribeBudgetsOutput) []types.Budget { return p.Budgets },
		func(s *scope, v types.Budget) found {
			return found{id: s.account + ":" + awssdk.ToString(v.BudgetName), name: awssdk.ToString(v.BudgetName)}
		})},
}
