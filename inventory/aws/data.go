package aws

import "slices"

// dataRows are the services that keep data, and those that move and compute it.
var dataRows = slices.Concat(
	elasticacheRows, memorydbRows, daxRows, redshiftRows, opensearchRows, kafkaRows, mqRows, firehoseRows,
	glueRows, athenaRows, lakeformationRows, emrRows, batchRows, sagemakerRows, eksRows, appautoscalingRows,
	backupRows, fsxRows, datasyncRows, transferRows, dmsRows,
)
