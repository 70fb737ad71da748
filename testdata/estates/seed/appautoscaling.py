"""A table that grows by its load."""


def seed(session, context):
    scaling, dynamodb = session.client("application-autoscaling"), session.client("dynamodb")
    name = context["prefix"]
    dynamodb.create_table(
        TableName=f"{name}-scaled", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}], AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        ProvisionedThroughput={"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}, Tags=[{"Key": "team", "Value": "shop"}])
    what = {"ServiceNamespace": "dynamodb", "ResourceId": f"table/{name}-scaled", "ScalableDimension": "dynamodb:table:ReadCapacityUnits"}
    scaling.register_scalable_target(**what, MinCapacity=5, MaxCapacity=100, RoleARN=context["role_arn"], Tags={"Name": f"{name}-scaled", "team": "shop"})
    scaling.put_scaling_policy(**what, PolicyName=f"{name}-reads", PolicyType="TargetTrackingScaling", TargetTrackingScalingPolicyConfiguration={
        "TargetValue": 70.0, "ScaleInCooldown": 60, "ScaleOutCooldown": 30, "PredefinedMetricSpecification": {"PredefinedMetricType": "DynamoDBReadCapacityUtilization"}})
    whole = "/".join(what.values())
    return {
        "aws_appautoscaling_policy": [f"{whole}/{name}-reads"],
        "aws_dynamodb_table": [f"{name}-scaled"],
    }
