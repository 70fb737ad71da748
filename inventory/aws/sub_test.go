package aws

import (
	"slices"
	"strings"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	acmtypes "github.com/aws/aws-sdk-go-v2/service/acm/types"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	autoscalingtypes "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	ecrtypes "github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	efstypes "github.com/aws/aws-sdk-go-v2/service/efs/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	route53types "github.com/aws/aws-sdk-go-v2/service/route53/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/seed-e90528ae/driftline/drift"
)

// parents is a cloud whose listings have sub-calls: for each kind of parent one that answers, one (bad) whose sub-calls
// are denied, and where a page has a next, one on the second page. What a test overrides comes first.
func parents(operation string, in any) (any, error) {
	switch in := in.(type) {
	case *s3.ListBucketsInput:
		if awssdk.ToString(in.BucketRegion) != "us-east-1" {
			return unexpected(operation, in)
		}
		if in.ContinuationToken == nil {
			return &s3.ListBucketsOutput{ContinuationToken: ref("2"), Buckets: []s3types.Bucket{
				{Name: ref("good"), BucketRegion: ref("us-east-1")}, {Name: ref("bad"), BucketRegion: ref("us-east-1")}, {Name: ref("far"), BucketRegion: ref("eu-west-1")}}}, nil
		}
		return &s3.ListBucketsOutput{Buckets: []s3types.Bucket{{Name: ref("empty")}, {Name: ref("gone")}}}, nil
	case *s3.GetBucketTaggingInput:
		switch *in.Bucket {
		case "good", "bad":
			return &s3.GetBucketTaggingOutput{TagSet: []s3types.Tag{{Key: ref("aws:cloudformation:stack-name"), Value: ref("web")}}}, nil
		case "empty":
			return nil, coded("NoSuchTagSet")
		}
		return nil, coded("NoSuchBucket")
	case *s3.GetBucketVersioningInput:
		return bucketSetting(in.Bucket, &s3.GetBucketVersioningOutput{Status: s3types.BucketVersioningStatusSuspended}, nil, &s3.GetBucketVersioningOutput{})
	case *s3.GetBucketPolicyInput:
		return bucketSetting(in.Bucket, &s3.GetBucketPolicyOutput{}, coded("NoSuchBucketPolicy"), nil)
	case *s3.GetBucketLifecycleConfigurationInput:
		return bucketSetting(in.Bucket, &s3.GetBucketLifecycleConfigurationOutput{}, coded("NoSuchLifecycleConfiguration"), nil)
	case *s3.GetPublicAccessBlockInput:
		return bucketSetting(in.Bucket, &s3.GetPublicAccessBlockOutput{}, coded("NoSuchPublicAccessBlockConfiguration"), nil)
	case *s3.GetBucketEncryptionInput:
		return bucketSetting(in.Bucket, &s3.GetBucketEncryptionOutput{ServerSideEncryptionConfiguration: &s3types.ServerSideEncryptionConfiguration{
			Rules: []s3types.ServerSideEncryptionRule{{ApplyServerSideEncryptionByDefault: &s3types.ServerSideEncryptionByDefault{SSEAlgorithm: "aws:kms"}}}}},
			coded("ServerSideEncryptionConfigurationNotFoundError"), nil)

	case *s3.GetBucketAclInput:
		owner := &s3types.Owner{ID: ref("me")}
		return bucketSetting(in.Bucket,
			&s3.GetBucketAclOutput{Owner: owner, Grants: []s3types.Grant{{Grantee: &s3types.Grantee{ID: ref("me")}, Permission: "FULL_CONTROL"}, {Grantee: &s3types.Grantee{URI: ref("http://acs.amazonaws.com/groups/s3/LogDelivery")}, Permission: "WRITE"}}},
			nil, &s3.GetBucketAclOutput{Owner: owner, Grants: []s3types.Grant{{Grantee: &s3types.Grantee{ID: ref("me")}, Permission: "FULL_CONTROL"}}})
	case *s3.GetBucketOwnershipControlsInput:
		rule := func(ownership s3types.ObjectOwnership) *s3.GetBucketOwnershipControlsOutput {
			return &s3.GetBucketOwnershipControlsOutput{OwnershipControls: &s3types.OwnershipControls{Rules: []s3types.OwnershipControlsRule{{ObjectOwnership: ownership}}}}
		}
		return bucketSetting(in.Bucket, rule("ObjectWriter"), nil, rule("BucketOwnerEnforced"))
	case *s3.GetBucketAccelerateConfigurationInput:
		return bucketSetting(in.Bucket, &s3.GetBucketAccelerateConfigurationOutput{Status: "Suspended"}, nil, &s3.GetBucketAccelerateConfigurationOutput{})
	case *s3.GetBucketCorsInput:
		return bucketSetting(in.Bucket, &s3.GetBucketCorsOutput{}, coded("NoSuchCORSConfiguration"), nil)
	case *s3.GetBucketLoggingInput:
		return bucketSetting(in.Bucket, &s3.GetBucketLoggingOutput{LoggingEnabled: &s3types.LoggingEnabled{}}, nil, &s3.GetBucketLoggingOutput{})
	case *s3.GetBucketNotificationConfigurationInput:
		return bucketSetting(in.Bucket, &s3.GetBucketNotificationConfigurationOutput{EventBridgeConfiguration: &s3types.EventBridgeConfiguration{}}, nil, &s3.GetBucketNotificationConfigurationOutput{})
	case *s3.GetObjectLockConfigurationInput:
		return bucketSetting(in.Bucket, &s3.GetObjectLockConfigurationOutput{ObjectLockConfiguration: &s3types.ObjectLockConfiguration{Rule: &s3types.ObjectLockRule{}}},
			nil, &s3.GetObjectLockConfigurationOutput{ObjectLockConfiguration: &s3types.ObjectLockConfiguration{ObjectLockEnabled: "Enabled"}})
	case *s3.GetBucketReplicationInput:
		return bucketSetting(in.Bucket, &s3.GetBucketReplicationOutput{}, coded("ReplicationConfigurationNotFoundError"), nil)
	case *s3.GetBucketWebsiteInput:
		return bucketSetting(in.Bucket, &s3.GetBucketWebsiteOutput{}, coded("NoSuchWebsiteConfiguration"), nil)

	case *route53.ListHostedZonesInput:
		return &route53.ListHostedZonesOutput{HostedZones: []route53types.HostedZone{
			{Id: ref("/hostedzone/good"), Name: ref("example.com.")}, {Id: ref("/hostedzone/bad"), Name: ref("example.net.")},
			{Id: ref("/hostedzone/map"), Name: ref("local."), LinkedService: &route53types.LinkedService{ServicePrincipal: ref("servicediscovery.amazonaws.com")}}}}, nil
	case *route53.ListResourceRecordSetsInput:
		switch {
		case *in.HostedZoneId == "/hostedzone/bad":
			return nil, coded("AccessDenied")
		case *in.HostedZoneId == "/hostedzone/map":
			return nil, coded("NoSuchHostedZone")
		case in.StartRecordName == nil:
			return &route53.ListResourceRecordSetsOutput{IsTruncated: true, NextRecordName: ref("www.example.com."), NextRecordType: "A", ResourceRecordSets: []route53types.ResourceRecordSet{
				{Name: ref("example.com."), Type: "NS"}, {Name: ref("example.com."), Type: "SOA"}, {Name: ref("example.com."), Type: "TXT"},
				{Name: ref(`\052.example.com.`), Type: "A"}, {Name: ref("dev.example.com."), Type: "NS"}}}, nil
		}
		return &route53.ListResourceRecordSetsOutput{ResourceRecordSets: []route53types.ResourceRecordSet{
			{Name: ref("www.example.com."), Type: "A", SetIdentifier: ref("blue")}, {Name: ref("p.example.com."), Type: "A", TrafficPolicyInstanceId: ref("t1")}}}, nil
	case *route53.ListHealthChecksInput:
		return &route53.ListHealthChecksOutput{HealthChecks: []route53types.HealthCheck{{Id: ref("check")}}}, nil
	case *route53.ListTagsForResourcesInput:
		if slices.Contains(in.ResourceIds, "map") {
			return nil, coded("NoSuchHostedZone")
		}
		out := &route53.ListTagsForResourcesOutput{}
		for _, id := range in.ResourceIds {
			out.ResourceTagSets = append(out.ResourceTagSets, route53types.ResourceTagSet{ResourceId: &id, Tags: []route53types.Tag{{Key: ref("of"), Value: &id}}})
		}
		return out, nil

	case *elb.DescribeLoadBalancersInput:
		return &elb.DescribeLoadBalancersOutput{LoadBalancers: []elbtypes.LoadBalancer{
			{LoadBalancerArn: ref("arn:good"), LoadBalancerName: ref("good")}, {LoadBalancerArn: ref("arn:bad"), LoadBalancerName: ref("bad")}}}, nil
	case *elb.DescribeListenersInput:
		if *in.LoadBalancerArn == "arn:bad" {
			return nil, coded("AccessDenied")
		}
		if in.Marker == nil {
			return &elb.DescribeListenersOutput{NextMarker: ref("2"), Listeners: []elbtypes.Listener{{ListenerArn: ref("arn:80"), Protocol: "HTTP"}}}, nil
		}
		return &elb.DescribeListenersOutput{Listeners: []elbtypes.Listener{{ListenerArn: ref("arn:443"), Protocol: "HTTPS"}}}, nil
	case *elb.DescribeRulesInput:
		return &elb.DescribeRulesOutput{Rules: []elbtypes.Rule{{RuleArn: ref(*in.ListenerArn + "/rule")}, {RuleArn: ref(*in.ListenerArn + "/default"), IsDefault: awssdk.Bool(true)}}}, nil
	case *elb.DescribeListenerCertificatesInput:
		if *in.ListenerArn != "arn:443" { // AWS refuses to ask listeners that have none
			return nil, coded("ValidationError")
		}
		return &elb.DescribeListenerCertificatesOutput{Certificates: []elbtypes.Certificate{
			{CertificateArn: ref("arn:own"), IsDefault: awssdk.Bool(true)}, {CertificateArn: ref("arn:more")}}}, nil
	case *elb.DescribeTargetGroupsInput:
		out := &elb.DescribeTargetGroupsOutput{}
		for _, name := range "abcdefghijklmnopqrstuvwxy" { // more than one batch of tags
			out.TargetGroups = append(out.TargetGroups, elbtypes.TargetGroup{TargetGroupArn: ref("arn:" + string(name))})
		}
		return out, nil
	case *elb.DescribeTagsInput:
		if len(in.ResourceArns) > 20 {
			return unexpected(operation, in)
		}
		if slices.Contains(in.ResourceArns, "arn:c") {
			return nil, coded("TargetGroupNotFound")
		}
		out := &elb.DescribeTagsOutput{}
		for _, arn := range in.ResourceArns {
			out.TagDescriptions = append(out.TagDescriptions, elbtypes.TagDescription{ResourceArn: &arn, Tags: []elbtypes.Tag{{Key: ref("of"), Value: &arn}}})
		}
		return out, nil

	case *iam.GetAccountAuthorizationDetailsInput:
		return authorizationDetails(in), nil
	case *iam.ListAccessKeysInput:
		return &iam.ListAccessKeysOutput{AccessKeyMetadata: []iamtypes.AccessKeyMetadata{{AccessKeyId: ref("AKIA-of-" + *in.UserName)}}}, nil
	case *iam.ListAccountAliasesInput:
		return &iam.ListAccountAliasesOutput{AccountAliases: []string{"example"}}, nil
	case *iam.GetAccountPasswordPolicyInput:
		return nil, coded("NoSuchEntity")
	case *iam.ListOpenIDConnectProvidersInput:
		return &iam.ListOpenIDConnectProvidersOutput{OpenIDConnectProviderList: []iamtypes.OpenIDConnectProviderListEntry{
			{Arn: ref("arn:aws:iam::111122223333:oidc-provider/tokens.example.com")}}}, nil
	case *iam.ListOpenIDConnectProviderTagsInput:
		return &iam.ListOpenIDConnectProviderTagsOutput{Tags: []iamtypes.Tag{{Key: ref("alpha.eksctl.io/cluster-name"), Value: ref("c")}}}, nil
	case *iam.ListSAMLProvidersInput:
		return &iam.ListSAMLProvidersOutput{SAMLProviderList: []iamtypes.SAMLProviderListEntry{
			{Arn: ref("arn:aws:iam::111122223333:saml-provider/people")}, {Arn: ref("arn:aws:iam::111122223333:saml-provider/AWSSSO_1_DO_NOT_DELETE")}}}, nil
	case *iam.GetSAMLProviderInput:
		return &iam.GetSAMLProviderOutput{}, nil
	case *iam.ListPoliciesInput:
		if in.Scope != iamtypes.PolicyScopeTypeLocal {
			return unexpected(operation, in)
		}
		return &iam.ListPoliciesOutput{Policies: []iamtypes.Policy{{Arn: ref("arn:good"), PolicyName: ref("good"), Path: ref("/")}, {Arn: ref("arn:bad")}, {Arn: ref("arn:gone")}}}, nil
	case *iam.ListPolicyTagsInput:
		switch *in.PolicyArn {
		case "arn:bad":
			return nil, coded("AccessDenied")
		case "arn:gone":
			return nil, coded("NoSuchEntity")
		}
		return &iam.ListPolicyTagsOutput{Tags: []iamtypes.Tag{{Key: ref("of"), Value: in.PolicyArn}}}, nil
	case *iam.ListInstanceProfilesInput:
		return &iam.ListInstanceProfilesOutput{InstanceProfiles: []iamtypes.InstanceProfile{{InstanceProfileName: ref("good"), Path: ref("/app/")}, {InstanceProfileName: ref("bad")}}}, nil
	case *iam.GetInstanceProfileInput:
		if *in.InstanceProfileName == "bad" {
			return nil, coded("AccessDenied")
		}
		return &iam.GetInstanceProfileOutput{InstanceProfile: &iamtypes.InstanceProfile{Tags: []iamtypes.Tag{{Key: ref("of"), Value: in.InstanceProfileName}}}}, nil

	case *ecr.DescribeRepositoriesInput:
		return &ecr.DescribeRepositoriesOutput{Repositories: []ecrtypes.Repository{
			{RepositoryName: ref("team/app"), RepositoryArn: ref("arn:app")}, {RepositoryName: ref("gone"), RepositoryArn: ref("arn:gone")}}}, nil
	case *ecr.GetLifecyclePolicyInput:
		return nil, coded("LifecyclePolicyNotFoundException")
	case *ecr.GetRepositoryPolicyInput:
		return &ecr.GetRepositoryPolicyOutput{}, nil
	case *ecr.ListTagsForResourceInput:
		if *in.ResourceArn == "arn:gone" {
			return nil, coded("RepositoryNotFoundException")
		}
		return &ecr.ListTagsForResourceOutput{Tags: []ecrtypes.Tag{{Key: ref("of"), Value: in.ResourceArn}}}, nil

	case *acm.ListCertificatesInput:
		if in.Includes == nil || !slices.Contains(in.Includes.KeyTypes, acmtypes.KeyAlgorithmEcPrime256v1) {
			return &acm.ListCertificatesOutput{}, nil // as AWS does: RSA of up to 2048 bits only
		}
		return &acm.ListCertificatesOutput{CertificateSummaryList: []acmtypes.CertificateSummary{
			{CertificateArn: ref("arn:ec"), DomainName: ref("example.com")}, {CertificateArn: ref("arn:cdn"), ManagedBy: acmtypes.CertificateManagedByCloudfront}}}, nil
	case *acm.ListTagsForCertificateInput:
		return &acm.ListTagsForCertificateOutput{}, nil

	case *efs.DescribeFileSystemsInput:
		return &efs.DescribeFileSystemsOutput{FileSystems: []efstypes.FileSystemDescription{
			{FileSystemId: ref("fs-1"), Name: ref("shared")}, {FileSystemId: ref("fs-gone"), LifeCycleState: efstypes.LifeCycleStateDeleting}}}, nil
	case *efs.DescribeMountTargetsInput:
		return &efs.DescribeMountTargetsOutput{MountTargets: []efstypes.MountTargetDescription{
			{MountTargetId: ref("fsmt-of-" + *in.FileSystemId)}, {MountTargetId: ref("fsmt-gone"), LifeCycleState: efstypes.LifeCycleStateDeleted}}}, nil
	case *efs.DescribeFileSystemPolicyInput:
		return nil, coded("PolicyNotFound")
	case *efs.DescribeAccessPointsInput:
		return &efs.DescribeAccessPointsOutput{AccessPoints: []efstypes.AccessPointDescription{
			{AccessPointId: ref("fsap-1"), Name: ref("app")}, {AccessPointId: ref("fsap-gone"), LifeCycleState: efstypes.LifeCycleStateDeleting}}}, nil
	case *autoscaling.DescribePoliciesInput:
		return &autoscaling.DescribePoliciesOutput{ScalingPolicies: []autoscalingtypes.ScalingPolicy{{AutoScalingGroupName: ref("web"), PolicyName: ref("grow")}}}, nil
	case *autoscaling.DescribeScheduledActionsInput:
		return &autoscaling.DescribeScheduledActionsOutput{ScheduledUpdateGroupActions: []autoscalingtypes.ScheduledUpdateGroupAction{{AutoScalingGroupName: ref("web"), ScheduledActionName: ref("night")}}}, nil
	case *autoscaling.DescribeLaunchConfigurationsInput:
		return &autoscaling.DescribeLaunchConfigurationsOutput{LaunchConfigurations: []autoscalingtypes.LaunchConfiguration{{LaunchConfigurationName: ref("old")}}}, nil
	case *autoscaling.DescribeAutoScalingGroupsInput:
		return &autoscaling.DescribeAutoScalingGroupsOutput{AutoScalingGroups: []autoscalingtypes.AutoScalingGroup{
			{AutoScalingGroupName: ref("web"), Tags: []autoscalingtypes.TagDescription{{Key: ref("eks:cluster-name"), Value: ref("c")}}},
			{AutoScalingGroupName: ref("gone"), Status: ref("Delete in progress")}}}, nil
	}
	return unexpected(operation, in)
}

