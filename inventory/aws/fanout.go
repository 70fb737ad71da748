package aws

import (
	"context"
	"errors"
	"strings"
	"sync"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go"
)

// client is the one client of a service in a scope, for all rows of it.
func client[C, O any](s *scope, service string, open func(awssdk.Config, ...func(*O)) *C) *C {
	once, _ := s.memo.LoadOrStore("client "+service, sync.OnceValue(func() any { return open(s.config) }))
	return once.(func() any)().(*C)
}

// tagged is the lister of a type whose listing leaves the tags out: one more call for each resource, because owners
// are told by tags. A resource whose tags cannot be read is still there; one that is gone by then is not.
func tagged[Page, Options, Item any](
	open func(*scope) pager[Page, Options],
	items func(*Page) []Item,
	see func(*scope, Item) found,
	tags func(context.Context, *scope, Item) (map[string]string, error),
) lister {
	return func(ctx context.Context, s *scope, out *sink) error {
		for page, err := range pages(ctx, s, open(s)) {
			if err != nil {
				return err
			}
			each(ctx, items(page), func(item Item) {
				out.addWithTags(see(s, item), func() (map[string]string, error) { return tags(ctx, s, item) })
			})
		}
		return nil
	}
}

// addWithTags reports a resource with the tags that a further call gives.
func (s *sink) addWithTags(f found, tags func() (map[string]string, error)) {
	var err error
	if f.tags, err = tags(); notFound(err) {
		return
	}
	s.addTagged(f, err)
}

// sharedTags asks for the tags of a parent once, for its own row and for those of its parts, which have no tags.
func sharedTags(s *scope, id string, load func() (map[string]string, error)) (map[string]string, error) {
	list, err := shared(s, "tags of "+id, func() ([]map[string]string, error) {
		tags, err := load()
		return []map[string]string{tags}, err
	})
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

// partFacts are the facts of a part of something else: whose part it is, and the tags of that, by which its owner is
// known. What is gone has no parts; the second result says whether it is still there.
func (s *sink) partFacts(typ, id string, tags func() (map[string]string, error)) (map[string]string, bool) {
	of, err := tags()
	if notFound(err) {
		return nil, false
	}
	if err != nil {
		s.tagsFailed(err)
	}
	return partOf(typ, id, of), true
}

// partOf are the facts of a part of something whose tags are at hand.
func partOf(typ, id string, tags map[string]string) map[string]string {
	m := parentTags(tags)
	m["parent"], m["parent_type"] = id, typ
	return m
}

// converted is the list with each item turned into another.
func converted[From, To any](list []From, convert func(From) To) []To {
	out := make([]To, len(list))
	for n, item := range list {
		out[n] = convert(item)
	}
	return out
}

// goneWords stand in every error code that says that a resource does not exist: ResourceNotFoundException,
// NoSuchEntity, QueueDoesNotExist, AWS.SimpleQueueService.NonExistentQueue, WAFNonexistentItemException.
var goneWords = []string{"notfound", "nosuch", "doesnotexist", "nonexistent"}

// notFound tells that the thing asked for is not there, which is an answer and not a failure.
func notFound(err error) bool {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return false
	}
	code := strings.ToLower(api.ErrorCode())
	for _, word := range goneWords {
		if strings.Contains(code, word) {
			return true
		}
	}
	return false
}

// byToken pages through an operation that the SDK has no paginator for. Cursor is the input's token field, next the
// output's.
func byToken[In, Out, Options any](
	operation func(context.Context, *In, ...func(*Options)) (*Out, error), in *In, cursor **string, next func(*Out) *string,
) pager[Out, Options] {
	return &tokenPager[In, Out, Options]{operation: operation, in: in, cursor: cursor, next: next, more: true}
}

type tokenPager[In, Out, Options any] struct {
	operation func(context.Context, *In, ...func(*Options)) (*Out, error)
	in        *In
	cursor    **string
	next      func(*Out) *string
	more      bool
}

func (p *tokenPager[In, Out, Options]) HasMorePages() bool { return p.more }

// NextPage ends the listing on a token that does not move, as the SDK's own paginators do.
func (p *tokenPager[In, Out, Options]) NextPage(ctx context.Context, options ...func(*Options)) (*Out, error) {
	out, err := p.operation(ctx, p.in, options...)
	if err != nil {
		return nil, err
	}
	before, after := awssdk.ToString(*p.cursor), p.next(out)
	p.more = awssdk.ToString(after) != "" && *after != before
	*p.cursor = after
	return out, nil
}
