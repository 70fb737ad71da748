package aws

import (
	"context"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
)

// under is the lister of what is listed parent by parent (a cluster's node groups, a vault's policy). What fails for
// one parent is told, and the others go on; a parent that is gone by then has none.
func under[Parent, Page, Options, Item any](
	parents func(context.Context, *scope) ([]Parent, error),
	name func(Parent) string,
	open func(*scope, Parent) pager[Page, Options],
	items func(*Page) []Item,
	add func(context.Context, *scope, *sink, Parent, Item),
) lister {
	return func(ctx context.Context, s *scope, out *sink) error {
		list, err := parents(ctx, s)
		each(ctx, list, func(parent Parent) {
			for page, err := range pages(ctx, s, open(s, parent)) {
				if err != nil {
					if !notFound(err) {
						out.failed(name(parent), err)
					}
					return
				}
				for _, item := range items(page) {
					add(ctx, s, out, parent, item)
				}
			}
		})
		return err
	}
}

func itself(name string) string { return name }

// arn is the ARN of something in the scope, for the services whose listings leave it out.
func (s *scope) arn(service, resource string) string {
	return strings.Join([]string{"arn", s.partition(), service, s.config.Region, s.account, resource}, ":")
}

func (s *scope) partition() string {
	switch {
	case strings.HasPrefix(s.config.Region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(s.config.Region, "us-gov-"):
		return "aws-us-gov"
	}
	return "aws"
}

// ends says whether a resource is on its way out, by the many words that services have for it.
func ends(state string) bool {
	state = strings.ToUpper(state)
	return strings.HasPrefix(state, "DELET") || strings.HasPrefix(state, "TERMINAT")
}

// presetGroup is the fact of parameter and subnet groups that come with a service: "default", "default.redis7".
func presetGroup(name *string) map[string]string {
	n := awssdk.ToString(name)
	return facts("default", flag(n == "default" || strings.HasPrefix(n, "default.")))
}
