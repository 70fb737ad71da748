package aws

import "slices"

// platformRows are the services around an estate: what delivers, watches, organizes and pays for it.
var platformRows = slices.Concat(
	budgetsRows, cloudfrontRows, cloudtrailRows, codeRows, configserviceRows, identityRows, organizationsRows, ramRows, resolverRows,
	schedulerRows, securityRows, servicediscoveryRows, sesRows,
)
