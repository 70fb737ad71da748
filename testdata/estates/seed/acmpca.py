"""A certificate authority of the company's own."""


def seed(session, context):
    authority = session.client("acm-pca").create_certificate_authority(
        CertificateAuthorityType="ROOT",
        CertificateAuthorityConfiguration={
            "KeyAlgorithm": "RSA_4096",
            "SigningAlgorithm": "SHA512WITHRSA",
            "Subject": {"CommonName": f"{context['prefix']}.example.com", "Organization": "Example", "Country": "SE"},
        },
        Tags=[{"Key": "team", "Value": "security"}],
    )["CertificateAuthorityArn"]
    return {"aws_acmpca_certificate_authority": [authority]}
