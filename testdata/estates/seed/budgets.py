"""A monthly budget."""


def seed(session, context):
    account, name = context["account"], f"{context['prefix']}-monthly"
    session.client("budgets").create_budget(
        AccountId=account,
        Budget={"BudgetName": name, "BudgetType": "COST", "TimeUnit": "MONTHLY", "BudgetLimit": {"Amount": "1200.0", "Unit": "USD"}},
    )
    return {"aws_budgets_budget": [f"{account}:{name}"]}
