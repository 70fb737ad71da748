package recorder

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestClassify(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		method, path, service, target, form string
		want                                string
		mutating                            bool
	}{
		"query, read":           {"POST", "/", "ec2", "", "Action=DescribeVpcs&Version=2016-11-15", "ec2 DescribeVpcs", false},
		"query, write":          {"POST", "/", "ec2", "", "Version=2016-11-15&Action=CreateVpc", "ec2 CreateVpc", true},
		"query, by GET":         {"GET", "/?Action=ListUsers", "iam", "", "", "iam ListUsers", false},
		"query, write by GET":   {"GET", "/?Action=DeleteUser", "iam", "", "", "iam DeleteUser", true},
		"query, to a queue":     {"POST", "/123456789012/orders", "sqs", "", "Action=PurgeQueue", "sqs PurgeQueue", true},
		"JSON, read":            {"POST", "/", "dynamodb", "DynamoDB_20120810.ListTables", "", "dynamodb ListTables", false},
		"JSON, write":           {"POST", "/", "logs", "Logs_20140328.PutRetentionPolicy", "", "logs PutRetentionPolicy", true},
		"JSON, unknown verb":    {"POST", "/", "kms", "TrentService.Frobnicate", "", "kms Frobnicate", true},
		"a verb by its letters": {"POST", "/", "x", "X.Listen", "", "x Listen", true},
		"an exception":          {"POST", "/", "sts", "", "Action=AssumeRole", "sts AssumeRole", false},
		"CBOR, read": {"POST", "/service/GraniteServiceVersion20100801/operation/DescribeAlarms", "monitoring", "", "",
			"monitoring DescribeAlarms", false},
		"CBOR, write": {"POST", "/service/GraniteServiceVersion20100801/operation/DeleteAlarms", "monitoring", "", "",
			"monitoring DeleteAlarms", true},
		"REST, read":        {"GET", "/2015-03-31/functions", "lambda", "", "", "lambda GET /2015-03-31/functions", false},
		"REST, head":        {"HEAD", "/bucket", "s3", "", "", "s3 HEAD /bucket", false},
		"REST, write":       {"PUT", "/bucket", "s3", "", "", "s3 PUT /bucket", true},
		"REST, delete":      {"DELETE", "/bucket", "s3", "", "", "s3 DELETE /bucket", true},
		"REST, patch":       {"PATCH", "/restapis/a", "apigateway", "", "", "apigateway PATCH /restapis/a", true},
		"REST, post":        {"POST", "/2015-03-31/functions", "lambda", "", "", "lambda POST /2015-03-31/functions", true},
		"a POST that reads": {"POST", "/v1/describejobqueues", "batch", "", "", "batch POST /v1/describejobqueues", false},
		"of that service":   {"POST", "/v1/describejobqueues", "eks", "", "", "eks POST /v1/describejobqueues", true},
		"tags of several":   {"POST", "/2013-04-01/tags/hostedzone", "route53", "", "", "route53 POST /2013-04-01/tags/hostedzone", false},
		"tags of one":       {"POST", "/2013-04-01/tags/hostedzone/Z1", "route53", "", "", "route53 POST /2013-04-01/tags/hostedzone/Z1", true},
		"names in the path": {"POST", "/ListLFTags", "lakeformation", "", "", "lakeformation POST /ListLFTags", false},
		"and writes there":  {"POST", "/CreateLFTag", "lakeformation", "", "", "lakeformation POST /CreateLFTag", true},
		"shares":            {"POST", "/getresourceshares", "ram", "", "", "ram POST /getresourceshares", false},
		"a share made":      {"POST", "/createresourceshare", "ram", "", "", "ram POST /createresourceshare", true},
		"filters":           {"POST", "/filters/list", "inspector2", "", "", "inspector2 POST /filters/list", false},
		"a filter made":     {"POST", "/filters/create", "inspector2", "", "", "inspector2 POST /filters/create", true},
		"a domain":          {"POST", "/2021-01-01/opensearch/domain", "es", "", "", "es POST /2021-01-01/opensearch/domain", true},
		"and no other path": {"POST", "/v1/deletejobqueue", "batch", "", "", "batch POST /v1/deletejobqueue", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(tc.method, tc.path, strings.NewReader(tc.form))
			r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=k/20300101/eu-west-1/"+tc.service+"/aws4_request, SignedHeaders=host")
			if tc.target != "" {
				r.Header.Set("X-Amz-Target", tc.target)
			}
			if tc.form != "" {
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
			}
			got, err := Classify(r)
			if err != nil {
				t.Fatal(err)
			}
			if got.String() != tc.want || got.Mutating != tc.mutating || got.Region != "eu-west-1" {
				t.Errorf("got %+v, want %s, mutating %v", got, tc.want, tc.mutating)
			}
			if left, err := io.ReadAll(r.Body); err != nil || string(left) != tc.form {
				t.Errorf("the body is %q afterwards (%v)", left, err)
			}
		})
	}
}

func TestScopeOfPresignedAndUnsigned(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest("GET", "/b/k?X-Amz-Credential=k%2F20300101%2Fus-west-2%2Fs3%2Faws4_request", nil)
	if region, service := scope(r); region != "us-west-2" || service != "s3" {
		t.Errorf("presigned: %s, %s", region, service)
	}
	if region, service := scope(httptest.NewRequest("GET", "/", nil)); region+service != "" {
		t.Errorf("unsigned: %s, %s", region, service)
	}
}

func TestRecorder(t *testing.T) {
	t.Parallel()
	var host string
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host = r.Host
		body, _ := io.ReadAll(r.Body)
		_, _ = w.Write(append([]byte("echo "), body...))
	}))
	defer target.Close()
	recorder := Start(t, target.URL)
	ask := func() (int, string) {
		t.Helper()
		response, err := http.Post(recorder.URL, "application/x-www-form-urlencoded", strings.NewReader("Action=CreateVpc"))
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return response.StatusCode, string(body)
	}

	if status, body := ask(); status != 200 || body != "echo Action=CreateVpc" {
		t.Errorf("passed on: %d %q", status, body)
	}
	if host != strings.TrimPrefix(target.URL, "http://") {
		t.Errorf("the target was called %s", host)
	}
	recorder.Fault(func(c Call) http.Handler {
		if c.Action == "CreateVpc" {
			return Status(http.StatusInternalServerError)
		}
		return nil
	})
	if status, _ := ask(); status != http.StatusInternalServerError {
		t.Errorf("faulty: %d", status)
	}
	recorder.Fault(nil)
	if status, _ := ask(); status != http.StatusOK {
		t.Errorf("healed: %d", status)
	}
	if calls := recorder.Take(); len(calls) != 3 || !calls[1].Mutating || calls[1].Action != "CreateVpc" {
		t.Errorf("recorded %+v", calls)
	}
	if calls := recorder.Take(); len(calls) != 0 {
		t.Errorf("recorded twice: %+v", calls)
	}
}
