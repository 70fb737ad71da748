package scanner

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/seed-e90528ae/driftline/drift"
)

// world is what a rule may look at beside the resource itself.
type world struct{ listed map[scopedKey]drift.Listed }

type scopedKey struct {
	key
	account, region string
}

func newWorld(listed []drift.Listed) *world {
	w := &world{listed: make(map[scopedKey]drift.Listed, len(listed))}
	for _, l := range listed {
		w.listed[scopedKey{key{l.Type, l.ImportID}, l.Account, l.Region}] = l
	}
	return w
}

// beside is another resource in the same scope as l; the zero one when it was not listed.
func (w *world) beside(l drift.Listed, typ, id string) drift.Listed {
	return w.listed[scopedKey{key{typ, id}, l.Account, l.Region}]
}

// cloudRule is a thing that the cloud makes and keeps by itself. Nobody should be told to import it.
type cloudRule struct {
	types []string
	why   string // the false alarm that the rule removes
	owns  func(l drift.Listed, w *world) bool
}

// anyType marks a rule that holds for all types.
var anyType = []string{"*"}

// cloudRules, those of all types first, then by service. A resource that a state knows is managed before any rule is asked.
var cloudRules = []cloudRule{
	{types: anyType,
		why:  "a service made it for itself, and refuses that others change it",
		owns: func(l drift.Listed, _ *world) bool { return l.Facts["managed_by"] != "" }},
	{types: anyType,
		why: "another account owns it and shares it",
		owns: func(l drift.Listed, _ *world) bool {
			return l.Facts["owner_id"] != "" && l.Account != "" && l.Facts["owner_id"] != l.Account
		}},
	{types: []string{"aws_vpc", "aws_subnet", "aws_internet_gateway", "aws_vpc_dhcp_options", "aws_db_subnet_group"},
		why:  "the default VPC with its subnets, gateway and DHCP options, and default subnet groups, come with every account",
		owns: fact("default", "true")},
	{types: []string{"aws_security_group", "aws_network_acl"},
		why:  "every VPC comes with a default group and ACL; they count once somebody changes their rules",
		owns: facts(fact("default", "true"), fact("rules", "default"))},
	{types: []string{"aws_route_table"},
		why:  "every VPC comes with a main route table; it counts once somebody adds a route",
		owns: facts(fact("main", "true"), fact("rules", "default"))},
	{types: []string{"aws_ecs_cluster", "aws_cloudwatch_event_bus"},
		why:  "every account has a default event bus, and an idle default cluster after the console's first visit",
		owns: fact("default", "true")},
	{types: []string{"aws_route_table_association"},
		why:  "a main table's association is implicit",
		owns: fact("main", "true")},
	{types: []string{"aws_vpc_endpoint"},
		why:  "a service made the endpoint for itself",
		owns: fact("requester_managed", "true")},
	{types: []string{"aws_route", "aws_network_acl_rule", "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule", "aws_vpc_dhcp_options_association"},
		why:  "local routes, the last entries of an ACL, an unchanged default group's rules and the default DHCP options come with every VPC",
		owns: fact("default", "true")},
	{types: []string{"aws_ec2_transit_gateway_route_table", "aws_ec2_transit_gateway_route_table_association", "aws_ec2_transit_gateway_route_table_propagation"},
		why:  "a transit gateway comes with a table, and enters its attachments there",
		owns: fact("default", "true")},
	{types: []string{"aws_network_interface"},
		why: "an instance's primary interface, and those that it was started with, go away with it",
		owns: func(l drift.Listed, _ *world) bool {
			return l.Facts["instance_id"] != "" && l.Facts["delete_on_termination"] == "true"
		}},
	{types: []string{"aws_ebs_volume", "aws_volume_attachment"},
		why: "root and inline volumes belong to their instance",
		owns: func(l drift.Listed, _ *world) bool {
			return l.Facts["instance_id"] != "" && (l.Facts["root_device"] == "true" || l.Facts["delete_on_termination"] == "true")
		}},
	{types: []string{"aws_ebs_volume", "aws_volume_attachment"},
		why: "an Auto Scaling group's instances come and go, and every volume that its launch template gives them",
		owns: func(l drift.Listed, w *world) bool {
			return w.beside(l, "aws_instance", l.Facts["instance_id"]).Facts["asg"] != ""
		}},
	{types: []string{"aws_iam_role", "aws_iam_role_policy", "aws_iam_role_policy_attachment", "aws_iam_policy", "aws_iam_instance_profile"},
		why: "service-linked and single-sign-on roles are made by AWS, with their policies and attachments",
		owns: func(l drift.Listed, _ *world) bool {
			return strings.HasPrefix(l.Facts["path"], "/aws-service-role/") || strings.HasPrefix(l.Facts["path"], "/aws-reserved/sso.amazonaws.com/")
		}},
	{types: []string{"aws_iam_role", "aws_iam_role_policy", "aws_iam_role_policy_attachment"},
		why: "AWS Organizations makes this role in every member account, with its policy",
		owns: func(l drift.Listed, _ *world) bool {
			role, _, _ := strings.Cut(l.ImportID, "/")
			role, _, _ = strings.Cut(role, ":")
			return role == "OrganizationAccountAccessRole"
		}},
	{types: []string{"aws_kms_key"},
		why: "AWS keeps its own keys, and a key pending deletion is on its way out",
		owns: func(l drift.Listed, _ *world) bool {
			return l.Facts["key_manager"] == "AWS" || l.Facts["key_state"] == "PendingDeletion"
		}},
	{types: []string{"aws_kms_alias"},
		why:  "alias/aws/* names AWS's own keys",
		owns: func(l drift.Listed, _ *world) bool { return strings.HasPrefix(l.ImportID, "alias/aws/") }},
	{types: []string{"aws_route53_record"},
		why:  "a zone comes with its NS and SOA; NS below the apex is a delegation and counts",
		owns: fact("apex", "true")},
	{types: []string{"aws_s3_bucket_server_side_encryption_configuration"},
		why:  "S3 encrypts every bucket with its own key since 2023",
		owns: fact("default", "true")},
	{types: []string{"aws_s3_bucket_public_access_block"},
		why:  "S3 blocks all public access of every bucket since 2023",
		owns: fact("default", "true")},
	{types: []string{"aws_scheduler_schedule_group"},
		why:  "every account has a default group of schedules, which AWS lets no one change",
		owns: fact("default", "true")},
	{types: []string{"aws_db_instance"},
		why:  "a cluster's member is an aws_rds_cluster_instance, seen as a plain instance",
		owns: func(l drift.Listed, _ *world) bool { return l.Facts["cluster"] != "" }},
	{types: []string{
		"aws_db_option_group", "aws_db_parameter_group", "aws_docdb_cluster_parameter_group", "aws_neptune_cluster_parameter_group",
		"aws_neptune_parameter_group", "aws_rds_cluster_parameter_group",
		"aws_dax_parameter_group", "aws_dax_subnet_group", "aws_elasticache_parameter_group", "aws_elasticache_subnet_group", "aws_elasticache_user",
		"aws_memorydb_acl", "aws_memorydb_parameter_group", "aws_memorydb_subnet_group", "aws_memorydb_user", "aws_redshift_parameter_group", "aws_redshift_subnet_group",
	},
		why:  "every engine in use comes with default parameters, subnets and users, which nobody can change",
		owns: fact("default", "true")},
	{types: []string{"aws_athena_workgroup", "aws_glue_registry", "aws_backup_vault"},
		why:  "the console makes one (primary, default-registry, Default) when the service is first opened",
		owns: fact("default", "true")},
	{types: []string{"aws_fsx_ontap_volume", "aws_fsx_openzfs_volume"},
		why:  "every file system comes with its root volume",
		owns: fact("default", "true")},
	{types: []string{"aws_elasticache_cluster"},
		why:  "a replication group makes and replaces its own members",
		owns: func(l drift.Listed, _ *world) bool { return l.Facts["replication_group"] != "" }},
	{types: []string{"aws_ecs_cluster"},
		why:  "AWS Batch makes a cluster for each of its compute environments",
		owns: func(l drift.Listed, _ *world) bool { return batchCluster.MatchString(l.ImportID) }},
	{types: []string{"aws_api_gateway_resource", "aws_api_gateway_gateway_response", "aws_api_gateway_model"},
		why:  "every REST API comes with its root, with responses for what goes wrong, and with the models Empty and Error",
		owns: fact("default", "true")},
	{types: []string{"aws_security_group"},
		why:  "EMR makes these groups in a VPC with its first cluster, for all clusters, and tags them with none",
		owns: func(l drift.Listed, _ *world) bool { return strings.HasPrefix(l.Name, "ElasticMapReduce-") }},
	{types: []string{"aws_iam_saml_provider"},
		why:  "IAM Identity Center makes one in each account that it lets people into, and says not to touch it",
		owns: func(l drift.Listed, _ *world) bool { return identityCenter.MatchString(l.ImportID) }},
	{types: []string{"aws_cloudwatch_metric_alarm"},
		why:  "a target-tracking scaling policy makes and replaces its own alarms",
		owns: func(l drift.Listed, _ *world) bool { return strings.HasPrefix(l.ImportID, "TargetTracking-") }},
}

