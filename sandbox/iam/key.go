package iam

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"pawsh/sandbox/wire"
)

// maxKeys is how many access keys a user can have.
const maxKeys = 2

func sortKeys(keys []*key) {
	slices.SortFunc(keys, func(a, b *key) int {
		if c := a.created.Compare(b.created); c != 0 {
			return c
		}
		return strings.Compare(a.id, b.id)
	})
}

func (k *key) status() types.StatusType {
	if k.inactive {
		return types.StatusTypeInactive
	}
	return types.StatusTypeActive
}

// userName is what responses call the key's owner: nothing for the account.
func (k *key) userName() *string {
	if k.user == nil {
		return aws.String("")
	}
	return aws.String(k.user.name)
}

// holder finds whose keys a request is about: a user's or, for the account's
// own caller who names none, the account's.
func (c *Cloud) holder(ctx context.Context, name *string) (*user, error) {
	if name == nil && wire.CallerFrom(ctx).UserName == "" {
		return nil, nil
	}
	return c.named(ctx, name)
}

// createAccessKey makes a key; its secret is told this once.
func (c *Cloud) createAccessKey(ctx context.Context, in *iam.CreateAccessKeyInput) (*iam.CreateAccessKeyOutput, error) {
	u, err := c.holder(ctx, in.UserName)
	if err != nil {
		return nil, err
	}
	if len(c.keysOf(u)) >= maxKeys {
		return nil, fail("LimitExceeded", http.StatusConflict, "Cannot exceed quota for AccessKeysPerUser: %d", maxKeys)
	}
	k := &key{id: c.env.UpperID("AKIA", 20), secret: c.env.Text(40), user: u, created: c.env.Now()}
	c.keys[k.id] = k
	return &iam.CreateAccessKeyOutput{AccessKey: &types.AccessKey{UserName: k.userName(), AccessKeyId: aws.String(k.id),
		SecretAccessKey: aws.String(k.secret), Status: k.status(), CreateDate: aws.Time(k.created)}}, nil
}

func (c *Cloud) listAccessKeys(ctx context.Context, in *iam.ListAccessKeysInput) (*iam.ListAccessKeysOutput, error) {
	u, err := c.holder(ctx, in.UserName)
	if err != nil {
		return nil, err
	}
	keys, next, err := page(c.keysOf(u), in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	out := &iam.ListAccessKeysOutput{AccessKeyMetadata: []types.AccessKeyMetadata{}, Marker: next, IsTruncated: next != nil}
	for _, k := range keys {
		out.AccessKeyMetadata = append(out.AccessKeyMetadata, types.AccessKeyMetadata{UserName: k.userName(), AccessKeyId: aws.String(k.id), Status: k.status(), CreateDate: aws.Time(k.created)})
	}
	return out, nil
}

// heldKey finds a key of the user that a request is about.
func (c *Cloud) heldKey(ctx context.Context, name, id *string) (*key, error) {
	u, err := c.holder(ctx, name)
	if err != nil {
		return nil, err
	}
	k := c.keys[aws.ToString(id)]
	if k == nil || k.user != u {
		return nil, fail("NoSuchEntity", http.StatusNotFound, "The Access Key with id %s cannot be found.", aws.ToString(id))
	}
	return k, nil
}

func (c *Cloud) updateAccessKey(ctx context.Context, in *iam.UpdateAccessKeyInput) (*iam.UpdateAccessKeyOutput, error) {
	k, err := c.heldKey(ctx, in.UserName, in.AccessKeyId)
	if err != nil {
		return nil, err
	}
	switch in.Status {
	case types.StatusTypeActive, types.StatusTypeInactive:
	default:
		return nil, fail("ValidationError", http.StatusBadRequest, "Value '%s' at 'status' failed to satisfy constraint: Member must satisfy enum value set: [Active, Inactive]", in.Status)
	}
	k.inactive = in.Status == types.StatusTypeInactive
	return nil, nil
}

func (c *Cloud) deleteAccessKey(ctx context.Context, in *iam.DeleteAccessKeyInput) (*iam.DeleteAccessKeyOutput, error) {
	k, err := c.heldKey(ctx, in.UserName, in.AccessKeyId)
	if err != nil {
		return nil, err
	}
	delete(c.keys, k.id)
	return nil, nil
}

func (c *Cloud) getAccessKeyLastUsed(_ context.Context, in *iam.GetAccessKeyLastUsedInput) (*iam.GetAccessKeyLastUsedOutput, error) {
	k := c.keys[aws.ToString(in.AccessKeyId)]
	if k == nil {
		return nil, fail("AccessDenied", http.StatusForbidden, "The Access Key with id %s cannot be found.", aws.ToString(in.AccessKeyId))
	}
	used := &types.AccessKeyLastUsed{Region: aws.String("N/A"), ServiceName: aws.String("N/A")}
	if !k.used.IsZero() {
		used = &types.AccessKeyLastUsed{LastUsedDate: aws.Time(k.used), Region: aws.String(k.usedRegion), ServiceName: aws.String(k.usedService)}
	}
	return &iam.GetAccessKeyLastUsedOutput{UserName: k.userName(), AccessKeyLastUsed: used}, nil
}
