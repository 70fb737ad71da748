"""A certificate that DNS validates."""


def seed(session, context):
    arn = session.client("acm").request_certificate(
        DomainName=f"{context['prefix']}.example.com", SubjectAlternativeNames=[f"*.{context['prefix']}.example.com"],
        ValidationMethod="DNS", KeyAlgorithm="EC_prime256v1", Tags=[{"Key": "team", "Value": "platform"}],
    )["CertificateArn"]
    context.update(certificate_arn=arn)
    return {"aws_acm_certificate": [arn]}
