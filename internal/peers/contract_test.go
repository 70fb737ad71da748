package peers_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/seed-e90528ae/driftline/internal/peers"
)

// TestContract makes sure that the check passes what GitHub documents, and notices what it does not.
func TestContract(t *testing.T) {
	peers.E2E(t)
	t.Parallel()
	contract := peers.GitHubContract(t)
	for request, want := range map[string]string{
		`GET /repos/o/r/pulls?state=all&per_page=100`:                                                       "",
		`GET /repos/o/r/git/ref/heads/driftline/main`:                                                       "",
		`PATCH /repos/o/r/git/refs/heads/a/b {"sha":"x","force":false}`:                                     "",
		`POST /repos/o/r/pulls {"title":"t","head":"h","base":"b"}`:                                         "",
		`POST /repos/o/r/issues/1/labels ["a"]`:                                                             "",
		`POST /repos/o/r/issues/1/labels [1]`:                                                               "cannot unmarshal",
		`GET /repos/o/r/pulls?state=everything`:                                                             "not one of the allowed values",
		`GET /repos/o/r/pulls?stat=all`:                                                                     `no parameter is called "stat"`,
		`GET /repos/o/r/nonsense`:                                                                           "no matching operation",
		`DELETE /repos/o/r/pulls`:                                                                           "method not allowed",
		`POST /repos/o/r/pulls {"title":"t","head":"h"}`:                                                    `property "base" is missing`,
		`POST /repos/o/r/pulls {"title":"t","head":"h","base":"b","draft":"no"}`:                            "must be a boolean",
		`POST /repos/o/r/pulls {"title":"t","head":"h","base":"b","labels":[]}`:                             `no field is called "labels"`,
		`POST /repos/o/r/code-scanning/sarifs {"commit_sha":"x","ref":"refs/heads/main","sarif":"eJw="}`:    "minimum string length is 40",
		`POST /repos/o/r/issues/1/labels {"labels":["a"],"more":1}`:                                         `no field is called "more"`,
		`PATCH /repos/o/r/issues/7 {"body":"b","state":"closed","state_reason":"completed","assignees":[]}`: "",
	} {
		parts := strings.SplitN(request, " ", 3)
		body := strings.Join(parts[2:], "")
		r, err := http.NewRequest(parts[0], "https://api.github.com"+parts[1], nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		err = contract.Check(r, []byte(body))
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", request, err, want)
		}
	}
}
