"""An alarm on one metric, and one on an expression over two; a dashboard."""

import json


def seed(session, context):
    cloudwatch = session.client("cloudwatch")
    name = context["prefix"]
    action = f"arn:aws:sns:{session.region_name}:{context['account']}:{name}-alerts"
    cloudwatch.put_metric_alarm(
        AlarmName=f"{name}-orders-lag",
        AlarmDescription="Orders wait too long",
        Namespace="AWS/SQS",
        MetricName="ApproximateAgeOfOldestMessage",
        Dimensions=[{"Name": "QueueName", "Value": f"{name}-orders.fifo"}],
        Statistic="Maximum",
        Period=300,
        EvaluationPeriods=3,
        DatapointsToAlarm=2,
        Threshold=900.0,
        ComparisonOperator="GreaterThanThreshold",
        TreatMissingData="notBreaching",
        AlarmActions=[action],
        OKActions=[action],
        Tags=[{"Key": "Name", "Value": f"{name}-orders-lag"}, {"Key": "team", "Value": "orders"}],
    )
    metric = lambda id, metric: {
        "Id": id,
        "MetricStat": {
            "Metric": {
                "Namespace": "AWS/ApplicationELB",
                "MetricName": metric,
                "Dimensions": [{"Name": "LoadBalancer", "Value": f"app/{name}/0123456789abcdef"}],
            },
            "Period": 60,
            "Stat": "Sum",
        },
        "ReturnData": False,
    }
    cloudwatch.put_metric_alarm(
        AlarmName=f"{name}-error-rate",
        EvaluationPeriods=5,
        Threshold=2.5,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        ActionsEnabled=False,
        Metrics=[
            metric("errors", "HTTPCode_ELB_5XX_Count"),
            metric("requests", "RequestCount"),
            {"Id": "rate", "Expression": "errors / requests * 100", "Label": "Error rate", "ReturnData": True},
        ],
    )
    widget = {"type": "text", "x": 0, "y": 0, "width": 6, "height": 3, "properties": {"markdown": "# Orders"}}
    everywhere = session.client("cloudwatch", region_name="us-east-1")  # a dashboard is the account's; moto keeps it in a region
    everywhere.put_dashboard(DashboardName=f"{name}-orders", DashboardBody=json.dumps({"widgets": [widget]}))
    return {
        "aws_cloudwatch_dashboard": [f"{name}-orders"],
        "aws_cloudwatch_metric_alarm": [f"{name}-orders-lag", f"{name}-error-rate"],
    }
