package recorder

import (
	"fmt"
	"net/http"
	"strings"
)

// Denied answers as IAM does when an action is not allowed.
func Denied(c Call) http.Handler {
	code := "AccessDeniedException"
	switch {
	case c.Service == "ec2":
		code = "UnauthorizedOperation"
	case speaksXML(c):
		code = "AccessDenied"
	}
	return Refusal(c, http.StatusForbidden, code)
}

// Throttled answers as a service does that is asked too often. EC2 and S3 have codes of their own.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
func Throttled(c Call) http.Handler {
	switch {
	case c.Service == "ec2":
		return Refusal(c, http.StatusServiceUnavailable, "RequestLimitExceeded")
	case c.Service == "s3":
		return Refusal(c, http.StatusServiceUnavailable, "SlowDown")
	case speaksXML(c):
		return Refusal(c, http.StatusBadRequest, "Throttling")
	}
	return Refusal(c, http.StatusBadRequest, "ThrottlingException")
}

// Refusal answers with an error in the words of the call's protocol: EC2's and the query protocol's XML, S3's XML, JSON,
// or CBOR.
func Refusal(c Call, status int, code string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		header := w.Header()
		header.Set("X-Amzn-Requestid", "00000000-0000-0000-0000-000000000000")
		var body string
		switch {
		case request.Header.Get("Smithy-Protocol") == "rpc-v2-cbor":
			header.Set("Content-Type", "application/cbor")
			header.Set("Smithy-Protocol", "rpc-v2-cbor")
			body = "\xa2" + cborText("__type") + cborText("com.amazonaws#"+code) + cborText("message") + cborText("refused")
		case speaksXML(c) && request.Header.Get("X-Amz-Target") == "":
			header.Set("Content-Type", "text/xml")
			inner := "<Code>" + code + "</Code><Message>refused</Message>"
			switch c.Service {
			case "ec2":
				body = "<Response><Errors><Error>" + inner + "</Error></Errors><RequestID>1</RequestID></Response>"
			case "s3":
				body = "<Error>" + inner + "</Error>"
			default:
				body = "<ErrorResponse><Error><Type>Sender</Type>" + inner + "</Error><RequestId>1</RequestId></ErrorResponse>"
			}
		default:
			header.Set("Content-Type", "application/x-amz-json-1.1")
			header.Set("X-Amzn-Errortype", code)
			body = fmt.Sprintf(`{"__type":%q,"message":"refused"}`, code)
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	})
}

// xmlServices answer in XML, all others in JSON; some of them in JSON or CBOR too, to requests that say so.
const xmlServices = " ec2 autoscaling iam sts s3 sns rds route53 elasticloadbalancing cloudformation cloudfront elasticache redshift ses monitoring "

func speaksXML(c Call) bool {
	second := c.Service == "ses" && strings.Contains(c.Action, " /v2/") // version of SES's API, signed for the same name
	return strings.Contains(xmlServices, " "+c.Service+" ") && !second
}

// cborText is a text of fewer than 256 bytes. (RFC 8949, section 3.1: major type 3.)
func cborText(s string) string {
	if len(s) < 24 {
		return string([]byte{0x60 + byte(len(s))}) + s
	}
	return string([]byte{0x78, byte(len(s))}) + s
}
