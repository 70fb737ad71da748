package prcomment

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/seed-e90528ae/driftline/drift"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s (-want +got), -update writes it anew:\n%s", name, diff)
	}
}

// goldenHTML holds a page against its golden file, which is packed where the page is large, and lacks what is the same in
// all of them: style and script.
func goldenHTML(t *testing.T, name string, page []byte) {
	t.Helper()
	for _, part := range []string{pageStyle, pageScript} {
		page = bytes.Replace(page, []byte(part), nil, 1)
	}
	const large = 200_000
	if len(page) < large {
		golden(t, name+".html", string(page))
		return
	}
	path := filepath.Join("testdata", name+".html.gz")
	if *update {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		if _, err := w.Write(page); err != nil || w.Close() != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	want, err := io.ReadAll(r)
	if err != nil || !bytes.Equal(want, page) {
		t.Errorf("%s differs (%v), -update writes it anew:\n%s", path, err, gocmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(page), "\n")))
	}
}

func res(typ, id, region, name string) drift.Resource {
	return drift.Resource{Provider: drift.AWS, Type: typ, ImportID: id, Account: "111122223333", Region: region, Name: name}
}

func managed(module, address, id, region string) drift.Managed {
	parts := strings.Split(address, ".")
	n := len(parts)
	name, key, _ := strings.Cut(parts[n-1], "[")
	if key != "" {
		key = "[" + key
	}
	return drift.Managed{Resource: res(parts[n-2], id, region, ""), RootModule: module, State: "s3://states/" + module + ".tfstate",
		Address: drift.Address{Module: strings.Join(parts[:n-2], "."), Type: parts[n-2], Name: name, Key: key}}
}

func unmanaged(typ, id, name, file string, verified bool, why ...drift.Difference) drift.Unmanaged {
	dir := filepath.ToSlash(filepath.Dir(file))
	return drift.Unmanaged{Resource: res(typ, id, "eu-west-1", name), SuggestedAddress: typ + "." + cmp.Or(strings.ToLower(name), "this"),
		RootModule: dir, File: file, Verified: verified, Differences: why}
}

func raw(s string) json.RawMessage { return json.RawMessage(s) }

func quoted(s string) json.RawMessage {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return b
}

