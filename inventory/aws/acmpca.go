package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acmpca"
	"github.com/aws/aws-sdk-go-v2/service/acmpca/types"
)

type acmpcaAPI interface {
	acmpca.ListCertificateAuthoritiesAPIClient
	acmpca.ListTagsAPIClient
}

func (s *scope) acmpca() acmpcaAPI { return client(s, "acm-pca", acmpca.NewFromConfig) }

var acmpcaRows = []Row{
	{Type: "aws_acmpca_certificate_authority", ID: "{arn}", Actions: []string{"acm-pca:ListCertificateAuthorities", "acm-pca:ListTags"}, list: tagged(
		func(s *scope) pager[acmpca.ListCertificateAuthoritiesOutput, acmpca.Options] {
			return acmpca.NewListCertificateAuthoritiesPaginator(s.acmpca(), &acmpca.ListCertificateAuthoritiesInput{ResourceOwner: types.ResourceOwnerSelf})
		},
		func(p *acmpca.ListCertificateAuthoritiesOutput) []types.CertificateAuthority {
			return where(p.CertificateAuthorities, func(v types.CertificateAuthority) bool { // a deleted one can be restored for some days
				return v.Status != types.CertificateAuthorityStatusDeleted
			})
		},
		func(_ *scope, v types.CertificateAuthority) found { return found{id: awssdk.ToString(v.Arn)} },
		func(ctx context.Context, s *scope, v types.CertificateAuthority) (map[string]string, error) {
			tags, err := all(ctx, s, acmpca.NewListTagsPaginator(s.acmpca(), &acmpca.ListTagsInput{CertificateAuthorityArn: v.Arn}),
				func(p *acmpca.ListTagsOutput) []types.Tag { return p.Tags })
			return tagMap(tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value }), err
		})},
}
