package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/acm/types"
)

type acmAPI interface {
	acm.ListCertificatesAPIClient
	ListTagsForCertificate(context.Context, *acm.ListTagsForCertificateInput, ...func(*acm.Options)) (*acm.ListTagsForCertificateOutput, error)
}

func (s *scope) acm() acmAPI { return client(s, "acm", acm.NewFromConfig) }

var acmRows = []Row{
	{Type: "aws_acm_certificate", ID: "{arn}", Actions: []string{"acm:ListCertificates", "acm:ListTagsForCertificate"}, list: listCertificates},
}

// listCertificates names every kind of key: without them, AWS lists RSA certificates of 1024 and 2048 bits only.
func listCertificates(ctx context.Context, s *scope, out *sink) error {
	client := s.acm()
	in := &acm.ListCertificatesInput{Includes: &types.Filters{KeyTypes: types.KeyAlgorithm("").Values()}}
	for page, err := range pages(ctx, s, acm.NewListCertificatesPaginator(client, in)) {
		if err != nil {
			return err
		}
		each(ctx, page.CertificateSummaryList, func(v types.CertificateSummary) {
			f := found{
				id: awssdk.ToString(v.CertificateArn), name: awssdk.ToString(v.DomainName),
				facts: facts("managed_by", string(v.ManagedBy), "state", string(v.Status)),
			}
			answer, err := call(ctx, s, client.ListTagsForCertificate, &acm.ListTagsForCertificateInput{CertificateArn: v.CertificateArn})
			if err == nil {
				f.tags = tagMap(answer.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
			}
			out.addTagged(f, err, "ResourceNotFoundException")
		})
	}
	return nil
}
