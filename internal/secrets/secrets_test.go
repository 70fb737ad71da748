package secrets

import (
	"encoding/base64"
	"strings"
	"testing"
)

// Credentials are put together here, so that no scanner of this repository takes them for real ones.
var (
	accessKey = "AKIA" + "QYLPMN5HHHFPZAM2"
	github    = "ghp_" + "x7Tq2LmN9vRb4KdW8sYc1HfJ6gPz3EaU5oXi"
	password  = "hunter2" + "-correct"
)

func TestSecret(t *testing.T) {
	t.Parallel()
	d := New()
	for name, tc := range map[string]struct {
		path, value string
		want        bool
	}{
		"access key in a description":       {"description", "uses " + accessKey, true},
		"access key in a tag":               {`tags["Note"]`, accessKey, true},
		"GitHub token in a script":          {"user_data", "#!/bin/sh\ngit clone https://" + github + "@github.com/a/b\n", true},
		"private key":                       {"body", "-----BEGIN RSA PRIVATE KEY-----\n" + strings.Repeat("MIIEpAIBAAKCAQEA7yX9\n", 6) + "-----END RSA PRIVATE KEY-----\n", true},
		"environment variable":              {`environment[0].variables["DB_PASSWORD"]`, password, true},
		"camel case":                        {`environment[0].variables["dbPassword"]`, password, true},
		"with a dash":                       {`variables["api-key"]`, password, true},
		"connection string":                 {`variables["DATABASE_URL"]`, "postgres://app:" + password + "@db.example.com:5432/app", true},
		"presigned for S3":                  {"description", "https://b.s3.amazonaws.com/k?X-Amz-Date=1&X-Amz-Signature=6f1c0ffee6f1c0ffee6f1c0ffee6f1c0", true},
		"SAS":                               {"description", "https://a.blob.core.windows.net/c/k?sv=2024&sig=Zm9vYmFyYmF6cXV4Zm9v%3D", true},
		"token for git":                     {"description", "git::https://0123456789abcdef0123@git.example.com/m.git", true},
		"user for git":                      {"description", "git::ssh://git@github.com/a/m.git?ref=v1", false},
		"ADO.NET":                           {"value", "Server=db;User Id=app;Password=" + password + ";", true},
		"storage account":                   {"value", "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=" + password, true},
		"export in a script":                {"user_data", "#!/bin/sh\nexport DB_PASSWORD='" + password + "'\n", true},
		"option of a command":               {"user_data", "mysqladmin --password " + password + " status", true},
		"YAML":                              {"value", "db:\n  user: app\n  password: " + password + "\n", true},
		"container definitions":             {"container_definitions", `[{"name":"a","environment":[{"name":"TOKEN","value":"` + password + `"}]}]`, true},
		"document by its keys":              {"definition", `{"a":{"clientSecret":"` + password + `"}}`, true},
		"document in a document":            {"definition", `{"a":"{\"password\":\"` + password + `\"}"}`, true},
		"Base64 of a script":                {"user_data", base64.StdEncoding.EncodeToString([]byte("#!/bin/sh\nexport API_TOKEN=" + password + "\n")), true},
		"too long to look at":               {"body", strings.Repeat("a", maxSize+1), true},
		"a comment does not help":           {"user_data", accessKey + " # gitleaks:" + "allow", true},
		"reference to a secret":             {`variables["DB_PASSWORD"]`, "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf", false},
		"name of a parameter":               {`variables["DB_PASSWORD"]`, "/prod/db/password", false},
		"filled in by the shell":            {"user_data", "export DB_PASSWORD=$(aws ssm get-parameter --name x)\nexport TOKEN=\"$1\"\n", false},
		"URL that is filled in":             {`variables["URL"]`, "postgres://app:${PASSWORD}@db/app", false},
		"where tokens are had":              {`variables["TOKEN_URL"]`, "https://login.example.com/oauth/token", false},
		"a switch":                          {`variables["PASSWORD"]`, "true", false},
		"a length":                          {`variables["TOKEN_TTL"]`, "3600", false},
		"a PIN":                             {`variables["ADMIN_PASSWORD"]`, "839201", true},
		"secret from elsewhere":             {"container_definitions", `[{"name":"a","secrets":[{"name":"TOKEN","valueFrom":"arn:aws:ssm:us-east-1:123456789012:parameter/t"}]}]`, false},
		"schema's own name":                 {"kms_key_id", "1234abcd-12ab-34cd-56ef-1234567890ab", false},
		"ARN":                               {"policy_arn", "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", false},
		"policy":                            {"policy", `{"Statement":[{"Action":["secretsmanager:GetSecretValue","sts:GetSessionToken"],"Effect":"Allow","Resource":"*"}],"Version":"2012-10-17"}`, false},
		"password policy":                   {`variables["PASSWORD_POLICY"]`, "strict", false},
		"compass":                           {`variables["COMPASS"]`, "north-east", false},
		"sentence":                          {"description", "Rotates the password of the database", false},
		"id":                                {"vpc_id", "vpc-0a1b2c3d4e5f60718", false},
		"queue":                             {"name", "orders-access-token-refresh-queue", false},
		"container image":                   {"image", "123456789012.dkr.ecr.us-east-1.amazonaws.com/auth-token-service:1.2.3", false},
		"scrubbed in a recording":           {"description", "(sensitive 0123abcd)", true},
		"what has been withheld is no more": {`variables["DB_PASSWORD"]`, Withheld, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for range 2 { // the second answer is remembered
				if got := d.Secret(tc.path, tc.value); got != tc.want {
					t.Errorf("Secret(%q, %q) = %v", tc.path, tc.value, got)
				}
			}
		})
	}
}

func TestURLs(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`Get "https://b.s3.amazonaws.com/k?X-Amz-Signature=6f1c0ffee6f1c0ffee6f1c0f&x=1": EOF`: `Get "https://b.s3.amazonaws.com/k?X-Amz-Signature=(sensitive)&x=1": EOF`,
		"https://me:" + password + "@git.example.com/m: not found; give GITHUB_TOKEN=token":    "https://me:(sensitive)@git.example.com/m: not found; give GITHUB_TOKEN=token",
		"https://me:(sensitive)@git.example.com/":                                              "https://me:(sensitive)@git.example.com/",
	} {
		if got := URLs(text); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestStrip(t *testing.T) {
	t.Parallel()
	d := New()
	for text, want := range map[string]string{
		`expected x to be one of [a b], got "` + accessKey + `"`: `expected x to be one of [a b], got (sensitive)`,
		"no such host": "no such host",
		"bad line: export DB_PASSWORD=" + password: "bad line: export (sensitive)",
	} {
		if got := d.Strip(text); got != want {
			t.Errorf("Strip(%q) = %q, want %q", text, got, want)
		}
	}
}

// BenchmarkSecret is the cost of one value that is no credential.
func BenchmarkSecret(b *testing.B) {
	d := New()
	d.Secret("", "warm-up-of-the-rules")
	for b.Loop() {
		d.looksLike("", "arn-like:text that no rule of the table knows, of an ordinary length")
	}
}
