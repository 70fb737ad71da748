package drift

import "testing"

func TestAddressText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Address{
		"aws_vpc.main":    {Type: "aws_vpc", Name: "main"},
		"aws_vpc.main[0]": {Type: "aws_vpc", Name: "main", Key: "[0]"},
		`module.a["x.y[\"z]"].module.b[1].aws_vpc.main["k.l"]`: {Module: `module.a["x.y[\"z]"].module.b[1]`, Type: "aws_vpc", Name: "main", Key: `["k.l"]`},
	} {
		var got Address
		if err := got.UnmarshalText([]byte(text)); err != nil || got != want || got.String() != text {
			t.Errorf("%s: %#v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "aws_vpc", "module.a.aws_vpc"} {
		if err := new(Address).UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is an address", text)
		}
	}
}