// batchCluster is how AWS Batch names its clusters, the older way and today's.
// https://docs.aws.amazon.com/batch/latest/userguide/compute_environments.html
var batchCluster = regexp.MustCompile(`(_Batch_|^AWSBatch-.+-)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// identityCenter is how IAM Identity Center names its SAML provider: AWSSSO_0123456789abcdef_DO_NOT_DELETE.
var identityCenter = regexp.MustCompile(`:saml-provider/AWSSSO_[0-9a-f]+_DO_NOT_DELETE$`)

func fact(name, value string) func(drift.Listed, *world) bool {
	return func(l drift.Listed, _ *world) bool { return l.Facts[name] == value }
}

func facts(all ...func(drift.Listed, *world) bool) func(drift.Listed, *world) bool {
	return func(l drift.Listed, w *world) bool {
		return !slices.ContainsFunc(all, func(holds func(drift.Listed, *world) bool) bool { return !holds(l, w) })
	}
}

func cloudOwns(l drift.Listed, w *world) bool {
	return slices.ContainsFunc(cloudRules, func(r cloudRule) bool {
		return (r.types[0] == "*" || slices.Contains(r.types, l.Type)) && r.owns(l, w)
	})
}

// owner is another tool that marks what it makes with a tag.
type owner struct {
	tag   string // pattern of the tag key
	value string // value that the tag must have; "" for any
	name  string // who it is; %s is the tag's value
	not   string // type that people make, and that the tool tags all the same
}

// owners in the order in which they are believed: CloudFormation also stands under the tools that use it.
var owners = []owner{
	{tag: "elasticbeanstalk:environment-name", name: "Elastic Beanstalk environment %s"},
	{tag: "alpha.eksctl.io/cluster-name", name: "eksctl cluster %s"},
	{tag: "aws:cloudformation:stack-name", name: "CloudFormation stack %s"},
	{tag: "aws:servicecatalog:provisionedProductArn", name: "Service Catalog product %s"},
	{tag: "aws:servicecatalog:*", name: "Service Catalog"},
	{tag: "karpenter.sh/nodepool", name: "Karpenter node pool %s"},
	{tag: "karpenter.sh/*", name: "Karpenter"},
	{tag: "eks:cluster-name", name: "EKS cluster %s"},
	{tag: "aws:eks:cluster-name", name: "EKS cluster %s"},
	{tag: "eks:eks-cluster-name", name: "EKS cluster %s"},
	{tag: "elbv2.k8s.aws/cluster", name: "the load balancer controller of Kubernetes cluster %s"},
	{tag: "ebs.csi.aws.com/cluster", name: "a Kubernetes cluster"},
	{tag: "efs.csi.aws.com/cluster", name: "a Kubernetes cluster"},
	{tag: "services.k8s.aws/controller-version", name: "AWS Controllers for Kubernetes"},
	{tag: "crossplane-name", name: "Crossplane object %s"},
	{tag: "kubernetes.io/cluster/*", value: "owned", name: "a Kubernetes cluster"},
	{tag: "aws:autoscaling:groupName", name: "Auto Scaling group %s"},
	{tag: "aws:backup:source-resource", name: "AWS Backup"},
	{tag: "aws:dlm:lifecycle-policy-id", name: "Data Lifecycle Manager policy %s"},
	{tag: "aws:ec2spot:fleet-request-id", name: "Spot Fleet %s"},
	{tag: "aws:ec2:fleet-id", name: "EC2 Fleet %s"},
	{tag: "GuardDutyManaged", value: "true", name: "Amazon GuardDuty"},
	{tag: "AmazonECSManaged", name: "Amazon ECS", not: "aws_autoscaling_group"}, // of a capacity provider
	{tag: "aws:elasticmapreduce:job-flow-id", name: "EMR cluster %s"},
}

// ownedBy names the tool that looks after a resource, "" when none does.
func ownedBy(l drift.Listed) string {
	tags := tagsOf(l)
	for _, o := range owners {
		for _, tag := range sortedKeys(tags) {
			matches, _ := path.Match(o.tag, tag)
			if !matches || (o.value != "" && tags[tag] != o.value) || o.not == l.Type {
				continue
			}
			if strings.Contains(o.name, "%s") {
				return fmt.Sprintf(o.name, tags[tag])
			}
			return o.name
		}
	}
	return ""
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
