package importgen_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/seed-e90528ae/driftline/inventory/aws"
)

// TestRecordPlacement writes testdata/placement.json anew from the states of an estate: DRIFTLINE_PLACEMENT_STATES is a
// directory with one folder per root module and a terraform.tfstate in each.
func TestRecordPlacement(t *testing.T) {
	dir := os.Getenv("DRIFTLINE_PLACEMENT_STATES")
	if dir == "" {
		t.Skip("needs DRIFTLINE_PLACEMENT_STATES: the states of testdata/estates/base after an apply")
	}
	files, err := filepath.Glob(filepath.Join(dir, "*", "terraform.tfstate"))
	if err != nil || len(files) == 0 {
		t.Fatal("no states", err)
	}
	var out []map[string]any
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var state struct {
			Resources []struct {
				Mode, Type, Name string
				Instances        []struct{ Attributes map[string]any }
			}
		}
		if err := json.Unmarshal(raw, &state); err != nil {
			t.Fatal(err)
		}
		for _, r := range state.Resources {
			for _, i := range r.Instances {
				if r.Mode != "managed" {
					continue
				}
				known := aws.Identify(r.Type, i.Attributes)
				for _, private := range []string{"value", "insecure_value", "secret_string", "password", "user_data", "user_data_base64", "tags_all"} {
					delete(i.Attributes, private)
				}
				out = append(out, map[string]any{
					"Root": filepath.Base(filepath.Dir(file)), "Type": r.Type, "ImportID": known.ImportID, "Region": known.Region,
					"Name": known.Name, "Address": r.Name, "Tags": known.Tags, "Attributes": onlyText(i.Attributes),
				})
			}
		}
	}
	raw, err := json.MarshalIndent(out, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("testdata/placement.json", append(raw, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}

// onlyText keeps the attributes that could hold a reference.
func onlyText(attributes map[string]any) map[string]any {
	kept := map[string]any{}
	for name, v := range attributes {
		switch v := v.(type) {
		case string:
			if v != "" && len(v) < 200 {
				kept[name] = v
			}
		case []any:
			var elements []any
			for _, element := range v {
				switch element := element.(type) {
				case string:
					elements = append(elements, element)
				case map[string]any:
					elements = append(elements, onlyText(element))
				}
			}
			if len(elements) > 0 {
				kept[name] = elements
			}
		}
	}
	return kept
}
