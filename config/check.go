package config

import (
	"fmt"
	"net"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/hashicorp/go-version"
)

// verdict is what a check says of a word. The zero value, fine, has nothing against it.
type verdict struct {
	problem string // follows the word: `is no AWS region`
	remedy  string
	warning bool
	hide    bool // the word must not be repeated: it holds, or may hold, a credential
}

var fine verdict

func refuse(problem, remedy string) verdict { return verdict{problem: problem, remedy: remedy} }

func warn(sentence string) verdict { return verdict{problem: sentence, warning: true} }

// stateSchemes are the kinds of store that states are read from.
var stateSchemes = []string{"s3", "gs", "azblob", "file", "mem"}

const stateExample = "write it as in s3://bucket/path/terraform.tfstate?region=eu-west-1"

// checkState looks at a URL's shape: what stands in it is for the room that reads states to judge.
func checkState(word string) verdict {
	scheme, rest, ok := strings.Cut(word, "://")
	if !ok && strings.HasPrefix(word, "file:") {
		scheme, rest, ok = "file", strings.TrimPrefix(word, "file:"), true
	}
	if !ok {
		return refuse("is not a URL", "write "+fileURL(word)+", or "+strings.TrimPrefix(stateExample, "write it "))
	}
	if v := checkScheme(scheme); v != fine {
		return v
	}
	if strings.Contains(authority(rest), "@") {
		return verdict{
			problem: "holds credentials",
			remedy:  "leave them out of the URL and give them in the environment, as for Terraform",
			hide:    true,
		}
	}
	u, err := url.Parse(word)
	if err != nil {
		return refuse("is not a URL that can be read", stateExample+", with % as %25")
	}
	if strings.Contains(word, "#") {
		return refuse("holds a #, which ends a URL's path", "write %23 for it")
	}
	if _, err := url.ParseQuery(u.RawQuery); err != nil {
		return refuse("has parameters that cannot be read", stateExample+"&endpoint=https://…")
	}
	if u.Scheme != "mem" && (rest == "" || u.Scheme != "file" && u.Host == "") {
		return refuse("names no "+storeWord(u.Scheme), "write it as in "+storeExample(u.Scheme))
	}
	if !doublestar.ValidatePattern(u.Path) {
		return refuse("holds a broken glob", "close every [ and {, as in s3://bucket/{live,stage}/**/terraform.tfstate")
	}
	return fine
}

// checkScheme refuses unknown schemes; Terraform's own words for the same stores get an answer of their own.
func checkScheme(scheme string) verdict {
	scheme = strings.ToLower(scheme)
	known := map[string]string{
		"gcs": "gs", "azurerm": "azblob", "azure": "azblob", "az": "azblob", "local": "file", "memory": "mem",
	}
	for _, s := range stateSchemes {
		if scheme == s {
			return fine
		}
		// driftctl writes tfstate+s3://.
		if scheme == "tfstate+"+s {
			known[scheme] = s
		}
	}
	problem := fmt.Sprintf("has an unknown scheme %s://", scheme)
	if meant := known[scheme]; meant != "" {
		return refuse(problem, "did you mean "+meant+"://?")
	}
	if near := closest(scheme, stateSchemes); near != "" {
		return refuse(problem, "did you mean "+near+"://?")
	}
	return refuse(problem, "use "+oneOf([]string{"s3://", "gs://", "azblob://", "file://", "mem://"}))
}

func fileURL(name string) string {
	if path.IsAbs(name) {
		return "file://" + path.Clean(name)
	}
	return "file://./" + path.Clean(name)
}

func storeWord(scheme string) string {
	switch scheme {
	case "file":
		return "file"
	case "azblob":
		return "container"
	}
	return "bucket"
}

func storeExample(scheme string) string {
	if scheme == "file" {
		return "file://./terraform.tfstate or file:///absolute/path/terraform.tfstate"
	}
	return scheme + "://" + storeWord(scheme) + "/key"
}

// authority is what stands between a URL's :// and its path.
func authority(rest string) string {
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		return rest[:end]
	}
	return rest
}

