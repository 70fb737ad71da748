package state

import (
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	t.Parallel()
	wd, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	wd = filepath.ToSlash(wd)
	parent := filepath.ToSlash(filepath.Dir(wd))
	abs := func(p string) string { // as filepath.Abs has it on this system
		a, err := filepath.Abs(p)
		if err != nil {
			t.Fatal(err)
		}
		return filepath.ToSlash(a)
	}
	tests := []struct {
		url, shown       string
		base, key        string
		prefix           string
		matches, matchNo string // of a listing
		query            string
	}{
		{url: "s3://b/net/terraform.tfstate?region=eu-west-1", shown: "s3://b/net/terraform.tfstate", base: "b", key: "net/terraform.tfstate", query: "region=eu-west-1"},
		{url: "s3://b/env:/prod/key", shown: "s3://b/env:/prod/key", base: "b", key: "env:/prod/key"},
		{url: "S3://b/k", shown: "s3://b/k", base: "b", key: "k"},
		{url: " s3://b/k ", shown: "s3://b/k", base: "b", key: "k"},
		{url: "s3://b/a%20b%2A%5B%23", shown: "s3://b/a%20b%2A%5B%23", base: "b", key: "a b*[#"},
		{url: "s3://b/", shown: "s3://b/", base: "b", matches: "any/thing", matchNo: "a/.terraform/terraform.tfstate"},
		{url: "s3://b/dir/", shown: "s3://b/dir/", base: "b", prefix: "dir/", matches: "dir/x", matchNo: "dir/x.tfstate.backup"},
		{url: "s3://b/dir/", shown: "s3://b/dir/", base: "b", prefix: "dir/", matches: "dir/a/b.tfstate", matchNo: "dir/a/b.tfstate.tflock"},
		{url: "s3://b?prefix=dir/", shown: "s3://b/dir/", base: "b", prefix: "dir/", matches: "dir/x", matchNo: "x"},
		{url: "s3://b?key=dir/k", shown: "s3://b/dir/k", base: "b", key: "dir/k"},
		{url: "s3://b/**/*.tfstate", shown: "s3://b/**/*.tfstate", base: "b", matches: "a/b/c.tfstate", matchNo: "a/c.tfstate.backup"},
		{url: "s3://b/**/*.tfstate", shown: "s3://b/**/*.tfstate", base: "b", matches: "c.tfstate", matchNo: ".terraform/terraform.tfstate"},
		{url: "s3://b/env-*/x", shown: "s3://b/env-*/x", base: "b", prefix: "env-", matches: "env-a/x", matchNo: "env-a/b/x"},
		{url: "s3://b/{a,b}/*", shown: "s3://b/{a,b}/*", base: "b", matches: "a/x", matchNo: "c/x"},
		{url: "s3://b/a%2A/*", shown: `s3://b/a\*/*`, base: "b", prefix: "a*/", matches: "a*/x", matchNo: "ab/x"},
		{url: "s3://b/dir/**", shown: "s3://b/dir/**", base: "b", prefix: "dir/", matches: "dir/.x.tfstate", matchNo: "dir/.terraform.tfstate.lock.info"},
		{url: "gs://b/p/default.tfstate", shown: "gs://b/p/default.tfstate", base: "b", key: "p/default.tfstate"},
		{url: "azblob://$web/k?storage_account=acc&domain=127.0.0.1:1&protocol=http&localemu=true", shown: "azblob://$web/k", base: "$web", key: "k",
			query: "domain=127.0.0.1%3A1&localemu=true&protocol=http&storage_account=acc"},
		{url: "mem:///k", shown: "mem:///k", key: "k"},
		{url: "mem://x/a/", shown: "mem://x/a/", base: "x", prefix: "a/", matches: "a/b", matchNo: "b"},

		{url: "file:///srv/states/a.tfstate", shown: "file:///srv/states/a.tfstate", base: abs("/srv/states"), key: "a.tfstate"},
		{url: "file://localhost/srv/a.tfstate", shown: "file:///srv/a.tfstate", base: abs("/srv"), key: "a.tfstate"},
		{url: "file:///a.tfstate", shown: "file:///a.tfstate", base: abs("/"), key: "a.tfstate"},
		{url: "file://./a.tfstate", shown: "file://./a.tfstate", base: wd, key: "a.tfstate"},
		{url: "file://./.hidden/a", shown: "file://./.hidden/a", base: wd + "/.hidden", key: "a"},
		{url: "file://a.tfstate", shown: "file://./a.tfstate", base: wd, key: "a.tfstate"},
		{url: "file:a/b.tfstate", shown: "file://./a/b.tfstate", base: wd + "/a", key: "b.tfstate"},
		{url: "file://states/x%20y.tfstate", shown: "file://./states/x%20y.tfstate", base: wd + "/states", key: "x y.tfstate"},
		{url: "file://../x.tfstate", shown: "file://../x.tfstate", base: parent, key: "x.tfstate"},
		{url: "file://./states/", shown: "file://./states/", base: wd + "/states", matches: "any", matchNo: "terraform.tfstate.backup"},
		{url: "file://./**/*.tfstate", shown: "file://./**/*.tfstate", base: wd, matches: "a/b.tfstate", matchNo: "a/.terraform/terraform.tfstate"},
		{url: "file:///srv/env-*/x", shown: "file:///srv/env-*/x", base: abs("/srv"), prefix: "env-", matches: "env-1/x", matchNo: "env-1/y"},
	}
	for _, tt := range tests {
		t.Run(tt.url, func(t *testing.T) {
			t.Parallel()
			if runtime.GOOS == "windows" && strings.HasPrefix(tt.url, "file:///") {
				t.Skip("its absolute paths have a drive letter")
			}
			sources, err := Parse([]string{tt.url})
			if err != nil {
				t.Fatal(err)
			}
			s := sources[0]
			if s.URL != tt.shown || s.base.name != tt.base || s.key != tt.key || s.prefix != tt.prefix || s.query.Encode() != tt.query {
				t.Errorf("URL %q base %q key %q prefix %q query %q", s.URL, s.base.name, s.key, s.prefix, s.query.Encode())
			}
			if (s.match != nil) != (tt.matches != "") {
				t.Fatalf("listing: %v", s.match != nil)
			}
			if s.match != nil && (!s.match(tt.matches) || s.match(tt.matchNo)) {
				t.Errorf("match(%q) = %v, match(%q) = %v", tt.matches, s.match(tt.matches), tt.matchNo, s.match(tt.matchNo))
			}
			if s.match == nil {
				again, err := Parse([]string{s.URL})
				if err != nil || again[0].key != s.key || again[0].base.name != s.base.name {
					t.Errorf("%s parses back to %+v, %v", s.URL, again, err)
				}
			}
		})
	}
}

