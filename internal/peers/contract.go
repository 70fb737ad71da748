package peers

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

// openAPI is GitHub's own description of its REST API, as npm has it.
const openAPI = "@octokit/openapi@23.0.2"

// Contract is what GitHub publishes about its REST API.
type Contract struct{ router routers.Router }

// GitHubContract reads the description, once for all tests of a package. DRIFTLINE_GITHUB_OPENAPI names a file of it.
func GitHubContract(t testing.TB) *Contract {
	t.Helper()
	file := os.Getenv("DRIFTLINE_GITHUB_OPENAPI")
	if file == "" {
		file = filepath.Join(NPM(t, openAPI), "@octokit", "openapi", "generated", "api.github.com.json")
	}
	contract.Do(func() { contract.read, contract.err = readContract(file) })
	Require(t, openAPI, contract.err)
	return contract.read
}

var contract struct { // 13 MB that take seconds to read
	sync.Once
	read *Contract
	err  error
}

func readContract(file string) (*Contract, error) {
	document, err := openapi3.NewLoader().LoadFromFile(file)
	if err != nil {
		return nil, err
	}
	document.Servers = openapi3.Servers{{URL: "http://contract"}}
	router, err := gorillamux.NewRouter(document)
	if err != nil {
		return nil, err
	}
	return &Contract{router}, nil
}

// refs are the paths that end in a ref, whose slashes no path of an OpenAPI description can hold.
var refs = regexp.MustCompile(`^(/repos/[^/]+/[^/]+/git/(?:ref|refs|matching-refs)/)(.+)$`)

// labels takes an array of names as well as an object, and the description says so in words only.
var labels = regexp.MustCompile(`^/repos/[^/]+/[^/]+/issues/[0-9]+/labels$`)

// Check says what of a request the description does not know: its path and method, a parameter, a field or a value.
func (c *Contract) Check(r *http.Request, body []byte) error {
	path := r.URL.Path
	if m := refs.FindStringSubmatch(path); m != nil {
		path = m[1] + strings.ReplaceAll(m[2], "/", "~")
	}
	if r.Method == http.MethodPost && labels.MatchString(path) && bytes.HasPrefix(bytes.TrimSpace(body), []byte("[")) {
		var names []string
		if err := json.Unmarshal(body, &names); err != nil {
			return fmt.Errorf("%s %s: %w", r.Method, path, err)
		}
		body, _ = json.Marshal(map[string]any{"labels": names})
	}
	request, err := http.NewRequest(r.Method, "http://contract"+path+"?"+r.URL.RawQuery, io.NopCloser(bytes.NewReader(body)))
	if err != nil {
		return err
	}
	if len(body) > 0 {
		request.Header.Set("Content-Type", r.Header.Get("Content-Type"))
	}
	route, parameters, err := c.router.FindRoute(request)
	if err != nil {
		return fmt.Errorf("%s %s: %w", r.Method, path, err)
	}
	err = openapi3filter.ValidateRequest(r.Context(), &openapi3filter.RequestValidationInput{
		Request: request, PathParams: parameters, Route: route,
		Options: &openapi3filter.Options{MultiError: true, AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
	})
	if err = errors.Join(err, unknownParameters(route, request), unknownFields(route.Operation, body)); err != nil {
		return fmt.Errorf("%s %s: %w", r.Method, path, err)
	}
	return nil
}

// unknownParameters are those that GitHub would pass over in silence.
func unknownParameters(route *routers.Route, r *http.Request) (wrong error) {
	known := slices.Concat(route.PathItem.Parameters, route.Operation.Parameters)
	for name := range r.URL.Query() {
		if !slices.ContainsFunc(known, func(p *openapi3.ParameterRef) bool { return p.Value.In == "query" && p.Value.Name == name }) {
			wrong = errors.Join(wrong, fmt.Errorf("no parameter is called %q", name))
		}
	}
	return wrong
}

// unknownFields are those of the body's object that GitHub would pass over in silence.
func unknownFields(operation *openapi3.Operation, body []byte) (wrong error) {
	if len(body) == 0 || operation.RequestBody == nil {
		return nil
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(body, &object); err != nil {
		return err // every body of ours is an object
	}
	known := map[string]bool{}
	if media := operation.RequestBody.Value.Content.Get("application/json"); media != nil {
		fields(media.Schema, known)
	}
	for name := range object {
		if !known[name] {
			wrong = errors.Join(wrong, fmt.Errorf("no field is called %q", name))
		}
	}
	return wrong
}

func fields(schema *openapi3.SchemaRef, known map[string]bool) {
	if schema == nil || schema.Value == nil {
		return
	}
	for name := range schema.Value.Properties {
		known[name] = true
	}
	for _, part := range slices.Concat(schema.Value.OneOf, schema.Value.AnyOf, schema.Value.AllOf) {
		fields(part, known)
	}
}
