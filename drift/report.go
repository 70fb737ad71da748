package drift

import (
	"cmp"
	"encoding/json"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"
)

// SchemaVersion is the version of the JSON form of Report. It grows when a field changes its meaning or goes away.
const SchemaVersion = 1

// Report is the answer of one run.
type Report struct {
	SchemaVersion   int       `json:"schema_version"`
	Complete        bool      `json:"complete"` // nothing was skipped that could have been a finding
	StartedAt       time.Time `json:"started_at"`
	DurationSeconds float64   `json:"duration_seconds"`
	Summary         Summary   `json:"summary"`

	Managed   []Managed   `json:"managed"`
	Unmanaged []Unmanaged `json:"unmanaged"`
	Deleted   []Managed   `json:"deleted"`
	Drifted   []Drifted   `json:"drifted"`
	Owned     []Owned     `json:"owned"`
	Ignored   []Ignored   `json:"ignored"`
	Skipped   []Skipped   `json:"skipped"`

	// UnmanagedUncertain says that a state of the scope was skipped: what is called unmanaged may be managed there.
	UnmanagedUncertain bool `json:"unmanaged_uncertain"`

	// Since is what changed since the report that was published before; nil when none is known.
	Since *Since `json:"since,omitempty"`

	// Security is what a scanner says of the code for unmanaged resources, and Cost what they cost; nil when nobody was asked.
	Security *Security `json:"security,omitempty"`
	Cost     *Cost     `json:"cost,omitempty"`
}

// Security is a scanner's answer.
type Security struct {
	Scanner    string     `json:"scanner"`    // with its version, where it tells: Trivy 0.68.2
	Weaknesses []Weakness `json:"weaknesses"` // gravest first
}

// Weakness is what a scanner finds wrong with an unmanaged resource.
type Weakness struct {
	Resource
	Address    string `json:"address"` // that its code suggests
	RootModule string `json:"root_module"`
	File       string `json:"file"`       // path in the checkout of its block
	Line       int    `json:"line"`       // of the block in File, from 1
	Rule       string `json:"rule"`       // by the scanner's name: AWS-0089
	Severity   string `json:"severity"`   // one of Severities
	Title      string `json:"title"`      // of the rule
	Message    string `json:"message"`    // about this resource
	Resolution string `json:"resolution"` // what to do; "" when the scanner does not say
	URL        string `json:"url"`        // https page of the rule; "" when there is none
}

// Severities are those of weaknesses, gravest first.
var Severities = []string{"critical", "high", "medium", "low", "unknown"}

// Cost is an estimate of what the unmanaged resources cost. What depends on their use is not part of it.
type Cost struct {
	Estimator string  `json:"estimator"`
	Currency  string  `json:"currency"` // ISO 4217: USD
	Monthly   float64 `json:"monthly"`  // of all whose cost is known
}

// Since compares a report with the one that was published before and said something else.
type Since struct {
	Day      string     `json:"day"`      // of that report, UTC: 2026-11-20
	Coverage float64    `json:"coverage"` // that it had, in percent
	New      int        `json:"new"`      // findings that it did not have
	Resolved []Resolved `json:"resolved"` // findings that it had; empty unless the report is complete
}

// Resolved is a finding that is none any more.
type Resolved struct {
	Resource  string `json:"resource"`   // address of a managed one; type and import ID of an unmanaged one; "" when not kept
	FirstSeen string `json:"first_seen"` // day, UTC; "" when unknown
}

// Summary counts the lists. Coverage is the share of what exists that Terraform manages, 0 to 100 percent:
// managed / (managed + unmanaged), 100 when nothing exists. Managed includes drifted, not deleted.
type Summary struct {
	Managed   int     `json:"managed"`
	Unmanaged int     `json:"unmanaged"`
	Deleted   int     `json:"deleted"`
	Drifted   int     `json:"drifted"`
	Owned     int     `json:"owned"`
	Ignored   int     `json:"ignored"`
	Skipped   int     `json:"skipped"`
	Coverage  float64 `json:"coverage"`
}

// Managed is a resource that a state file knows. In Report.Deleted it is one that the cloud no longer has.
type Managed struct {
	Resource
	Address    Address `json:"address"`
	State      string  `json:"state"`
	RootModule string  `json:"root_module"`
	Workspace  string  `json:"workspace,omitempty"`  // that the state is of; "" for the default one, and where that is not known
	FirstSeen  string  `json:"first_seen,omitempty"` // day that a report first had it drifted or deleted, UTC; "" when unknown
	ChangedBy  *Actor  `json:"changed_by,omitempty"` // who changed or deleted it, where it is drifted or deleted and a trail knows
	File       string  `json:"file,omitempty"`       // path in the checkout of its block, where it is drifted or deleted and has been found
	Line       int     `json:"line,omitempty"`       // of the block in File, from 1
	Settled    string  `json:"settled,omitempty"`    // of a deleted one: how the code beside the report settles it, or the command that would
}

