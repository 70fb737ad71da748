package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
)

type kmsAPI interface {
	kms.ListKeysAPIClient
	kms.ListAliasesAPIClient
	kms.ListResourceTagsAPIClient
	DescribeKey(context.Context, *kms.DescribeKeyInput, ...func(*kms.Options)) (*kms.DescribeKeyOutput, error)
}

func (s *scope) kms() kmsAPI { return client(s, "kms", kms.NewFromConfig) }

var kmsRows = []Row{
	{Type: "aws_kms_alias", Actions: []string{"kms:ListAliases"}, list: paged(
		func(s *scope) pager[kms.ListAliasesOutput, kms.Options] {
			return kms.NewListAliasesPaginator(s.kms(), &kms.ListAliasesInput{})
		},
		func(page *kms.ListAliasesOutput) []types.AliasListEntry { return page.Aliases },
		func(_ *scope, a types.AliasListEntry) found {
			name := awssdk.ToString(a.AliasName)
			return found{id: name, name: name, facts: facts("alias_name", name, "kms", awssdk.ToString(a.TargetKeyId))}
		})},
	{Type: "aws_kms_key", Actions: []string{"kms:ListKeys", "kms:DescribeKey", "kms:ListResourceTags"}, list: listKeys},
}

func listKeys(ctx context.Context, s *scope, out *sink) error {
	for page, err := range pages(ctx, s, kms.NewListKeysPaginator(s.kms(), &kms.ListKeysInput{})) {
		if err != nil {
			return err
		}
		each(ctx, page.Keys, func(entry types.KeyListEntry) { seeKey(ctx, s, out, entry.KeyId) })
	}
	return nil
}

// seeKey reports the keys that are an aws_kms_key: imported key material and replicas of another region's key are
// other types. A key whose policy keeps even its description from us is skipped, because whether it is AWS's own
// cannot be told.
func seeKey(ctx context.Context, s *scope, out *sink, id *string) {
	described, err := call(ctx, s, s.kms().DescribeKey, &kms.DescribeKeyInput{KeyId: id})
	if notFound(err) {
		return
	}
	if err != nil {
		out.failed(awssdk.ToString(id), err)
		return
	}
	key := described.KeyMetadata
	replica := key.MultiRegionConfiguration != nil && key.MultiRegionConfiguration.MultiRegionKeyType == types.MultiRegionKeyTypeReplica
	if replica || key.Origin == types.OriginTypeExternal {
		return
	}
	f := found{id: awssdk.ToString(key.KeyId), name: awssdk.ToString(key.Description), facts: facts(
		"key_manager", string(key.KeyManager), "key_state", string(key.KeyState))}
	if key.KeyManager == types.KeyManagerTypeAws { // has no tags, and often no permission to ask for them
		out.add(f)
		return
	}
	out.addWithTags(f, func() (map[string]string, error) { return keyTags(ctx, s, id) })
}

func keyTags(ctx context.Context, s *scope, id *string) (map[string]string, error) {
	tags, err := all(ctx, s, kms.NewListResourceTagsPaginator(s.kms(), &kms.ListResourceTagsInput{KeyId: id}),
		func(page *kms.ListResourceTagsOutput) []types.Tag { return page.Tags })
	return tagMap(tags, func(t types.Tag) (*string, *string) { return t.TagKey, t.TagValue }), err
}
