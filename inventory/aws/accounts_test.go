package aws

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// TestAnAccountThatCannotBeEnteredIsNamed: by its number, so that nothing of it is taken for gone.
func TestAnAccountThatCannotBeEnteredIsNamed(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.Contains(r.FormValue("RoleArn"), "222222222222"):
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>")
		case r.FormValue("Action") == "AssumeRole":
			fmt.Fprint(w, "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>k</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"+
				"<SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>")
		default:
			fmt.Fprint(w, "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111111111111</Account></GetCallerIdentityResult></GetCallerIdentityResponse>")
		}
	}))
	defer server.Close()
	inventory := &Inventory{
		config: awssdk.Config{Region: "eu-west-1", BaseEndpoint: &server.URL, RetryMaxAttempts: 1, Credentials: credentials.NewStaticCredentialsProvider("k", "s", "")},
		options: Options{Regions: []string{"eu-west-1"}, CallTimeout: time.Minute, Roles: []Role{
			ParseRole("arn:aws:iam::111111111111:role/reader"), ParseRole("arn:aws:iam::222222222222:role/reader"),
		}},
	}
	if err := inventory.enter(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(inventory.accounts) != 1 || len(inventory.skipped) != 1 {
		t.Fatalf("entered %+v, skipped %+v", inventory.accounts, inventory.skipped)
	}
	if s := inventory.skipped[0]; s.Account != "222222222222" || s.Remedy == "" {
		t.Errorf("skipped %+v", s)
	}
}