// Drifted is a managed resource whose attributes are not what the state says.
type Drifted struct {
	Managed
	Changes []Change `json:"changes"`
	// Patch is a unified diff of the checkout, for git apply, that makes the configuration say what the cloud has. "" when
	// no change can be accepted by one, or when the code beside the report has accepted them.
	Patch string `json:"patch,omitempty"`
}

// Change is one attribute that differs. Before is the state's value, After the cloud's, both null when Sensitive.
type Change struct {
	Path      string          `json:"path"` // as Terraform writes it: tags["Name"], ingress[0].from_port
	Before    json.RawMessage `json:"before"`
	After     json.RawMessage `json:"after"`
	Sensitive bool            `json:"sensitive"`
	Origin    *Origin         `json:"origin,omitempty"` // nil when the configuration was not looked at
}

// Origin is where the configuration says what an attribute should be, as far as that can be followed, and whether the
// code beside the report says After there already.
type Origin struct {
	File     string `json:"file,omitempty"`   // path in the checkout; "" when the configuration was not found
	Line     int    `json:"line,omitempty"`   // in File, from 1
	Accepted bool   `json:"accepted"`         // the code beside the report says After
	Reason   string `json:"reason,omitempty"` // why a patch cannot say it, "" when one can: "var.size is used 3 times"
	Stays    bool   `json:"stays,omitempty"`  // the next apply leaves After in the cloud: lifecycle ignores it, or nothing sets it
}

// Unmanaged is a resource that no state knows, and the code that would import it.
type Unmanaged struct {
	Resource
	SuggestedAddress string       `json:"suggested_address"`
	RootModule       string       `json:"root_module"`
	Placement        string       `json:"placement"`  // why this root module
	Confidence       string       `json:"confidence"` // in the placement: certain (a rule), high (references), medium, low; "" before there is code
	File             string       `json:"file"`       // path in the checkout
	Verified         bool         `json:"verified"`   // the provider plans the block as a no-op
	Differences      []Difference `json:"differences"`
	FirstSeen        string       `json:"first_seen,omitempty"`   // day that a report first had it, UTC; "" when unknown
	ChangedBy        *Actor       `json:"changed_by,omitempty"`   // who made it, where a trail knows
	Line             int          `json:"line,omitempty"`         // of its block in File, from 1
	MonthlyCost      *float64     `json:"monthly_cost,omitempty"` // in Report.Cost's currency, to the cent; nil when unknown
	References       []string     `json:"references,omitempty"`   // addresses in its root module that its block refers to, sorted
}

// Actor is who did something, by the cloud's own audit trail.
type Actor struct {
	Principal string    `json:"principal"` // ARN of a user or session, or an AWS service
	Event     string    `json:"event"`     // API call: AuthorizeSecurityGroupIngress
	Source    string    `json:"source"`    // console, CLI, SDK, Terraform, AWS service …
	Time      time.Time `json:"time"`      // UTC
}

// Difference is one reason why a block is not verified.
type Difference struct {
	Path   string `json:"path"` // "" when it is about the whole block
	Reason string `json:"reason"`
}

// Owned is a resource that another tool made and looks after.
type Owned struct {
	Resource
	Owner string `json:"owner"` // "CloudFormation stack web"
}

// Ignored is a resource that a rule of the user's leaves out.
type Ignored struct {
	Resource
	Rule string `json:"rule"` // ".driftignore:3: aws_iam_role.*"
}

// Skipped is something that could not be seen. It is an error, so that whoever fails to see can return it.
type Skipped struct {
	What   string `json:"what"`   // "aws_vpc in eu-west-1", "state s3://bucket/key", "aws_instance.web"
	Reason string `json:"reason"` // what happened
	Remedy string `json:"remedy"` // what a person can do about it

	State    string `json:"state,omitempty"`   // set when a whole state was skipped
	Type     string `json:"type,omitempty"`    // resource type whose listing failed
	Account  string `json:"account,omitempty"` // scope of that listing
	Region   string `json:"region,omitempty"`
	ImportID string `json:"import_id,omitempty"` // set when a single resource was skipped
	Extra    bool   `json:"extra,omitempty"`     // it concerns what is said beside the findings (who, cost): they are complete without
	Err      error  `json:"-"`                   // cause
}

func (s *Skipped) Error() string { return s.What + " skipped: " + s.Reason }
func (s *Skipped) Unwrap() error { return s.Err }

// perRequest is what AWS SDKs and providers say of the one request that failed. It would make every night's report new.
var perRequest = regexp.MustCompile(`(?i),? ?(request|host) ?id: ?[^,\s]*,?`)

// lasting is a reason without what is true of one request only.
func lasting(reason string) string { return perRequest.ReplaceAllString(reason, "") }