// insecureEndpoint returns the endpoint of a state URL that would carry credentials unencrypted beyond this machine,
// or "". The parameters are those of gocloud.dev's s3blob and azureblob.
func insecureEndpoint(state string) string {
	u, err := url.Parse(state)
	if err != nil {
		return ""
	}
	q := u.Query()
	if e := q.Get("endpoint"); insecureURL(e) {
		return e
	}
	if q.Get("disable_https") == "true" && q.Get("endpoint") == "" {
		return "disable_https=true"
	}
	if domain := q.Get("domain"); q.Get("protocol") == "http" && insecureURL("http://"+domain) {
		return "http://" + domain
	}
	return ""
}

// insecureURL says that a URL is plain http to another machine.
func insecureURL(raw string) bool {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "http" {
		return false
	}
	host := u.Hostname()
	return host != "localhost" && !net.ParseIP(host).IsLoopback()
}

func checkAPIURL(word string) verdict {
	u, err := url.Parse(word)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return refuse("is not the URL of an API", "write it as in https://github.example.com/api/v3")
	}
	if u.User != nil {
		return verdict{problem: "holds credentials", remedy: "give the token as github_token or GITHUB_TOKEN", hide: true}
	}
	return fine
}

var backendKey = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*$`)

func checkBackendConfig(word string) verdict {
	key, _, isPair := strings.Cut(word, "=")
	if isPair && !backendKey.MatchString(strings.TrimSpace(key)) {
		return refuse("is neither key=value nor a file", "write it as in bucket=my-states, or name a file such as prod.s3.tfbackend")
	}
	return fine
}

var (
	typeGlob    = regexp.MustCompile(`^[a-z0-9_*?\[\]{},^!-]+$`)
	typeDotID   = regexp.MustCompile(`^[a-z0-9_*?]+\.`)
	cloudAPI    = regexp.MustCompile(`^[A-Za-z]+(::|\.)[A-Za-z]+`)
	globExample = "write a Terraform type, as in aws_iam_*"
)

func checkTypeGlob(word string) verdict {
	switch {
	case typeGlob.MatchString(word) && doublestar.ValidatePattern(word):
		return fine
	case typeGlob.MatchString(word):
		return refuse("is a broken glob", "close every [ and {, as in aws_{iam,kms}_*")
	case typeDotID.MatchString(word):
		return refuse("names single resources", "here only types count; single resources go into .driftignore")
	case cloudAPI.MatchString(word):
		return refuse("is not a Terraform type", "write aws_vpc rather than AWS::EC2::VPC")
	}
	return refuse("is not a glob of resource types", globExample)
}

var (
	roleARN  = regexp.MustCompile(`^arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+$`)
	roleName = regexp.MustCompile(`^organization:[\w+=,.@-]{1,64}$`)
)

func checkAccount(word string) verdict {
	const example = "write arn:aws:iam::123456789012:role/driftline, or organization:driftline"
	fields := strings.Fields(word)
	if len(fields) == 0 || (!roleARN.MatchString(fields[0]) && !roleName.MatchString(fields[0])) {
		return refuse("is neither the ARN of a role nor organization:ROLE", example)
	}
	for _, option := range fields[1:] {
		if name, value, _ := strings.Cut(option, "="); (name != "external_id" && name != "session_name") || value == "" {
			return refuse("has an option that is unknown or empty", "after the role, only external_id=… and session_name=… may stand")
		}
	}
	return fine
}

func checkWebIdentityRole(word string) verdict {
	fields := strings.Fields(word)
	if len(fields) == 0 || !roleARN.MatchString(fields[0]) {
		return refuse("is not the ARN of a role", "write arn:aws:iam::123456789012:role/driftline")
	}
	for _, option := range fields[1:] {
		if name, value, _ := strings.Cut(option, "="); name != "session_name" || value == "" {
			return refuse("has an option that is unknown or empty", "after the role, only session_name=… may stand")
		}
	}
	return fine
}

func checkVaultAddr(word string) verdict {
	u, err := url.Parse(word)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return refuse("is not the address of a Vault", "write it as in https://vault.example.com:8200")
	}
	if u.User != nil {
		return verdict{problem: "holds credentials", remedy: "log in by vault_role, or set VAULT_TOKEN", hide: true}
	}
	return fine
}

func checkTag(word string) verdict {
	if key, _, _ := strings.Cut(strings.TrimPrefix(word, "!"), "="); key == "" {
		return refuse("names no tag", "write key=value, key, or !key=value")
	}
	return fine
}

func checkConstraint(word string) verdict {
	if _, err := version.NewConstraint(word); err != nil {
		return refuse("is not a version constraint", `write it as Terraform does, as in "~> 5.90" or "5.100.0"`)
	}
	return fine
}

func checkCount(low, high int) func(string) verdict {
	return func(word string) verdict {
		n, err := strconv.Atoi(word)
		if err != nil || n < low || n > high {
			return refuse("is not a fitting number", fmt.Sprintf("give one from %d to %d", low, high))
		}
		return fine
	}
}

func checkDuration(low, high time.Duration) func(string) verdict {
	return func(word string) verdict {
		d, err := time.ParseDuration(word)
		if err != nil {
			return refuse("is not a duration", "write a number and its unit, as in 90s or 2m")
		}
		if d < low || d > high {
			return refuse("is out of range", fmt.Sprintf("give one from %s to %s", low, high))
		}
		return fine
	}
}

func checkOneOf(words ...string) func(string) verdict {
	return func(word string) verdict {
		for _, w := range words {
			if w == word {
				return fine
			}
		}
		return refuse("is not known", didYouMean(word, words)+allowed(word, words))
	}
}

// allowed lists the choice behind a suggestion; without a suggestion it is listed already.
func allowed(word string, words []string) string {
	if closest(word, words) == "" {
		return ""
	}
	return " (allowed: " + oneOf(words) + ")"
}

func checkSwitch(word string) verdict {
	if _, ok := switchValue(word); ok {
		return fine
	}
	return refuse("is neither on nor off", "use true or false")
}

// switchValue reads what GitHub's own toolkit takes for a boolean input: true, True, TRUE and their opposites.
func switchValue(word string) (on, ok bool) {
	switch word {
	case "true", "True", "TRUE":
		return true, true
	case "false", "False", "FALSE":
		return false, true
	}
	return false, false
}

func checkLength(limit int, whose string) func(string) verdict {
	return func(word string) verdict {
		if n := len([]rune(word)); n > limit {
			return refuse(fmt.Sprintf("has %d characters", n), fmt.Sprintf("shorten it to %d (%s)", limit, whose))
		}
		return fine
	}
}

var repositoryName = regexp.MustCompile(`^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$`)

func checkRepository(word string) verdict {
	if !repositoryName.MatchString(word) {
		return refuse("is not a repository", "write owner/name")
	}
	return fine
}

// checkInside refuses directories outside of the checkout: nothing is ever written there.
func checkInside(word string) verdict {
	clean := path.Clean(strings.ReplaceAll(word, `\`, "/"))
	if path.IsAbs(clean) || clean == ".." || strings.HasPrefix(clean, "../") {
		return refuse("is outside of the checkout", "give a directory relative to root, as in live/imports")
	}
	return fine
}

// unfitForBranch is what git-check-ref-format refuses anywhere in a name.
var unfitForBranch = regexp.MustCompile(`[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|(^|/)\.|\.lock(/|$)|^-|^/|/$|\.$|^@$`)

func checkBranch(word string) verdict {
	if strings.HasPrefix(word, "refs/heads/") {
		return refuse("is a ref", "write "+strings.TrimPrefix(word, "refs/heads/"))
	}
	if unfitForBranch.MatchString(word) {
		return refuse("is no name that git allows for a branch", "write it as in driftline/main")
	}
	return fine
}

// login is a user's login or a team's slug: letters, digits and hyphens; a bot's ends in [bot].
var login = regexp.MustCompile(`^[A-Za-z0-9_-]+(\[bot\])?$`)

func checkLogin(word string) verdict {
	if !login.MatchString(word) {
		return refuse("is no login or team's slug", "write octocat rather than @octocat, and a team without its organization")
	}
	return fine
}

// checkWebhook wants https: the address itself is a secret.
func checkWebhook(word string) verdict {
	if u, err := url.Parse(word); err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		return refuse("is not an https URL", "write it as the service shows it, as in https://hooks.slack.com/services/…")
	}
	return fine
}
