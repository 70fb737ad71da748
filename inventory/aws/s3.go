package aws

import (
	"context"
	"errors"
	"maps"
	"slices"

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
	GetBucketAccelerateConfiguration(context.Context, *s3.GetBucketAccelerateConfigurationInput, ...func(*s3.Options)) (*s3.GetBucketAccelerateConfigurationOutput, error)
	GetBucketAcl(context.Context, *s3.GetBucketAclInput, ...func(*s3.Options)) (*s3.GetBucketAclOutput, error)
	GetBucketCors(context.Context, *s3.GetBucketCorsInput, ...func(*s3.Options)) (*s3.GetBucketCorsOutput, error)
	GetBucketLogging(context.Context, *s3.GetBucketLoggingInput, ...func(*s3.Options)) (*s3.GetBucketLoggingOutput, error)
	GetBucketNotificationConfiguration(context.Context, *s3.GetBucketNotificationConfigurationInput, ...func(*s3.Options)) (*s3.GetBucketNotificationConfigurationOutput, error)
	GetObjectLockConfiguration(context.Context, *s3.GetObjectLockConfigurationInput, ...func(*s3.Options)) (*s3.GetObjectLockConfigurationOutput, error)
	GetBucketOwnershipControls(context.Context, *s3.GetBucketOwnershipControlsInput, ...func(*s3.Options)) (*s3.GetBucketOwnershipControlsOutput, error)
	GetBucketReplication(context.Context, *s3.GetBucketReplicationInput, ...func(*s3.Options)) (*s3.GetBucketReplicationOutput, error)
	GetBucketWebsite(context.Context, *s3.GetBucketWebsiteInput, ...func(*s3.Options)) (*s3.GetBucketWebsiteOutput, error)
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
	{Type: "aws_s3_bucket_accelerate_configuration", ID: "{bucket}", Actions: bucketActions("s3:GetAccelerateConfiguration"), list: ofBuckets(seeAccelerate)},
	{Type: "aws_s3_bucket_acl", ID: "{bucket}", Actions: bucketActions("s3:GetBucketAcl"), list: ofBuckets(seeACL)},
	{Type: "aws_s3_bucket_cors_configuration", ID: "{bucket}", Actions: bucketActions("s3:GetBucketCORS"), list: ofBuckets(seeCORS)},
	{Type: "aws_s3_bucket_lifecycle_configuration", ID: "{bucket}", Actions: bucketActions("s3:GetLifecycleConfiguration"), list: ofBuckets(seeLifecycle)},
	{Type: "aws_s3_bucket_logging", ID: "{bucket}", Actions: bucketActions("s3:GetBucketLogging"), list: ofBuckets(seeLogging)},
	{Type: "aws_s3_bucket_notification", ID: "{bucket}", Actions: bucketActions("s3:GetBucketNotification"), list: ofBuckets(seeNotification)},
	{Type: "aws_s3_bucket_object_lock_configuration", ID: "{bucket}", Actions: bucketActions("s3:GetBucketObjectLockConfiguration"), list: ofBuckets(seeObjectLock)},
	{Type: "aws_s3_bucket_ownership_controls", ID: "{bucket}", Actions: bucketActions("s3:GetBucketOwnershipControls"), list: ofBuckets(seeOwnership)},
	{Type: "aws_s3_bucket_policy", ID: "{bucket}", Actions: bucketActions("s3:GetBucketPolicy"), list: ofBuckets(seeBucketPolicy)},
	{Type: "aws_s3_bucket_public_access_block", ID: "{bucket}", Actions: bucketActions("s3:GetBucketPublicAccessBlock"), list: ofBuckets(seePublicAccessBlock)},
	{Type: "aws_s3_bucket_replication_configuration", ID: "{bucket}", Actions: bucketActions("s3:GetReplicationConfiguration"), list: ofBuckets(seeReplication)},
	{Type: "aws_s3_bucket_server_side_encryption_configuration", ID: "{bucket}", Actions: bucketActions("s3:GetEncryptionConfiguration"), list: ofBuckets(seeEncryption)},
	{Type: "aws_s3_bucket_versioning", ID: "{bucket}", Actions: bucketActions("s3:GetBucketVersioning"), list: ofBuckets(seeVersioning)},
	{Type: "aws_s3_bucket_website_configuration", ID: "{bucket}", Actions: bucketActions("s3:GetBucketWebsite"), list: ofBuckets(seeWebsite)},
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
	"ServerSideEncryptionConfigurationNotFoundError", "NoSuchCORSConfiguration", "NoSuchWebsiteConfiguration",
	"ReplicationConfigurationNotFoundError", "ObjectLockConfigurationNotFoundError", "OwnershipControlsNotFoundError"}

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
				f := parentTags(b.tags)
				maps.Copy(f, own)
				f["bucket"] = b.name
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

