package aws

import (
	"context"
	"errors"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

type s3API interface {
	s3.ListBucketsAPIClient
	GetBucketTagging(context.Context, *s3.GetBucketTaggingInput, ...func(*s3.Options)) (*s3.GetBucketTaggingOutput, error)
	GetBucketVersioning(context.Context, *s3.GetBucketVersioningInput, ...func(*s3.Options)) (*s3.GetBucketVersioningOutput, error)
	GetBucketEncryption(context.Context, *s3.GetBucketEncryptionInput, ...func(*s3.Options)) (*s3.GetBucketEncryptionOutput, error)
	GetPublicAccessBlock(context.Context, *s3.GetPublicAccessBlockInput, ...func(*s3.Options)) (*s3.GetPublicAccessBlockOutput, error)
	GetBucketPolicy(context.Context, *s3.GetBucketPolicyInput, ...func(*s3.Options)) (*s3.GetBucketPolicyOutput, error)
	GetBucketLifecycleConfiguration(context.Context, *s3.GetBucketLifecycleConfigurationInput, ...func(*s3.Options)) (*s3.GetBucketLifecycleConfigurationOutput, error)
}

// s3 addresses buckets by path at an endpoint that is not AWS's own: such endpoints rarely have a name for each bucket.
func (s *scope) s3() s3API {
	return client(s, "s3", func(config awssdk.Config, _ ...func(*s3.Options)) *s3.Client {
		return s3.NewFromConfig(config, func(o *s3.Options) { o.UsePathStyle = o.BaseEndpoint != nil })
	})
}

// bucketActions are the IAM actions that listing buckets and their tags takes, and more: what a row reads besides.
func bucketActions(more ...string) []string {
	return append([]string{"s3:ListAllMyBuckets", "s3:GetBucketTagging"}, more...)
}

// The settings of a bucket are types of their own since version 4 of the provider. Each is known by the bucket's name
// alone, also when its state's id has an expected owner behind a comma.
var s3Rows = []Row{
	{Type: "aws_s3_bucket", ID: "{bucket}", Actions: bucketActions(), list: listBuckets},
	{Type: "aws_s3_bucket_lifecycle_configuration", ID: "{bucket}", Actions: bucketActions("s3:GetLifecycleConfiguration"), list: ofBuckets(seeLifecycle)},
	{Type: "aws_s3_bucket_policy", ID: "{bucket}", Actions: bucketActions("s3:GetBucketPolicy"), list: ofBuckets(seeBucketPolicy)},
	{Type: "aws_s3_bucket_public_access_block", ID: "{bucket}", Actions: bucketActions("s3:GetBucketPublicAccessBlock"), list: ofBuckets(seePublicAccessBlock)},
	{Type: "aws_s3_bucket_server_side_encryption_configuration", ID: "{bucket}", Actions: bucketActions("s3:GetEncryptionConfiguration"), list: ofBuckets(seeEncryption)},
	{Type: "aws_s3_bucket_versioning", ID: "{bucket}", Actions: bucketActions("s3:GetBucketVersioning"), list: ofBuckets(seeVersioning)},
}

// bucketPage is the most buckets that one call may ask for. Without a number, accounts with more than 10,000 buckets
// are refused.
const bucketPage = 10000

// bucket is one of the scope's region, with its tags or the reason why they are not known.
type bucket struct {
	name    string
	tags    map[string]string
	tagsErr error
}

// buckets lists the buckets of the scope's region, which AWS picks out of the account's.
func (s *scope) buckets(ctx context.Context) ([]*bucket, error) {
	return shared(s, "buckets", func() ([]*bucket, error) {
		client := s.s3()
		in := &s3.ListBucketsInput{BucketRegion: &s.region, MaxBuckets: awssdk.Int32(bucketPage)}
		listed, err := all(ctx, s, s3.NewListBucketsPaginator(client, in), func(p *s3.ListBucketsOutput) []types.Bucket {
			return where(p.Buckets, func(v types.Bucket) bool { return v.BucketRegion == nil || *v.BucketRegion == s.region })
		})
		buckets := make([]*bucket, len(listed))
		for i, v := range listed {
			buckets[i] = &bucket{name: awssdk.ToString(v.Name)}
		}
		each(ctx, buckets, func(b *bucket) {
			b.tags, b.tagsErr = s.bucketTags(ctx, client, b.name)
		})
		return where(buckets, func(b *bucket) bool { return !hasCode(b.tagsErr, "NoSuchBucket") }), err
	})
}

func (s *scope) bucketTags(ctx context.Context, client s3API, name string) (map[string]string, error) {
	answer, err := call(ctx, s, client.GetBucketTagging, &s3.GetBucketTaggingInput{Bucket: &name})
	switch {
	case hasCode(err, "NoSuchTagSet"):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return tagMap(answer.TagSet, func(t types.Tag) (*string, *string) { return t.Key, t.Value }), nil
}

func listBuckets(ctx context.Context, s *scope, out *sink) error {
	buckets, err := s.buckets(ctx)
	if err != nil {
		return err
	}
	for _, b := range buckets {
		out.addTagged(found{id: b.name, name: b.name, tags: b.tags}, b.tagsErr)
	}
	return nil
}

// errNotSet is a bucket without the setting.
var errNotSet = errors.New("not set")

// noSetting are the codes by which S3 says that a bucket has no such setting, or that the bucket is gone.
var noSetting = []string{"NoSuchBucket", "NoSuchBucketPolicy", "NoSuchLifecycleConfiguration", "NoSuchPublicAccessBlockConfiguration",
	"ServerSideEncryptionConfigurationNotFoundError"}

// ofBuckets is the lister of a setting: see asks one bucket for it, and gives facts or errNotSet. The setting has no
// tags, so it carries its bucket's as facts, by which another tool's buckets are known. When they could not be read,
// that is told once for the type.
func ofBuckets(see func(ctx context.Context, s *scope, client s3API, bucket *string) (map[string]string, error)) lister {
	return func(ctx context.Context, s *scope, out *sink) error {
		buckets, err := s.buckets(ctx)
		if err != nil {
			return err
		}
		client := s.s3()
		each(ctx, buckets, func(b *bucket) {
			own, err := see(ctx, s, client, &b.name)
			switch {
			case errors.Is(err, errNotSet) || hasCode(err, noSetting...):
			case err != nil:
				out.failed(b.name, err)
			default:
				f := facts("bucket", b.name, "default", own["default"])
				for key, value := range b.tags {
					f["parent_tag:"+key] = value
				}
				out.add(found{id: b.name, name: b.name, facts: f})
			}
		})
		for _, b := range buckets {
			if b.tagsErr != nil {
				out.tagsFailed(b.tagsErr)
			}
		}
		return nil
	}
}

func seeLifecycle(ctx context.Context, s *scope, client s3API, bucket *string) (map[string]string, error) {
	_, err := call(ctx, s, client.GetBucketLifecycleConfiguration, &s3.GetBucketLifecycleConfigurationInput{Bucket: bucket})
	return nil, err
}

func seeBucketPolicy(ctx context.Context, s *scope, client s3API, bucket *string) (map[string]string, error) {
	_, err := call(ctx, s, client.GetBucketPolicy, &s3.GetBucketPolicyInput{Bucket: bucket})
	return nil, err
}

func seePublicAccessBlock(ctx context.Context, s *scope, client s3API, bucket *string) (map[string]string, error) {
	_, err := call(ctx, s, client.GetPublicAccessBlock, &s3.GetPublicAccessBlockInput{Bucket: bucket})
	return nil, err
}

// seeEncryption calls default what every bucket has had by itself since January 2023: AES256, no bucket key.
func seeEncryption(ctx context.Context, s *scope, client s3API, bucket *string) (map[string]string, error) {
	answer, err := call(ctx, s, client.GetBucketEncryption, &s3.GetBucketEncryptionInput{Bucket: bucket})
	if err != nil {
		return nil, err
	}
	if answer.ServerSideEncryptionConfiguration == nil {
		return nil, errNotSet
	}
	rules := answer.ServerSideEncryptionConfiguration.Rules
	asMade := len(rules) == 1 && rules[0].ApplyServerSideEncryptionByDefault != nil && !awssdk.ToBool(rules[0].BucketKeyEnabled) &&
		rules[0].ApplyServerSideEncryptionByDefault.SSEAlgorithm == types.ServerSideEncryptionAes256
	return facts("default", flag(asMade)), nil
}

// seeVersioning: a bucket that was never versioned answers without a status.
func seeVersioning(ctx context.Context, s *scope, client s3API, bucket *string) (map[string]string, error) {
	answer, err := call(ctx, s, client.GetBucketVersioning, &s3.GetBucketVersioningInput{Bucket: bucket})
	if err == nil && answer.Status == "" {
		return nil, errNotSet
	}
	return nil, err
}
