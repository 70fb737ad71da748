// Package attribution asks AWS CloudTrail who changed, deleted or made what a report has found, and when. It knows only
// the management events that CloudTrail keeps for 90 days by itself, writes to no trail, and decides nothing.
package attribution

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"github.com/seed-e90528ae/driftline/drift"
)

// Trail is the one call that is made.
type Trail interface {
	LookupEvents(context.Context, *cloudtrail.LookupEventsInput, ...func(*cloudtrail.Options)) (*cloudtrail.LookupEventsOutput, error)
}

// Options say whom to ask. Trails is required.
type Options struct {
	Trails  func(region string) Trail // of the account that was scanned
	Account string                    // that the trails are of: others are not asked about; "" for any
	Most    int                       // resources that are asked about; 0 for 200
	// Wait is called before each call but the first; nil waits half a second: CloudTrail allows two calls a second for
	// each account and region. https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
	Wait func(context.Context) error
}

// Pages of 50 events that are read about one resource.
const pages = 3

// Attribute writes into r who did it, as far as CloudTrail knows: drifted, deleted, then unmanaged resources. A trail that
// can't be read becomes one skipped entry for its region, and is not asked again. The error is ctx's.
func Attribute(ctx context.Context, r *drift.Report, o Options) error {
	o.Most = cmp.Or(o.Most, 200)
	if o.Wait == nil {
		o.Wait = halfASecond
	}
	a := &asker{Options: o, trails: map[string]Trail{}, refused: map[string]bool{}}
	for i := range r.Drifted {
		a.ask(ctx, r.Drifted[i].Resource, latest, &r.Drifted[i].ChangedBy)
	}
	for i := range r.Deleted {
		a.ask(ctx, r.Deleted[i].Resource, deletion, &r.Deleted[i].ChangedBy)
	}
	for i := range r.Unmanaged {
		a.ask(ctx, r.Unmanaged[i].Resource, creation, &r.Unmanaged[i].ChangedBy)
	}
	if a.left > 0 {
		a.skipped = append(a.skipped, drift.Skipped{What: fmt.Sprintf("who changed %d more resources", a.left), Extra: true,
			Reason: fmt.Sprintf("CloudTrail answers twice a second, and %d were asked about", o.Most),
			Remedy: "look them up in CloudTrail's event history"})
	}
	r.Skipped = append(r.Skipped, a.skipped...)
	r.Finish()
	return ctx.Err()
}

