package aws

import "cmp"

// Template is the import ID as a template over state attributes; "" when it takes more than one to tell.
func (r Row) Template() string {
	if r.identify != nil {
		return ""
	}
	return cmp.Or(r.ID, "{id}")
}

// TestedAgainst is "moto" (and the real provider, which imports what was created there) or "recorded".
func (r Row) TestedAgainst() string { return cmp.Or(r.Tested, "moto") }