// bucketSetting answers for the four buckets: good has the setting, bad denies it, empty has none, in the way that S3
// says so for this setting.
func bucketSetting(bucket *string, set any, unset error, empty any) (any, error) {
	switch *bucket {
	case "good":
		return set, nil
	case "bad":
		return nil, coded("AccessDenied")
	case "empty":
		return empty, unset
	}
	return unexpected("a setting of "+*bucket, bucket)
}

func authorizationDetails(in *iam.GetAccountAuthorizationDetailsInput) *iam.GetAccountAuthorizationDetailsOutput {
	out := &iam.GetAccountAuthorizationDetailsOutput{}
	switch {
	case slices.Contains(in.Filter, iamtypes.EntityTypeUser):
		out.UserDetailList = []iamtypes.UserDetail{{UserName: ref("ada"), Path: ref("/"), Tags: []iamtypes.Tag{{Key: ref("of"), Value: ref("ada")}},
			UserPolicyList: []iamtypes.PolicyDetail{{PolicyName: ref("own")}}, AttachedManagedPolicies: []iamtypes.AttachedPolicy{{PolicyArn: ref("arn:p")}}}}
	case slices.Contains(in.Filter, iamtypes.EntityTypeGroup):
		out.GroupDetailList = []iamtypes.GroupDetail{{GroupName: ref("engineers"), Path: ref("/"),
			GroupPolicyList: []iamtypes.PolicyDetail{{PolicyName: ref("look")}}, AttachedManagedPolicies: []iamtypes.AttachedPolicy{{PolicyArn: ref("arn:p")}}}}
	case in.Marker == nil:
		out.IsTruncated, out.Marker = true, ref("2")
		out.RoleDetailList = []iamtypes.RoleDetail{{RoleName: ref("app"), Path: ref("/"),
			Tags:                    []iamtypes.Tag{{Key: ref("aws:cloudformation:stack-name"), Value: ref("web")}},
			RolePolicyList:          []iamtypes.PolicyDetail{{PolicyName: ref("read")}, {PolicyName: ref("write")}},
			AttachedManagedPolicies: []iamtypes.AttachedPolicy{{PolicyArn: ref("arn:aws:iam::aws:policy/ReadOnlyAccess")}}}}
	default:
		out.RoleDetailList = []iamtypes.RoleDetail{{RoleName: ref("AWSServiceRoleForECS"), Path: ref("/aws-service-role/ecs.amazonaws.com/"),
			AttachedManagedPolicies: []iamtypes.AttachedPolicy{{PolicyArn: ref("arn:aws:iam::aws:policy/aws-service-role/ECS")}}}}
	}
	return out
}