const policy = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject"%s],"Resource":"arn:aws:s3:::logs/*"}]}`

func driftOnly() *drift.Report {
	r := &drift.Report{
		Managed: []drift.Managed{managed("net", "module.vpc.aws_vpc.main", "vpc-0a1", "eu-west-1"), managed("net", `aws_subnet.a["x"]`, "subnet-0b2", "eu-west-1"),
			managed("app", "aws_iam_policy.read", "arn:aws:iam::111122223333:policy/read", drift.Global), managed("app", "aws_db_instance.db", "db", "eu-west-1")},
	}
	r.Drifted = []drift.Drifted{
		{Managed: r.Managed[0], Changes: []drift.Change{
			{Path: `tags["Name"]`, Before: raw(`"main"`), After: raw(`"main (do not touch)"`)},
			{Path: `tags["Owner"]`, Before: raw(`null`), After: raw(`"ops"`)},
			{Path: "enable_dns_hostnames", Before: raw(`true`), After: raw(`false`)},
			{Path: "big", Before: raw(`12345678901234567890`), After: raw(`1.10`)}}},
		{Managed: r.Managed[2], Changes: []drift.Change{
			{Path: "policy", Before: quoted(fmt.Sprintf(policy, "")), After: quoted(fmt.Sprintf(policy, `,"s3:PutObject"`))}}},
		{Managed: r.Managed[3], Changes: []drift.Change{
			{Path: "password", Sensitive: true},
			{Path: "parameters", Before: raw(`[{"name":"a","value":1}]`), After: raw(`[{"name":"a","value":2},{"name":"b","value":1}]`)},
			{Path: "description", Before: raw(`null`), After: quoted(strings.Repeat("long ", 200))}}},
	}
	return r
}

func unmanagedOnly() *drift.Report {
	r := &drift.Report{
		Managed: []drift.Managed{managed("net", "aws_vpc.main", "vpc-0a1", "eu-west-1")},
		Unmanaged: []drift.Unmanaged{
			unmanaged("aws_s3_bucket", "logs-prod", "logs-prod", "app/driftline_s3.tf", true),
			unmanaged("aws_s3_bucket_policy", "logs-prod", "", "app/driftline_s3.tf", true),
			unmanaged("aws_subnet", "subnet-1", "a", "net/driftline_vpc.tf", true),
			unmanaged("aws_lambda_function", "resize", "resize", "app/driftline_lambda.tf", false,
				drift.Difference{Path: "filename", Reason: "one of filename, image_uri, s3_bucket is required"},
				drift.Difference{Reason: "the cloud does not return the code"}),
			unmanaged("aws_instance", "i-1", "", "", false),
		},
	}
	r.Unmanaged[2].Placement = "belongs with aws_vpc.main"
	return r
}

func everything() *drift.Report {
	r, u := driftOnly(), unmanagedOnly()
	r.Managed = append(r.Managed, u.Managed...)
	r.Unmanaged = u.Unmanaged
	r.Deleted = []drift.Managed{managed("app", `aws_sqs_queue.jobs["a.b"]`, "https://sqs.eu-west-1.amazonaws.com/111122223333/jobs", "eu-west-1"),
		managed("", "aws_sns_topic.alerts[0]", "arn:aws:sns:eu-west-1:111122223333:alerts", "eu-west-1")}
	for i := range 10 {
		r.Owned = append(r.Owned, drift.Owned{Resource: res("aws_sqs_queue", fmt.Sprintf("q%d", i), "eu-west-1", ""), Owner: "CloudFormation stack web"})
	}
	r.Owned = append(r.Owned, drift.Owned{Resource: res("aws_instance", "i-2", "eu-west-1", "node"), Owner: "EKS cluster prod"})
	r.Ignored = []drift.Ignored{{Resource: res("aws_iam_role", "x", drift.Global, "x"), Rule: ".driftignore:3: aws_iam_role.*"},
		{Resource: res("aws_iam_role", "y", drift.Global, "y"), Rule: ".driftignore:3: aws_iam_role.*"}}
	r.Skipped = []drift.Skipped{{What: "aws_kms_key in eu-west-1", Reason: "AccessDeniedException: not authorized to perform: kms:ListKeys",
		Remedy: "allow kms:ListKeys to the role that the scan runs as", Type: "aws_kms_key", Region: "eu-west-1"}}
	known(r)
	return r
}

// known puts into everything what is known besides: who, since when, where it comes from, what hangs on what, what is
// weak and what it costs.
func known(r *drift.Report) {
	ann := func(event, source string) *drift.Actor {
		return &drift.Actor{Principal: "arn:aws:sts::111122223333:assumed-role/Admin/ann@example.com", Event: event, Source: source,
			Time: time.Date(2026, 11, 19, 16, 20, 0, 0, time.UTC)}
	}
	vpc := &r.Drifted[0]
	vpc.File, vpc.Line, vpc.FirstSeen, vpc.ChangedBy = "net/vpc.tf", 1, "2026-11-20", ann("ModifyVpcAttribute", "console")
	for i, o := range []drift.Origin{{File: "net/vpc.tf", Line: 6}, {File: "net/vpc.tf", Line: 6}, {File: "net/vpc.tf", Line: 3},
		{File: "net/vpc.tf", Line: 4, Reason: "var.size is used 3 times"}} {
		vpc.Changes[i].Origin = &o
	}
	vpc.Patch = "--- a/net/vpc.tf\n+++ b/net/vpc.tf\n@@ -1,7 +1,8 @@\n resource \"aws_vpc\" \"main\" {\n   cidr_block           = \"10.0.0.0/16\"\n" +
		"-  enable_dns_hostnames = true\n+  enable_dns_hostnames = false\n   big                  = var.size\n   tags = {\n-    Name = \"main\"\n" +
		"+    Name  = \"main (do not touch)\"\n+    Owner = \"ops\"\n   }\n }\n"
	r.Drifted[1].FirstSeen, r.Drifted[1].Changes[0].Origin = "2026-09-02", &drift.Origin{File: "app/iam.tf", Line: 12, Accepted: true}
	r.Deleted[0].Settled, r.Deleted[0].ChangedBy, r.Deleted[0].FirstSeen = "terraform -chdir=app state rm 'aws_sqs_queue.jobs[\"a.b\"]'", ann("DeleteQueue", "CLI"), "2026-11-20"
	for i := range r.Unmanaged {
		r.Unmanaged[i].FirstSeen = []string{"2026-11-20", "2026-11-01", "2026-09-02"}[i%3]
	}
	for i, u := range r.Unmanaged {
		if u.Type == "aws_s3_bucket" {
			r.Unmanaged[i].Tags, r.Unmanaged[i].ChangedBy = map[string]string{"team": "data", "env": "prod"}, ann("CreateBucket", "SDK")
		}
		if u.Type == "aws_s3_bucket_policy" {
			r.Unmanaged[i].References = []string{"aws_s3_bucket.logs-prod"}
		}
		if u.Type == "aws_instance" {
			cost := 560.64
			r.Unmanaged[i].References, r.Unmanaged[i].MonthlyCost = []string{"aws_subnet.a", "aws_security_group.web"}, &cost
		}
	}
	r.Cost = &drift.Cost{Estimator: "Infracost", Currency: "USD"}
	bucket := drift.Weakness{Resource: res("aws_s3_bucket", "logs-prod", "eu-west-1", "logs-prod"), Address: "aws_s3_bucket.logs-prod", RootModule: "app",
		File: "app/driftline_s3.tf", Line: 6}
	public, logging := bucket, bucket
	public.Rule, public.Severity, public.Title, public.Message = "AWS-0086", "high", "S3 Access block should block public ACL", "No public access block so not blocking public acls"
	logging.Rule, logging.Severity, logging.Title, logging.Message = "AWS-0089", "low", "S3 Bucket Logging", "Bucket has logging disabled"
	public.URL, logging.URL = "https://avd.aquasec.com/misconfig/aws-0086", "https://avd.aquasec.com/misconfig/aws-0089"
	r.Security = &drift.Security{Scanner: "Trivy 0.68.2", Weaknesses: []drift.Weakness{public, logging}}
	r.StartedAt = time.Date(2026, 11, 20, 2, 23, 0, 0, time.UTC)
	r.Since = &drift.Since{Day: "2026-11-19", Coverage: 47.5, New: 2, Resolved: []drift.Resolved{{Resource: "aws_sqs_queue.retry", FirstSeen: "2026-11-02"}}}
}

func partial() *drift.Report {
	r := unmanagedOnly()
	r.Skipped = []drift.Skipped{{What: "state s3://states/db.tfstate", State: "s3://states/db.tfstate", Reason: "access denied",
		Remedy: "give the role s3:GetObject on s3://states/*"}}
	return r
}

func many(n int) *drift.Report {
	r := everything()
	for i := range n {
		types := []string{"aws_s3_bucket", "aws_sqs_queue", "aws_subnet", "aws_iam_role", "aws_lambda_function"}
		typ := types[i%len(types)]
		r.Unmanaged = append(r.Unmanaged, unmanaged(typ, fmt.Sprintf("id-%04d", i), fmt.Sprintf("name-%04d", i), "app/driftline.tf", i%3 > 0))
	}
	return r
}

// nasties are names that a cloud accepts somewhere, and that would break out of something.
var nasties = []string{
	"</details><script>alert(1)</script>", "a|b\\|c", "``` ```` `", "line\nbreak\r\n# heading", "@octocat and @org/team", "#123 GH-45 o/r#6",
	"::set-output name=x::y", "##[error]x", "<!-- driftline:report -->", "[x](javascript:alert(1))", "![i](http://e.vil/x.png)",
	"*bold* _it_ ~~gone~~", "http://e.vil www.e.vil a@e.vil", "&lt;b&gt;&#64;", "\u202egnp.exe", "nul\x00byte\x1b[31m", "bad\xffutf8",
	"$`math`$ $$x$$", "- [ ] task", "    code", "`", "\\", "", " ", "| --- |", "<https://e.vil>", ":smile:", "~~~", "%0A::add-mask::x", "日本語 é",
}

// hostile is a report with s in every place that comes from outside.
func hostile(s string) *drift.Report {
	m := drift.Managed{Resource: drift.Resource{Provider: s, Type: "aws_" + s, ImportID: s, Account: s, Region: s, Name: s, Tags: map[string]string{s: s}},
		State: s, RootModule: s, Address: drift.Address{Module: "module." + s, Type: "aws_" + s, Name: s, Key: "[\"" + s + "\"]"}}
	m.ChangedBy = &drift.Actor{Principal: s, Event: s, Source: s}
	m.Settled = "terraform " + s + "; " + s
	other := m
	other.Region = "eu-west-1" // so that there are two scopes
	valid := strings.ToValidUTF8(s, "?")
	return &drift.Report{
		Managed: []drift.Managed{m, other},
		Drifted: []drift.Drifted{{Managed: m, Changes: []drift.Change{
			{Path: s, Before: quoted(valid), After: raw(`null`), Origin: &drift.Origin{File: s, Line: 3, Reason: "because " + s}}, {Path: s, Before: raw(`"x"`), After: quoted("a\n" + valid + "\n" + valid)},
			{Path: s, Before: quoted(valid), After: quoted(strings.Repeat(valid+" ", 200))},
			{Path: s, Sensitive: true}, {Path: s, Sensitive: true}, {Path: s, Sensitive: true}, {Path: s, Sensitive: true},
			{Path: s, Sensitive: true}, {Path: s, Sensitive: true}, {Path: s, Sensitive: true}, {Path: s, Sensitive: true}}}},
		Deleted: []drift.Managed{m},
		Unmanaged: []drift.Unmanaged{{Resource: m.Resource, SuggestedAddress: s, RootModule: s, Placement: s, File: s,
			Differences: []drift.Difference{{Path: s, Reason: s}}}},
		Owned:   []drift.Owned{{Resource: m.Resource, Owner: s}},
		Ignored: []drift.Ignored{{Resource: m.Resource, Rule: s}},
		Skipped: []drift.Skipped{{What: s, Reason: s, Remedy: "do " + s, State: s}},
		Security: &drift.Security{Scanner: s, Weaknesses: []drift.Weakness{{Resource: m.Resource, Address: s, RootModule: s, File: s, Rule: s,
			Severity: s, Title: s, Message: "it is " + s, Resolution: s, URL: "https://rules.test/a(b)"}}},
		Cost: &drift.Cost{Estimator: s, Currency: s, Monthly: 1},
	}
}

func TestGolden(t *testing.T) {
	t.Parallel()
	inPR := Options{Limit: CommentLimit, Marker: true, CodeIn: "this pull request", FullReport: "[the job summary](https://github.com/o/r/actions/runs/1)",
		FileURL: "https://github.com/o/r/blob/driftline/main/"}
	tests := map[string]struct {
		report  *drift.Report
		options Options
	}{
		"clean":          {&drift.Report{Managed: driftOnly().Managed}, inPR},
		"empty":          {&drift.Report{}, Options{}},
		"drift-only":     {driftOnly(), inPR},
		"unmanaged-only": {unmanagedOnly(), inPR},
		"everything":     {everything(), Options{Limit: SummaryLimit, CodeIn: "`out/code`"}},
		"partial":        {partial(), inPR},
		"hostile":        {hostile(strings.Join(nasties, " ")), inPR},
		"5000-unmanaged": {many(5000), inPR},
		"tight":          {many(300), Options{Limit: 8000}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.report.Finish()
			got := Markdown(tt.report, tt.options)
			if again := Markdown(tt.report, tt.options); again != got {
				t.Error("two renderings of one report differ")
			}
			if tt.options.Limit > 0 && len(got) > tt.options.Limit {
				t.Errorf("%d bytes, more than %d", len(got), tt.options.Limit)
			}
			golden(t, name+".md", got)
			page, err := HTML(tt.report)
			if err != nil {
				t.Fatal(err)
			}
			if name != "tight" && name != "empty" {
				goldenHTML(t, name, page)
			}
			golden(t, name+".txt", Title(tt.report)+"\n\n"+Terminal(tt.report, 100, false))
		})
	}
}

// TestLimitsAreKept takes every limit from nothing to enough: never longer, never a half resource, counts right.
func TestLimitsAreKept(t *testing.T) {
	t.Parallel()
	r := many(120)
	r.Finish()
	whole := Markdown(r, Options{})
	for limit := 1; limit < len(whole)+100; limit += 97 {
		got := Markdown(r, Options{Limit: limit})
		if len(got) > limit || !utf8.ValidString(got) {
			t.Fatalf("%d bytes at limit %d", len(got), limit)
		}
		for _, line := range strings.Split(got, "\n") {
			if !strings.Contains(line, "not shown here") && !strings.Contains(whole, line+"\n") {
				t.Fatalf("limit %d makes a line that the whole has not: %q", limit, line)
			}
		}
	}
	if got := Markdown(r, Options{Limit: len(whole)}); got != whole {
		t.Error("a report that just fits is cut")
	}
	roomy, tight := Markdown(r, Options{Limit: 12_000}), Markdown(r, Options{Limit: 9_000})
	for _, summary := range []string{"### Drifted (3)", "### Deleted (2)", "### Unmanaged (125)", "<b>Lambda</b>: 25,", "Owned by another tool</b>: 11", "### Skipped (1)"} {
		if !strings.Contains(roomy, summary) || !strings.Contains(tight, summary) {
			t.Errorf("summary %q is cut", summary)
		}
	}
	if !strings.Contains(tight, "see `report.json`") || !strings.Contains(tight, "module.vpc.aws_vpc.main") {
		t.Errorf("the worst is cut, or nothing says where the whole is:\n%s", tight)
	}
	if len(tight) < 8_000 {
		t.Errorf("%d bytes used of 9000", len(tight))
	}
}

func TestCutCountsAddUp(t *testing.T) {
	t.Parallel()
	r := many(5000)
	r.Finish()
	got := Markdown(r, Options{Limit: CommentLimit})
	shownRows, cutRows := strings.Count(got, "| ✅")+strings.Count(got, "✅ verified |")+strings.Count(got, "⚠️ not verified"), 0
	for _, line := range strings.Split(got, "\n") {
		var n string
		if _, err := fmt.Sscanf(line, "_%s unmanaged", &n); err == nil && strings.Contains(line, "unmanaged resource") {
			k := 0
			if _, err := fmt.Sscan(strings.ReplaceAll(n, ",", ""), &k); err != nil {
				t.Fatal(err)
			}
			cutRows += k
		}
	}
	if shownRows+cutRows != len(r.Unmanaged) || shownRows < 250 {
		t.Errorf("%d shown and %d cut of %d", shownRows, cutRows, len(r.Unmanaged))
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	r := hostile("a<b>&\x00\u2028")
	r.Finish()
	got, err := JSON(r)
	if err != nil {
		t.Fatal(err)
	}
	if s := string(got); strings.Contains(s, "\x00") || !strings.Contains(s, `"a<b>&\u0000\u2028"`) || !strings.HasSuffix(s, "}\n") {
		t.Errorf("got %s", s)
	}
	if !json.Valid(got) {
		t.Error("not JSON")
	}
	r.Drifted[0].Changes[0].Before = raw(`{`)
	if _, err := JSON(r); err == nil {
		t.Error("a broken value passes")
	}
}

func TestTitle(t *testing.T) {
	t.Parallel()
	for want, s := range map[string]drift.Summary{
		"Driftline: Terraform and the cloud agree":         {Managed: 3, Owned: 2},
		"Driftline: 1,200 unmanaged":                       {Unmanaged: 1200},
		"Driftline: 3 drifted, 1 deleted, 12 unmanaged":    {Drifted: 3, Deleted: 1, Unmanaged: 12},
		"Driftline: 1 drifted, 999 deleted, 999 unmanaged": {Drifted: 1, Deleted: 999, Unmanaged: 999},
	} {
		if got := Title(&drift.Report{Summary: s}); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestCoverageIsNeverRoundedUp(t *testing.T) {
	t.Parallel()
	for percent, want := range map[float64]string{100: "100%", 99.99: "99.9%", 0: "0%", 50: "50%", 100 * 2.0 / 3: "66.6%", 100 * 0.29: "29%"} {
		if got := coverage(percent); got != want {
			t.Errorf("%v: got %s, want %s", percent, got, want)
		}
	}
}

func TestTerminalSendsNothing(t *testing.T) {
	t.Parallel()
	for _, s := range append(slices.Clone(nasties), strings.Join(nasties, "\n")) {
		r := hostile(s)
		r.Finish()
		for _, line := range strings.Split(Terminal(r, 0, false), "\n") {
			if strings.HasPrefix(strings.TrimSpace(line), "::") || strings.Contains(line, "##[") || strings.ContainsFunc(line, hidden) {
				t.Errorf("%q makes the line %q", s, line)
			}
		}
	}
	r := everything()
	r.Finish()
	for _, line := range strings.Split(Terminal(r, 60, false), "\n") {
		if utf8.RuneCountInString(line) > 60 {
			t.Errorf("wider than 60: %q", line)
		}
	}
	if !strings.Contains(Terminal(r, 60, true), "\x1b[31m") || strings.Contains(Terminal(r, 60, false), "\x1b") {
		t.Error("colour is there without being asked for, or the other way round")
	}
}

func TestTerminalTellsWhoAndSinceWhen(t *testing.T) {
	t.Parallel()
	r := everything()
	who := &drift.Actor{Principal: "arn:aws:iam::111122223333:user/ann", Event: "DeleteTopic", Source: "console", Time: time.Date(2026, 11, 20, 3, 4, 5, 0, time.UTC)}
	for i := range r.Deleted {
		r.Deleted[i].FirstSeen, r.Deleted[i].ChangedBy = "2026-11-21", who
	}
	r.Deleted[0].Settled = "removed block in driftline_removed.tf"
	r.Drifted[2].ChangedBy, r.Unmanaged[0].FirstSeen = who, "2026-11-19"
	r.Finish()
	got := Terminal(r, 0, false)
	for _, want := range []string{
		"\n      since 2026-11-21  by arn:aws:iam::111122223333:user/ann through console on 2026-11-20 (DeleteTopic)\n",
		"\n      by arn:aws:iam", "since 2026-11-19  by arn:aws:sts", "\n      let it go: removed block in driftline_removed.tf\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if strings.Contains(Terminal(driftOnly(), 0, false), "revert:") {
		t.Error("ways out are shown where nothing particular is known of them")
	}
}

func TestSensitiveValuesNeverShow(t *testing.T) {
	t.Parallel()
	r := driftOnly()
	// The report promises null; a slip there must not become a leak here.
	r.Drifted[2].Changes[0] = drift.Change{Path: "password", Before: raw(`"hunter1"`), After: raw(`"hunter2"`), Sensitive: true}
	r.Finish()
	for _, out := range []string{Markdown(r, Options{}), Terminal(r, 0, false)} {
		if strings.Contains(out, "hunter") || !strings.Contains(out, "password: changed (sensitive)") {
			t.Errorf("got %s", out)
		}
	}
}
