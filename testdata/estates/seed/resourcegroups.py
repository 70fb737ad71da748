"""A group of everything that has a tag."""

import json


def seed(session, context):
    name = f"{context['prefix']}-shop"
    session.client("resource-groups").create_group(
        Name=name, Description="all of the shop", Tags={"team": "shop"},
        ResourceQuery={"Type": "TAG_FILTERS_1_0", "Query": json.dumps({
            "ResourceTypeFilters": ["AWS::AllSupported"], "TagFilters": [{"Key": "team", "Values": ["shop"]}]})},
    )
    return {"aws_resourcegroups_group": [name]}