// TestSubCalls: a sub-call that fails costs its own parent and tells so; one that says "not there" is no failure; pages
// are read to the end; and facts and tags arrive.
func TestSubCalls(t *testing.T) {
	t.Parallel()
	stack := "aws:cloudformation:stack-name"
	for typ, tc := range map[string]struct {
		want    []string // import IDs
		skipped string   // the one skipped's What, "" when nothing is
		check   func(drift.Listed) bool
	}{
		"aws_s3_bucket":                         {[]string{"bad", "empty", "good"}, "", func(l drift.Listed) bool { return l.ImportID == "empty" || l.Tags[stack] == "web" }},
		"aws_s3_bucket_versioning":              {[]string{"good"}, "aws_s3_bucket_versioning of bad in us-east-1", func(l drift.Listed) bool { return l.Facts["parent_tag:"+stack] == "web" }},
		"aws_s3_bucket_policy":                  {[]string{"good"}, "aws_s3_bucket_policy of bad in us-east-1", func(l drift.Listed) bool { return l.Facts["bucket"] == "good" }},
		"aws_s3_bucket_lifecycle_configuration": {[]string{"good"}, "aws_s3_bucket_lifecycle_configuration of bad in us-east-1", nil},
		"aws_s3_bucket_public_access_block":     {[]string{"good"}, "aws_s3_bucket_public_access_block of bad in us-east-1", nil},
		"aws_s3_bucket_server_side_encryption_configuration": {[]string{"good"}, "aws_s3_bucket_server_side_encryption_configuration of bad in us-east-1",
			func(l drift.Listed) bool { return l.Facts["default"] == "" }},

		"aws_s3_bucket_accelerate_configuration":  {[]string{"good"}, "aws_s3_bucket_accelerate_configuration of bad in us-east-1", nil},
		"aws_s3_bucket_acl":                       {[]string{"good"}, "aws_s3_bucket_acl of bad in us-east-1", nil},
		"aws_s3_bucket_cors_configuration":        {[]string{"good"}, "aws_s3_bucket_cors_configuration of bad in us-east-1", nil},
		"aws_s3_bucket_logging":                   {[]string{"good"}, "aws_s3_bucket_logging of bad in us-east-1", nil},
		"aws_s3_bucket_notification":              {[]string{"good"}, "aws_s3_bucket_notification of bad in us-east-1", nil},
		"aws_s3_bucket_object_lock_configuration": {[]string{"good"}, "aws_s3_bucket_object_lock_configuration of bad in us-east-1", nil},
		"aws_s3_bucket_ownership_controls":        {[]string{"good"}, "aws_s3_bucket_ownership_controls of bad in us-east-1", nil},
		"aws_s3_bucket_replication_configuration": {[]string{"good"}, "aws_s3_bucket_replication_configuration of bad in us-east-1", nil},
		"aws_s3_bucket_website_configuration":     {[]string{"good"}, "aws_s3_bucket_website_configuration of bad in us-east-1", nil},

		"aws_lb_listener_rule":        {[]string{"arn:443/rule", "arn:80/rule"}, "aws_lb_listener_rule of bad in us-east-1", func(l drift.Listed) bool { return l.Tags["of"] == l.ImportID }},
		"aws_lb_listener_certificate": {[]string{"arn:443_arn:more"}, "aws_lb_listener_certificate of bad in us-east-1", nil},

		"aws_iam_user_policy":             {[]string{"ada:own"}, "", func(l drift.Listed) bool { return l.Facts["parent_tag:of"] == "ada" }},
		"aws_iam_user_policy_attachment":  {[]string{"ada/arn:p"}, "", nil},
		"aws_iam_group_policy":            {[]string{"engineers:look"}, "", nil},
		"aws_iam_group_policy_attachment": {[]string{"engineers/arn:p"}, "", nil},
		"aws_iam_access_key":              {[]string{"AKIA-of-ada"}, "", func(l drift.Listed) bool { return l.Facts["parent_tag:of"] == "ada" }},
		"aws_iam_account_alias":           {[]string{"example"}, "", nil},
		"aws_iam_account_password_policy": {nil, "", nil},
		"aws_iam_openid_connect_provider": {[]string{"arn:aws:iam::111122223333:oidc-provider/tokens.example.com"}, "",
			func(l drift.Listed) bool {
				return l.Name == "tokens.example.com" && l.Tags["alpha.eksctl.io/cluster-name"] == "c"
			}},
		"aws_iam_saml_provider": {[]string{"arn:aws:iam::111122223333:saml-provider/AWSSSO_1_DO_NOT_DELETE", "arn:aws:iam::111122223333:saml-provider/people"}, "",
			func(l drift.Listed) bool { return (l.Name == "people") == (l.Facts["managed_by"] == "") }},

		"aws_ecr_lifecycle_policy":   {nil, "", nil},
		"aws_ecr_repository_policy":  {[]string{"team/app"}, "", func(l drift.Listed) bool { return l.Facts["parent_tag:of"] == "arn:app" }},
		"aws_efs_mount_target":       {[]string{"fsmt-of-fs-1"}, "", nil},
		"aws_efs_file_system_policy": {nil, "", nil},
		"aws_efs_access_point":       {[]string{"fsap-1"}, "", func(l drift.Listed) bool { return l.Name == "app" }},
		"aws_autoscaling_policy":     {[]string{"web/grow"}, "", func(l drift.Listed) bool { return l.Facts["parent_tag:eks:cluster-name"] == "c" }},
		"aws_autoscaling_schedule":   {[]string{"web/night"}, "", func(l drift.Listed) bool { return l.Facts["parent_tag:eks:cluster-name"] == "c" }},
		"aws_launch_configuration":   {[]string{"old"}, "", nil},

		"aws_route53_zone": {[]string{"bad", "good"}, "", func(l drift.Listed) bool { return l.Tags["of"] == l.ImportID && !strings.HasSuffix(l.Name, ".") }},
		"aws_route53_record": {[]string{"good_*.example.com_A", "good_dev.example.com_NS", "good_example.com_NS", "good_example.com_SOA",
			"good_example.com_TXT", "good_p.example.com_A", "good_www.example.com_A_blue"}, "aws_route53_record of bad in global",
			func(l drift.Listed) bool {
				apex := l.ImportID == "good_example.com_NS" || l.ImportID == "good_example.com_SOA"
				return (l.Facts["apex"] == "true") == apex && (l.Facts["managed_by"] != "") == (l.ImportID == "good_p.example.com_A")
			}},
		"aws_route53_health_check": {[]string{"check"}, "", func(l drift.Listed) bool { return l.Tags["of"] == "check" && l.Region == drift.Global }},

		"aws_lb":              {[]string{"arn:bad", "arn:good"}, "", func(l drift.Listed) bool { return l.Tags["of"] == l.ImportID }},
		"aws_lb_listener":     {[]string{"arn:443", "arn:80"}, "aws_lb_listener of bad in us-east-1", func(l drift.Listed) bool { return l.Tags["of"] == l.ImportID }},
		"aws_lb_target_group": {strings.Fields("arn:a arn:b arn:d arn:e arn:f arn:g arn:h arn:i arn:j arn:k arn:l arn:m arn:n arn:o arn:p arn:q arn:r arn:s arn:t arn:u arn:v arn:w arn:x arn:y"), "", func(l drift.Listed) bool { return l.Tags["of"] == l.ImportID }},

		"aws_iam_role": {[]string{"AWSServiceRoleForECS", "app"}, "", func(l drift.Listed) bool {
			return l.Facts["path"] != "" && (l.Tags[stack] == "web") == (l.ImportID == "app")
		}},
		"aws_iam_role_policy": {[]string{"app:read", "app:write"}, "", func(l drift.Listed) bool { return l.Facts["parent_tag:"+stack] == "web" }},
		"aws_iam_role_policy_attachment": {[]string{"AWSServiceRoleForECS/arn:aws:iam::aws:policy/aws-service-role/ECS", "app/arn:aws:iam::aws:policy/ReadOnlyAccess"}, "",
			func(l drift.Listed) bool {
				return strings.HasPrefix(l.Facts["path"], "/aws-service-role/") == strings.HasPrefix(l.ImportID, "AWSServiceRole")
			}},
		"aws_iam_user":             {[]string{"ada"}, "", func(l drift.Listed) bool { return l.Tags["of"] == "ada" }},
		"aws_iam_group":            {[]string{"engineers"}, "", nil},
		"aws_iam_policy":           {[]string{"arn:bad", "arn:good"}, "tags of aws_iam_policy in global", func(l drift.Listed) bool { return l.ImportID == "arn:bad" || l.Tags["of"] == l.ImportID }},
		"aws_iam_instance_profile": {[]string{"bad", "good"}, "tags of aws_iam_instance_profile in global", func(l drift.Listed) bool { return l.ImportID == "bad" || l.Facts["path"] == "/app/" }},

		"aws_ecr_repository":    {[]string{"team/app"}, "", func(l drift.Listed) bool { return l.Tags["of"] == "arn:app" }},
		"aws_acm_certificate":   {[]string{"arn:cdn", "arn:ec"}, "", func(l drift.Listed) bool { return (l.Facts["managed_by"] == "CLOUDFRONT") == (l.ImportID == "arn:cdn") }},
		"aws_efs_file_system":   {[]string{"fs-1"}, "", func(l drift.Listed) bool { return l.Name == "shared" }},
		"aws_autoscaling_group": {[]string{"web"}, "", func(l drift.Listed) bool { return l.Tags["eks:cluster-name"] == "c" }},
	} {
		t.Run(typ, func(t *testing.T) {
			t.Parallel()
			listed, failed := fakeCloud(parents).run(t, typ)
			got := ids(listed)
			slices.Sort(got)
			if !slices.Equal(got, tc.want) {
				t.Errorf("listed %v, want %v", got, tc.want)
			}
			for _, l := range listed {
				if tc.check != nil && !tc.check(l) {
					t.Errorf("%s: tags %v, facts %v, name %q", l.ImportID, l.Tags, l.Facts, l.Name)
				}
			}
			switch {
			case tc.skipped == "" && len(failed) > 0:
				t.Errorf("skipped %v, want nothing skipped", failed)
			case tc.skipped != "" && (len(failed) != 1 || failed[0].What != tc.skipped || !strings.Contains(failed[0].Reason, "denied")):
				t.Errorf("skipped %v, want %q, denied", failed, tc.skipped)
			}
		})
	}
}

