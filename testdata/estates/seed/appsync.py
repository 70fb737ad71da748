"""A GraphQL API behind keys."""


def seed(session, context):
    api = session.client("appsync").create_graphql_api(
        name=f"{context['prefix']}-orders", authenticationType="API_KEY", xrayEnabled=True, tags={"team": "shop"},
    )["graphqlApi"]["apiId"]
    return {"aws_appsync_graphql_api": [api]}
