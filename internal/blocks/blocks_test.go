package blocks

import (
	"fmt"
	"testing"
	"testing/fstest"
)

func TestFind(t *testing.T) {
	t.Parallel()
	file := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	f := New(fstest.MapFS{
		"live/net/main.tf":         file("# a comment\nresource \"aws_vpc\" \"main\" {\n}\n\nmodule \"sub\" {\n  source   = \"../../modules/sub\"\n  for_each = var.x\n}\nmodule \"far\" {\n  source = \"acme/far/aws\"\n}\nmodule \"out\" {\n  source = \"../../../out\"\n}\n"),
		"live/net/broken.tf":       file("resource \"aws_sqs_queue\" \"a\" {\n  name = \"x\"\n}\nresource \"aws_sqs_queue\" {{\n"),
		"modules/sub/a.tf":         file("\nmodule \"inner\" {\n  source = \"./inner\"\n}\n"),
		"modules/sub/inner/q.tofu": file("resource \"aws_sqs_queue\" \"q\" {}\n"),
		"top.tf":                   file("resource \"aws_eip\" \"e\" {}\n"),
	})
	for _, tt := range []struct {
		dir, module, typ, name string
		want                   Place
	}{
		{"live/net", "", "aws_vpc", "main", Place{"live/net/main.tf", 2}},
		{"live/net", "", "aws_sqs_queue", "a", Place{"live/net/broken.tf", 1}},
		{"live/net", `module.sub["a.b[0]"].module.inner[0]`, "aws_sqs_queue", "q", Place{"modules/sub/inner/q.tofu", 1}},
		{".", "", "aws_eip", "e", Place{"top.tf", 1}},
		{"live/net", "", "aws_vpc", "other", Place{}},
		{"live/net", "module.far", "aws_vpc", "main", Place{}},
		{"live/net", "module.out", "aws_vpc", "main", Place{}},
		{"live/net", "module.", "aws_vpc", "main", Place{}},
		{"nowhere", "", "aws_vpc", "main", Place{}},
	} {
		got, ok := f.Find(tt.dir, tt.module, tt.typ, tt.name)
		if got != tt.want || ok != (tt.want.Line > 0) {
			t.Errorf("%s %s %s.%s is at %v, want %v", tt.dir, tt.module, tt.typ, tt.name, got, tt.want)
		}
	}
	if _, ok := New(nil).Find(".", "", "aws_eip", "e"); ok {
		t.Error("found without a checkout")
	}
}

func TestReferences(t *testing.T) {
	t.Parallel()
	got := References([]byte("resource \"aws_subnet\" \"a\" {\n  vpc_id = aws_vpc.main.id\n  tags = { x = var.x, y = \"${aws_eip.e.arn}-${each.key}\" }\n  nested {\n    z = [aws_vpc.main.arn, aws_subnet.a.id]\n  }\n}\n"), "a.tf")
	if want := "map[aws_subnet.a:[aws_eip.e aws_vpc.main]]"; fmt.Sprint(got) != want {
		t.Errorf("got %v, want %v", got, want)
	}
}