func TestParseTellsAllMistakesAtOnce(t *testing.T) {
	t.Parallel()
	tests := []struct{ url, want string }{
		{"terraform.tfstate", `"terraform.tfstate": it has no scheme; write s3://bucket/key`},
		{"", `"": it has no scheme`},
		{`C:\states\x`, `it has no scheme`},
		{"gcs://b/k", `scheme "gcs" is not known; write gs://`},
		{"azurerm://c/k", `scheme "azurerm" is not known; write azblob://`},
		{"tfstate+s3://b/k", `write s3://`},
		{"https://user:s3cr3t@example.com/x", `"https://example.com/x": scheme "https" is not known`},
		{"s3:b/k", "it has no bucket"},
		{"s3:///k", "it has no bucket"},
		{"s3://b", "it names no state; add a key, or a / for everything in the bucket: s3://b/"},
		{"s3://AKIA:s3cr3t@b/k", `"s3://b/k": it carries credentials before an @`},
		{"s3://AKIA:s3/cr3t@b/k", `"s3://b/k": its bucket must be a plain name`},
		{"s3://b:80/k", "its bucket must be a plain name"},
		{"s3://b*/k", "its bucket must be a plain name"},
		{"s3://b/k#frag", "it has a #, which would cut it short; write %23"},
		{"s3://b/100%", "it has a % that encodes nothing; write %25"},
		{"s3://b/[a", "its glob is not closed"},
		{"s3://b/k?regoin=eu", `s3:// takes no parameter "regoin"; it takes accelerate, `},
		{"s3://b/k?secret_access_key=s3cr3t", `s3:// takes no parameter "secret_access_key"`},
		{"s3://b/k?s3cr3t/abc==", `s3:// takes no parameter that begins with "s3c"`},
		{"s3://b/k?region=a&region=b", "parameter region is given 2 times"},
		{"s3://b/k?region=", "parameter region is empty"},
		{"s3://b/k?use_path_style=s3cr3t", "parameter use_path_style must be true or false"},
		{"s3://b/k?endpoint=minio:9000", "parameter endpoint must be a URL"},
		{"s3://b/k?endpoint=http://u:s3cr3t@minio", "parameter endpoint must not carry credentials"},
		{"s3://b/k?key=x", "it has both a path and a key parameter"},
		{"s3://b/k?a=%zz", "its query cannot be read"},
		{"azblob://c/k?sig=s3cr3t&sv=2020", `azblob:// takes no parameter "sig"`},
		{"azblob://c/k?protocol=ftp", "parameter protocol must be one of http, https"},
		{"file://", "it names no file"},
		{"file://./states/..", "it names a directory"},
		{"file://user:s3cr3t@host/x", "it carries credentials before an @"},
		{"file://./x?create_dir=true", `file:// takes no parameter "create_dir"`},
	}
	var urls []string
	for _, tt := range tests {
		urls = append(urls, tt.url)
		t.Run(tt.url, func(t *testing.T) {
			t.Parallel()
			_, err := Parse([]string{tt.url})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), "s3cr3t") {
				t.Errorf("a secret is repeated: %v", err)
			}
		})
	}
	sources, err := Parse(append(urls, "s3://b/good"))
	if err == nil || strings.Count(err.Error(), "state URL ") != len(tests) || len(sources) != 1 {
		t.Errorf("%d sources, %v", len(sources), err)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"s3://b/a*/[x]?region=a", "file://./a%20b/", "gs://b/{a,b}", "azblob://$web/x", "mem:///a", "file:///C:/x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		sources, err := Parse([]string{raw})
		if (err == nil) != (len(sources) == 1) {
			t.Fatalf("%d sources, error %v", len(sources), err)
		}
		if err != nil || sources[0].match != nil {
			return
		}
		again, err := Parse([]string{sources[0].URL})
		if err != nil || again[0].key != sources[0].key || again[0].base.name != sources[0].base.name {
			t.Errorf("%q is shown as %q, which is %+v, %v", raw, sources[0].URL, again, err)
		}
	})
}

func TestInsecure(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]bool{
		"http://minio.example.com":   true,
		"http://10.0.0.1:9000":       true,
		"http://127.0.0.1.evil.com":  true,
		"http://localhost.evil.com":  true,
		"https://minio.example.com":  false,
		"http://127.0.0.1:9000":      false,
		"http://127.9.9.9":           false,
		"http://[::1]:9000":          false,
		"http://localhost:9000/path": false,
		"http://s3.localhost:4566":   false,
		"":                           false,
	} {
		if got := insecure(url); got != want {
			t.Errorf("insecure(%q) = %v", url, got)
		}
	}
}