// seePublicAccessBlock calls default what every bucket made since April 2023 has by itself: everything blocked.
func seePublicAccessBlock(ctx context.Context, s *scope, client s3API, bucket *string) (map[string]string, error) {
	answer, err := call(ctx, s, client.GetPublicAccessBlock, &s3.GetPublicAccessBlockInput{Bucket: bucket})
	if err != nil || answer.PublicAccessBlockConfiguration == nil {
		return nil, err
	}
	b := answer.PublicAccessBlockConfiguration
	everything := awssdk.ToBool(b.BlockPublicAcls) && awssdk.ToBool(b.IgnorePublicAcls) && awssdk.ToBool(b.BlockPublicPolicy) && awssdk.ToBool(b.RestrictPublicBuckets)
	return facts("default", flag(everything)), nil
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
	return ifSet(err == nil && answer.Status != "", err)
}

// ifSet is the answer of a setting that S3 gives empty where there is none.
func ifSet(set bool, err error) (map[string]string, error) {
	if err == nil && !set {
		return nil, errNotSet
	}
	return nil, err
}

func seeAccelerate(ctx context.Context, s *scope, client s3API, bucket *string) (map[string]string, error) {
	answer, err := call(ctx, s, client.GetBucketAccelerateConfiguration, &s3.GetBucketAccelerateConfigurationInput{Bucket: bucket})
	return ifSet(err == nil && answer.Status != "", err)
}

// seeACL: every bucket has an ACL; it is a setting when it grants anything beyond everything to the owner.
func seeACL(ctx context.Context, s *scope, client s3API, bucket *string) (map[string]string, error) {
	answer, err := call(ctx, s, client.GetBucketAcl, &s3.GetBucketAclInput{Bucket: bucket})
	if err != nil {
		return nil, err
	}
	owner := ""
	if answer.Owner != nil {
		owner = awssdk.ToString(answer.Owner.ID)
	}
	return ifSet(slices.ContainsFunc(answer.Grants, func(g types.Grant) bool {
		return g.Grantee == nil || awssdk.ToString(g.Grantee.ID) != owner || g.Permission != types.PermissionFullControl
	}), nil)
}

func seeCORS(ctx context.Context, s *scope, client s3API, bucket *string) (map[string]string, error) {
	_, err := call(ctx, s, client.GetBucketCors, &s3.GetBucketCorsInput{Bucket: bucket})
	return nil, err
}

func seeLogging(ctx context.Context, s *scope, client s3API, bucket *string) (map[string]string, error) {
	answer, err := call(ctx, s, client.GetBucketLogging, &s3.GetBucketLoggingInput{Bucket: bucket})
	return ifSet(err == nil && answer.LoggingEnabled != nil, err)
}

func seeNotification(ctx context.Context, s *scope, client s3API, bucket *string) (map[string]string, error) {
	v, err := call(ctx, s, client.GetBucketNotificationConfiguration, &s3.GetBucketNotificationConfigurationInput{Bucket: bucket})
	return ifSet(err == nil && (v.EventBridgeConfiguration != nil ||
		len(v.LambdaFunctionConfigurations)+len(v.QueueConfigurations)+len(v.TopicConfigurations) > 0), err)
}

// seeObjectLock: a bucket that was made with object lock but has no rule for it says so on the bucket alone.
func seeObjectLock(ctx context.Context, s *scope, client s3API, bucket *string) (map[string]string, error) {
	answer, err := call(ctx, s, client.GetObjectLockConfiguration, &s3.GetObjectLockConfigurationInput{Bucket: bucket})
	return ifSet(err == nil && answer.ObjectLockConfiguration != nil && answer.ObjectLockConfiguration.Rule != nil, err)
}

// seeOwnership leaves out what every bucket made since April 2023 has by itself, which nobody can tell from the same
// setting made by hand.
func seeOwnership(ctx context.Context, s *scope, client s3API, bucket *string) (map[string]string, error) {
	answer, err := call(ctx, s, client.GetBucketOwnershipControls, &s3.GetBucketOwnershipControlsInput{Bucket: bucket})
	return ifSet(err == nil && answer.OwnershipControls != nil && slices.ContainsFunc(answer.OwnershipControls.Rules, func(r types.OwnershipControlsRule) bool {
		return r.ObjectOwnership != types.ObjectOwnershipBucketOwnerEnforced
	}), err)
}

func seeReplication(ctx context.Context, s *scope, client s3API, bucket *string) (map[string]string, error) {
	_, err := call(ctx, s, client.GetBucketReplication, &s3.GetBucketReplicationInput{Bucket: bucket})
	return nil, err
}

func seeWebsite(ctx context.Context, s *scope, client s3API, bucket *string) (map[string]string, error) {
	_, err := call(ctx, s, client.GetBucketWebsite, &s3.GetBucketWebsiteInput{Bucket: bucket})
	return nil, err
}
