package aws

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/seed-e90528ae/driftline/inventory/inventorytest"
)

// TestExamined passes the examination of all inventories, over a cloud of 30 queues on 3 pages and two functions.
func TestExamined(t *testing.T) {
	calm := func(c apiCall, r *http.Request) (*http.Response, error) {
		switch c.operation {
		case "ListQueues":
			return reply(r, http.StatusOK, pageOfQueues(c.body)), nil
		case "GET /2015-03-31/functions":
			return reply(r, http.StatusOK, `{"Functions":[{"FunctionName":"a","FunctionArn":"arn:a"},{"FunctionName":"b","FunctionArn":"arn:b"}]}`), nil
		case "GET /2017-03-31/tags/arn:a", "GET /2017-03-31/tags/arn:b":
			return reply(r, http.StatusOK, `{"Tags":{"team":"x"}}`), nil
		case "GET /2015-03-31/functions/a/policy", "GET /2015-03-31/functions/b/policy":
			return reply(r, http.StatusBadRequest, refusal(c.service, "ResourceNotFoundException")), nil
		default: // queues' tags, functions' aliases: none
			return reply(r, http.StatusOK, `{}`), nil
		}
	}
	conditions := map[string]wire{
		"calm": calm,
		"partial": func(c apiCall, r *http.Request) (*http.Response, error) {
			if c.service == "lambda" {
				return reply(r, http.StatusForbidden, refusal(c.service, "AccessDeniedException")), nil
			}
			return calm(c, r)
		},
		"hanging": func(_ apiCall, r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		},
	}
	open := func(condition string) func() inventorytest.Inventory {
		return func() inventorytest.Inventory {
			return conditions[condition].inventory("eu-west-1", "aws_sqs_queue", "aws_lambda_function", "aws_lambda_permission")
		}
	}
	inventorytest.Run(t, inventorytest.Conditions{Calm: open("calm"), Partial: open("partial"), Hanging: open("hanging")})
}

// pageOfQueues is 10 queues and a token for the next ones, until there are 30.
func pageOfQueues(body string) string {
	var request struct {
		NextToken int `json:",string"`
	}
	if err := json.Unmarshal([]byte(body), &request); err != nil {
		return err.Error()
	}
	page, urls := request.NextToken, ""
	token := fmt.Sprintf(`,"NextToken":"%d"`, page+1)
	for n := range 10 {
		urls += fmt.Sprintf(`,"https://sqs/1/q%d"`, page*10+n)
	}
	if page == 2 {
		token = ""
	}
	return `{"QueueUrls":[` + urls[1:] + `]` + token + `}`
}
