"""The services that watch an account, switched on."""


def seed(session, context):
    prefix, account = context["prefix"], context["account"]
    detector = session.client("guardduty").create_detector(
        Enable=True, FindingPublishingFrequency="ONE_HOUR", DataSources={"S3Logs": {"Enable": True}}, Tags={"team": "security"},
    )["DetectorId"]
    session.client("securityhub").enable_security_hub(EnableDefaultStandards=False, Tags={"team": "security"})
    session.client("macie2").enable_macie(findingPublishingFrequency="ONE_HOUR", status="ENABLED")
    quiet = session.client("inspector2").create_filter(
        name=f"{prefix}-quiet", action="SUPPRESS", description="known and accepted",
        filterCriteria={"findingStatus": [{"comparison": "EQUALS", "value": "ACTIVE"}]}, tags={"team": "security"},
    )["arn"]
    return {
        "aws_guardduty_detector": [detector],
        "aws_inspector2_filter": [quiet],
        "aws_macie2_account": [account],
        "aws_securityhub_account": [account],
    }
