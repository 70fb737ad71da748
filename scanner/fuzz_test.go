package scanner

import (
	"strings"
	"testing"
)

// FuzzParseIgnore: any file is either refused with its place, or gives rules that can be asked, and that ask no more of a
// type as a whole than of its resources.
func FuzzParseIgnore(f *testing.F) {
	f.Add("# comment\n*\n!aws_iam_role.*\naws_s3_bucket.my\\.bucket\n", "aws_s3_bucket", "my.bucket")
	f.Add("aws_*.a*b?c[", "aws_x", "a[b]c")
	f.Add(strings.Repeat("*", 200)+".x", "aws_x", strings.Repeat("a", 200))
	f.Fuzz(func(t *testing.T, text, typ, id string) {
		ignore, err := ParseIgnore(".driftignore", strings.NewReader(text))
		if err != nil {
			if !strings.Contains(err.Error(), ".driftignore") {
				t.Errorf("the error does not name the file: %v", err)
			}
			return
		}
		rule, _ := ignore.Match(typ, id)
		if rule != "" && !strings.HasPrefix(rule, ".driftignore:") {
			t.Errorf("the rule %q does not name its place", rule)
		}
		ignore.WholeType(typ)
	})
}
