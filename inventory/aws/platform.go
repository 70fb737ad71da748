package aws

import (
	"slices"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
)

// platformRows are the services around an estate: what delivers, watches, organizes and pays for it.
var platformRows = slices.Concat(
	accessanalyzerRows, appsyncRows, beanstalkRows, budgetsRows, cloudfrontRows, cloudtrailRows, codeRows, codecommitRows, configserviceRows, dlmRows,
	identityRows, latticeRows,
	organizationsRows, ramRows, resolverRows, resourcegroupsRows, schedulerRows, securityRows, servicediscoveryRows, sesRows,
)

// accountOf is the account that an ARN names, "" when it names none.
func accountOf(name *string) string {
	parsed, err := arn.Parse(awssdk.ToString(name))
	if err != nil {
		return ""
	}
	return parsed.AccountID
}
