// Package recorder is a proxy in front of a simulated AWS that remembers every call, says which of them change anything,
// and can make single ones fail. It knows nothing of Driftline and answers nothing by itself but the faults it is given.
package recorder

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// Call is one request, as far as it tells what it asks for.
type Call struct {
	Service  string // signing name: ec2, s3, monitoring
	Region   string // that it was signed for
	Action   string // DescribeVpcs; for REST services the method and path: GET /2015-03-31/functions
	URL      *url.URL
	Mutating bool
	Agent    string // User-Agent
}

func (c Call) String() string { return c.Service + " " + c.Action }

// Classify tells what a request asks for. The body is read and put back.
//
// A call mutates unless it is known to read: a verb that nobody has met yet is a finding, not a hole.
func Classify(r *http.Request) (Call, error) {
	call := Call{Agent: r.UserAgent(), URL: r.URL}
	call.Region, call.Service = scope(r)
	if action, err := action(r); err != nil || action != "" {
		call.Action = action
		call.Mutating = !readVerb.MatchString(action) && !reads[call.Service+" "+action]
		return call, err
	}
	call.Action = r.Method + " " + r.URL.Path
	call.Mutating = r.Method != http.MethodGet && r.Method != http.MethodHead && !readingPost(call)
	return call, nil
}

// scope is region and service of the credential that a request is signed with (Signature Version 4, in the header or in
// the query), "" for unsigned ones.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
func scope(r *http.Request) (region, service string) {
	credential := r.URL.Query().Get("X-Amz-Credential")
	if _, after, ok := strings.Cut(r.Header.Get("Authorization"), "Credential="); ok {
		credential, _, _ = strings.Cut(after, ",")
	}
	parts := strings.Split(credential, "/") // key/date/region/service/aws4_request
	if len(parts) != 5 {
		return "", ""
	}
	return parts[2], parts[3]
}

// rpc is the path of the Smithy RPC v2 CBOR protocol. https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
var rpc = regexp.MustCompile(`^/service/[^/]+/operation/([^/]+)$`)

// action is the name of the operation for the protocols that send one (JSON by header, query by form, RPC by path), ""
// for REST.
func action(r *http.Request) (string, error) {
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		return target[strings.LastIndex(target, ".")+1:], nil
	}
	if found := rpc.FindStringSubmatch(r.URL.Path); found != nil {
		return found[1], nil
	}
	if r.URL.Path == "/" && r.URL.Query().Get("Action") != "" {
		return r.URL.Query().Get("Action"), nil
	}
	if r.Method != http.MethodPost || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		return "", nil
	}
	body, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	form, err := url.ParseQuery(string(body))
	return form.Get("Action"), err
}

// readVerb begins the names of operations that read, in the services that name their operations.
var readVerb = regexp.MustCompile(`^(Describe|List|Get|Head|BatchGet|BatchDescribe|Query|Scan|Search|Lookup|Filter|Simulate|Validate|Preview|Estimate)([A-Z]|$)`)

// reads are operations that change nothing, though their verbs do not say so.
var reads = map[string]bool{
	"sts AssumeRole":                true, // gives keys out; nothing in the account changes
	"sts AssumeRoleWithWebIdentity": true, // likewise
	" AssumeRoleWithWebIdentity":    true, // the token is its only credential: it is not signed
}

// posts are the paths of REST services whose POST reads, since their filters do not fit into a query string.
var posts = []struct {
	service string
	path    *regexp.Regexp
}{
	// Batch describes and lists by POST. https://docs.aws.amazon.com/batch/latest/APIReference/API_DescribeJobQueues.html
	{"batch", regexp.MustCompile(`^/v1/(describe|list)[a-z]+$`)},
	// So do resource groups. https://docs.aws.amazon.com/ARG/latest/APIReference/API_ListGroups.html
	{"resource-groups", regexp.MustCompile(`^/(groups-list|get-group|get-group-query|get-group-configuration|list-group-resources|resources/search)$`)},
	// Route 53 takes a list of resources to tell the tags of. (ListTagsForResources; POST of one resource's path writes.)
	// https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListTagsForResources.html
	{"route53", regexp.MustCompile(`^/2013-04-01/tags/(hostedzone|healthcheck)$`)},
	// RAM's paths are its operations' names in small letters.
	// https://docs.aws.amazon.com/ram/latest/APIReference/API_GetResourceShares.html
	{"ram", regexp.MustCompile(`^/(get|list)[a-z]+$`)},
	// Lake Formation names its operations in the path.
	// https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_ListLFTags.html, API_GetLFTag.html
	{"lakeformation", regexp.MustCompile(`^/(Get|List|Describe|Search)[A-Z][A-Za-z]+$`)},
	// DescribeDomains takes a list of names. https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DescribeDomains.html
	{"es", regexp.MustCompile(`^/2021-01-01/opensearch/domain-info$`)},
	// https://docs.aws.amazon.com/inspector/v2/APIReference/API_ListFilters.html, API_BatchGetAccountStatus.html
	{"inspector2", regexp.MustCompile(`^/([a-z-]+/(list|get|batchget)|[a-z]+/describe|status/batch/get)$`)},
	// Enabled regions of the account. https://docs.aws.amazon.com/accounts/latest/reference/API_ListRegions.html
	{"account", regexp.MustCompile(`^/(list|get)[A-Z][A-Za-z]+$`)},
}

func readingPost(c Call) bool {
	path, ok := strings.CutPrefix(c.Action, http.MethodPost+" ")
	if !ok {
		return false
	}
	for _, p := range posts {
		if p.service == c.Service && p.path.MatchString(path) {
			return true
		}
	}
	return false
}
