package aws

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/smithy-go"
	"golang.org/x/sync/errgroup"
)

// tagMap turns a service's own list of tags into a map. Every service has its own type of tag.
//
//	tagMap(v.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
func tagMap[Tag any](tags []Tag, split func(Tag) (key, value *string)) map[string]string {
	m := make(map[string]string, len(tags))
	for _, tag := range tags {
		key, value := split(tag)
		if key == nil {
			continue
		}
		m[*key] = ""
		if value != nil {
			m[*key] = *value
		}
	}
	return m
}

// facts builds a listing's facts from pairs of name and value. An empty value says nothing and is left out.
func facts(pairs ...string) map[string]string {
	m := map[string]string{}
	for pair := range slices.Chunk(pairs, 2) {
		if len(pair) == 2 && pair[1] != "" {
			m[pair[0]] = pair[1]
		}
	}
	return m
}

// flag is the value of a fact that either holds or is not there.
func flag(holds bool) string {
	if holds {
		return "true"
	}
	return ""
}

// parentTags are the facts of what has no tags of its own, by which its parent's owner is known: "parent_tag:" before
// each of the parent's tags.
func parentTags(tags map[string]string) map[string]string {
	m := make(map[string]string, len(tags))
	for key, value := range tags {
		m["parent_tag:"+key] = value
	}
	return m
}

// where keeps the items that a listing is about.
func where[Item any](items []Item, keep func(Item) bool) []Item {
	var kept []Item
	for _, item := range items {
		if keep(item) {
			kept = append(kept, item)
		}
	}
	return kept
}

// eachLimit bounds the sub-calls of one listing, so that one type of many parents leaves room for the others.
const eachLimit = 4

// each makes the sub-calls of a listing (a bucket's policy, a repository's tags), a few at a time. It starts none any
// more once the context is cancelled.
func each[Item any](ctx context.Context, items []Item, do func(Item)) {
	var group errgroup.Group
	group.SetLimit(eachLimit)
	for _, item := range items {
		if ctx.Err() != nil {
			break
		}
		group.Go(func() error { do(item); return nil })
	}
	_ = group.Wait() // do answers through the sink, never by error
}

// hasCode says whether AWS answered with one of these error codes.
func hasCode(err error, codes ...string) bool {
	var api smithy.APIError
	return errors.As(err, &api) && slices.Contains(codes, api.ErrorCode())
}

// addTagged reports a resource whose tags were asked for by a call of their own, which answered with err. Where it
// failed the resource is still there, only without tags. gone are the error codes that say that the resource was
// deleted meanwhile: then there is nothing to report.
func (s *sink) addTagged(f found, err error, gone ...string) {
	if hasCode(err, gone...) {
		return
	}
	if err != nil {
		s.tagsFailed(err)
	}
	s.add(f)
}

// tagsFailed reports that tags could not be read, by which owners are known: once for the type, since one missing
// permission fails for every resource alike.
func (s *sink) tagsFailed(err error) {
	if s.ctx.Err() != nil || absent(err) {
		return
	}
	s.tagless.Do(func() {
		failure := skipped(s.job, "", err)
		failure.What = "tags of " + failure.What
		s.send(listing{err: failure})
	})
}