// TestDefaultEncryption: what S3 does by itself is not a setting, unless somebody adds the bucket key.
func TestDefaultEncryption(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		rule s3types.ServerSideEncryptionRule
		want string
	}{
		"AES256":          {s3types.ServerSideEncryptionRule{ApplyServerSideEncryptionByDefault: &s3types.ServerSideEncryptionByDefault{SSEAlgorithm: "AES256"}}, "true"},
		"with bucket key": {s3types.ServerSideEncryptionRule{BucketKeyEnabled: awssdk.Bool(true), ApplyServerSideEncryptionByDefault: &s3types.ServerSideEncryptionByDefault{SSEAlgorithm: "AES256"}}, ""},
		"KMS":             {s3types.ServerSideEncryptionRule{ApplyServerSideEncryptionByDefault: &s3types.ServerSideEncryptionByDefault{SSEAlgorithm: "aws:kms"}}, ""},
	} {
		listed, _ := fakeCloud(func(operation string, in any) (any, error) {
			if operation == "GetBucketEncryption" && *in.(*s3.GetBucketEncryptionInput).Bucket == "good" {
				return &s3.GetBucketEncryptionOutput{ServerSideEncryptionConfiguration: &s3types.ServerSideEncryptionConfiguration{Rules: []s3types.ServerSideEncryptionRule{tc.rule}}}, nil
			}
			return parents(operation, in)
		}).run(t, "aws_s3_bucket_server_side_encryption_configuration")
		if len(listed) != 1 || listed[0].Facts["default"] != tc.want {
			t.Errorf("%s: listed %v, want fact default %q", name, listed, tc.want)
		}
	}
}

// TestTagsDenied: without the tags of buckets their settings are still listed, and each type says once that owners are
// not known.
func TestTagsDenied(t *testing.T) {
	t.Parallel()
	for typ, want := range map[string]int{"aws_s3_bucket": 4, "aws_s3_bucket_policy": 1, "aws_lb": 2, "aws_route53_zone": 3} {
		listed, failed := fakeCloud(func(operation string, in any) (any, error) {
			switch operation {
			case "GetBucketTagging", "DescribeTags", "ListTagsForResources":
				return nil, coded("AccessDenied")
			case "GetBucketPolicy":
				if bucket := *in.(*s3.GetBucketPolicyInput).Bucket; bucket != "good" {
					return nil, coded("NoSuchBucketPolicy")
				}
			}
			return parents(operation, in)
		}).run(t, typ)
		if len(listed) != want || len(failed) != 1 || !strings.HasPrefix(failed[0].What, "tags of "+typ) {
			t.Errorf("%s: listed %v, skipped %v; want %d listed and one skipped", typ, ids(listed), failed, want)
		}
	}
}