// Finish sorts every list, so that the same cloud gives the same bytes, and fills in Complete and Summary.
// Lists are never null afterwards.
func (r *Report) Finish() {
	r.SchemaVersion = SchemaVersion
	for n := range r.Skipped {
		r.Skipped[n].Reason = lasting(r.Skipped[n].Reason)
	}
	for _, u := range r.Unmanaged {
		for n := range u.Differences {
			u.Differences[n].Reason = lasting(u.Differences[n].Reason)
		}
	}
	sortBy(&r.Managed, compareManaged)
	sortBy(&r.Deleted, compareManaged)
	sortBy(&r.Drifted, func(a, b Drifted) int { return compareManaged(a.Managed, b.Managed) })
	sortBy(&r.Unmanaged, func(a, b Unmanaged) int { return a.Resource.Compare(b.Resource) })
	sortBy(&r.Owned, func(a, b Owned) int { return a.Resource.Compare(b.Resource) })
	sortBy(&r.Ignored, func(a, b Ignored) int { return a.Resource.Compare(b.Resource) })
	sortBy(&r.Skipped, compareSkipped)

	r.assessed()

	r.Complete = !slices.ContainsFunc(r.Skipped, func(s Skipped) bool { return !s.Extra })
	r.UnmanagedUncertain = slices.ContainsFunc(r.Skipped, func(s Skipped) bool { return s.State != "" })
	r.Summary = Summary{
		Managed: len(r.Managed), Unmanaged: len(r.Unmanaged), Deleted: len(r.Deleted), Drifted: len(r.Drifted),
		Owned: len(r.Owned), Ignored: len(r.Ignored), Skipped: len(r.Skipped), Coverage: 100,
	}
	if seen := len(r.Managed) + len(r.Unmanaged); seen > 0 {
		r.Summary.Coverage = 100 * float64(len(r.Managed)) / float64(seen)
	}
}

// assessed sorts the weaknesses and adds the costs up.
func (r *Report) assessed() {
	if r.Security != nil {
		grave := func(w Weakness) int {
			if i := slices.Index(Severities, w.Severity); i >= 0 {
				return i
			}
			return len(Severities)
		}
		sortBy(&r.Security.Weaknesses, func(a, b Weakness) int {
			return cmp.Or(cmp.Compare(grave(a), grave(b)), strings.Compare(a.RootModule, b.RootModule), strings.Compare(a.Address, b.Address),
				strings.Compare(a.Rule, b.Rule), strings.Compare(a.Message, b.Message))
		})
	}
	if r.Cost == nil {
		return
	}
	cents := 0.0
	for _, u := range r.Unmanaged {
		if u.MonthlyCost != nil {
			cents += math.Round(*u.MonthlyCost * 100)
		}
	}
	r.Cost.Monthly = cents / 100
}

// Only is the report of the root modules that keep says, with all that was skipped, and without what belongs to no root
// module: owned and ignored resources, and what changed since another report.
func (r *Report) Only(keep func(rootModule string) bool) *Report {
	part := &Report{StartedAt: r.StartedAt, DurationSeconds: r.DurationSeconds, Skipped: slices.Clone(r.Skipped)}
	for _, m := range r.Managed {
		if keep(m.RootModule) {
			part.Managed = append(part.Managed, m)
		}
	}
	for _, m := range r.Deleted {
		if keep(m.RootModule) {
			part.Deleted = append(part.Deleted, m)
		}
	}
	for _, d := range r.Drifted {
		if keep(d.RootModule) {
			part.Drifted = append(part.Drifted, d)
		}
	}
	for _, u := range r.Unmanaged {
		if keep(u.RootModule) {
			part.Unmanaged = append(part.Unmanaged, u)
		}
	}
	if r.Security != nil {
		part.Security = &Security{Scanner: r.Security.Scanner}
		for _, w := range r.Security.Weaknesses {
			if keep(w.RootModule) {
				part.Security.Weaknesses = append(part.Security.Weaknesses, w)
			}
		}
	}
	if r.Cost != nil {
		part.Cost = &Cost{Estimator: r.Cost.Estimator, Currency: r.Cost.Currency}
	}
	part.Finish()
	return part
}

// Findings is how many resources are not as they should be: drifted, deleted and unmanaged ones.
func (s Summary) Findings() int { return s.Drifted + s.Deleted + s.Unmanaged }

func sortBy[T any](list *[]T, compare func(a, b T) int) {
	if *list == nil {
		*list = []T{}
	}
	slices.SortStableFunc(*list, compare)
}

func compareManaged(a, b Managed) int {
	return cmp.Or(
		strings.Compare(a.RootModule, b.RootModule),
		strings.Compare(a.State, b.State),
		strings.Compare(a.Address.String(), b.Address.String()),
		a.Resource.Compare(b.Resource),
	)
}

func compareSkipped(a, b Skipped) int {
	return cmp.Or(strings.Compare(a.What, b.What), strings.Compare(a.Reason, b.Reason))
}