func halfASecond(ctx context.Context) error {
	timer := time.NewTimer(500 * time.Millisecond)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

type asker struct {
	Options
	trails  map[string]Trail
	refused map[string]bool
	skipped []drift.Skipped
	asked   int
	left    int
	called  bool
}

// ask finds the event that choose picks among those of a resource, newest first.
func (a *asker) ask(ctx context.Context, r drift.Resource, choose func([]event) *event, by **drift.Actor) {
	region := r.Region
	if region == "" || region == drift.Global {
		region = "us-east-1" // where global services log
	}
	if r.Provider != drift.AWS || a.refused[region] || ctx.Err() != nil {
		return
	}
	if a.Account != "" && r.Account != "" && r.Account != a.Account {
		a.otherAccount(r.Account)
		return
	}
	if a.asked == a.Most {
		a.left++
		return
	}
	a.asked++
	if a.trails[region] == nil {
		a.trails[region] = a.Trails(region)
	}
	for _, name := range names(r) {
		events, err := a.lookUp(ctx, a.trails[region], name)
		if err != nil {
			if ctx.Err() == nil {
				a.refused[region] = true
				a.skipped = append(a.skipped, drift.Skipped{What: "who changed resources in " + region, Reason: err.Error(), Err: err, Extra: true,
					Region: region, Account: r.Account, Remedy: "allow cloudtrail:LookupEvents, or leave attribution out"})
			}
			return
		}
		if e := choose(events); e != nil {
			*by = e.actor()
			return
		}
	}
}

// otherAccount says once that an account's trail is not asked.
func (a *asker) otherAccount(account string) {
	if a.refused[account] {
		return
	}
	a.refused[account] = true
	a.skipped = append(a.skipped, drift.Skipped{What: "who changed resources in account " + account, Account: account, Extra: true,
		Reason: "only the trail of the credentials' own account is asked", Remedy: "run once for each account, or look them up in its event history"})
}

// names are what CloudTrail may call a resource: by its import ID, or the name at the end of it.
func names(r drift.Resource) []string {
	list := []string{r.ImportID}
	if last := r.ImportID[strings.LastIndexAny(r.ImportID, "/:")+1:]; last != r.ImportID && last != "" {
		list = append(list, last)
	}
	return list
}

func (a *asker) lookUp(ctx context.Context, trail Trail, name string) ([]event, error) {
	in := &cloudtrail.LookupEventsInput{MaxResults: aws.Int32(50), LookupAttributes: []types.LookupAttribute{
		{AttributeKey: types.LookupAttributeKeyResourceName, AttributeValue: &name}}}
	var events []event
	for range pages {
		if a.called {
			if err := a.Wait(ctx); err != nil {
				return nil, err
			}
		}
		a.called = true
		out, err := trail.LookupEvents(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, e := range out.Events {
			if aws.ToString(e.ReadOnly) != "true" {
				events = append(events, parse(e))
			}
		}
		if aws.ToString(out.NextToken) == "" {
			break
		}
		in.NextToken = out.NextToken
	}
	return events, nil
}

// event is what of a CloudTrail record is read.
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
type event struct {
	EventName    string `json:"eventName"`
	UserAgent    string `json:"userAgent"`
	ErrorCode    string `json:"errorCode"`
	FromConsole  string `json:"sessionCredentialFromConsole"`
	UserIdentity struct {
		Type      string `json:"type"`
		ARN       string `json:"arn"`
		UserName  string `json:"userName"`
		InvokedBy string `json:"invokedBy"`
	} `json:"userIdentity"`
	at        time.Time
	principal string // by the event's own summary
}

func parse(e types.Event) event {
	var parsed event
	if json.Unmarshal([]byte(aws.ToString(e.CloudTrailEvent)), &parsed) != nil {
		parsed = event{}
	}
	parsed.EventName = cmp.Or(parsed.EventName, aws.ToString(e.EventName))
	parsed.at, parsed.principal = aws.ToTime(e.EventTime).UTC(), aws.ToString(e.Username)
	return parsed
}

func (e event) actor() *drift.Actor {
	who := cmp.Or(e.UserIdentity.ARN, e.UserIdentity.UserName, e.UserIdentity.InvokedBy, e.principal, "unknown")
	return &drift.Actor{Principal: who, Event: e.EventName, Source: e.source(), Time: e.at}
}

// agents tell the source by a part of the user agent, in lower case; the first that fits is taken.
var agents = []struct{ part, source string }{
	{"terraform", "Terraform"}, {"opentofu", "OpenTofu"}, {"pulumi", "Pulumi"}, {"aws-cli", "CLI"}, {"console", "console"},
	{"aws-sdk", "SDK"}, {"boto", "SDK"}, {"amazonaws.com", "AWS service"},
}

func (e event) source() string {
	if e.FromConsole == "true" {
		return "console"
	}
	agent := strings.ToLower(e.UserAgent)
	for _, a := range agents {
		if strings.Contains(agent, a.part) {
			return a.source
		}
	}
	return "API"
}

// latest is the newest change that was not refused.
func latest(events []event) *event { return newest(events, "") }

func deletion(events []event) *event {
	for _, verb := range []string{"Delete", "Terminate", "Release", "Detach", "Remove"} {
		if e := newest(events, verb); e != nil {
			return e
		}
	}
	return nil
}

func creation(events []event) *event {
	for _, verb := range []string{"Create", "Run", "Allocate", "Put", "Register", "Import", "Request"} {
		if e := newest(events, verb); e != nil {
			return e
		}
	}
	return nil
}

func newest(events []event, verb string) *event {
	for i, e := range events {
		if e.ErrorCode == "" && strings.HasPrefix(e.EventName, verb) {
			return &events[i]
		}
	}
	return nil
}
