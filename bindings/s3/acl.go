package s3

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// AccessPolicy is who may do what with a bucket or key (boto: Policy).
type AccessPolicy struct {
	Owner *Owner
	ACL   *ACL
	Raw   *types.AccessControlPolicy
}

// ACL is the grants of an access policy (boto: ACL).
type ACL struct{ Grants []*Grant }

// AddGrant adds a grant, here only until SetACL (boto: add_grant).
//
// Example: policy := bucket.GetACL(); policy.ACL.AddGrant(&s3.Grant{Permission: "READ", Type: "Group", URI: "http://acs.amazonaws.com/groups/global/AllUsers"}); bucket.SetACL(policy)
func (a *ACL) AddGrant(grant *Grant) { a.Grants = append(a.Grants, grant) }

// AddEmailGrant lets the account of an e-mail address do something, here only
// until SetACL (boto: add_email_grant).
//
// Example: policy := bucket.GetACL(); policy.ACL.AddEmailGrant("READ", "friend@example.com")
func (a *ACL) AddEmailGrant(permission, emailAddress string) {
	a.AddGrant(&Grant{Permission: permission, Type: string(types.TypeAmazonCustomerByEmail), EmailAddress: emailAddress})
}

// AddUserGrant lets the account of a canonical id do something, here only
// until SetACL (boto: add_user_grant).
//
// Example: policy := key.GetACL(); policy.ACL.AddUserGrant("READ", s3.GetCanonicalUserID()); key.SetACL(policy)
func (a *ACL) AddUserGrant(permission, userID string) {
	a.AddGrant(&Grant{Permission: permission, Type: string(types.TypeCanonicalUser), ID: userID})
}

// String prints the policy as boto does.
func (p *AccessPolicy) String() string {
	name := ""
	if p.Owner != nil {
		name = p.Owner.name()
	}
	var grants []string
	for _, g := range p.grants() {
		who := g.DisplayName
		switch {
		case g.ID != "" && p.Owner != nil && g.ID == p.Owner.ID:
			who = name + " (owner)"
		case g.URI != "":
			who = g.URI
		case who == "" && g.EmailAddress != "":
			who = g.EmailAddress
		case who == "":
			who = g.ID
		}
		grants = append(grants, who+" = "+g.Permission)
	}
	return "<Policy: " + strings.Join(grants, ", ") + ">"
}

func (p *AccessPolicy) grants() []*Grant {
	if p.ACL == nil {
		return nil
	}
	return p.ACL.Grants
}

func (o *Owner) name() string {
	if o.DisplayName != "" {
		return o.DisplayName
	}
	return o.ID
}

// Grant lets one grantee do one thing (boto: Grant).
type Grant struct {
	Permission   string // "READ", "WRITE", "READ_ACP", "WRITE_ACP", "FULL_CONTROL"
	Type         string // "CanonicalUser", "Group", "AmazonCustomerByEmail"
	ID           string
	DisplayName  string
	EmailAddress string
	URI          string
	Raw          types.Grant
}

// String prints the grant.
func (g *Grant) String() string {
	for _, who := range []string{g.DisplayName, g.EmailAddress, g.URI, g.ID} {
		if who != "" {
			return "<Grant: " + who + " = " + g.Permission + ">"
		}
	}
	return "<Grant: " + g.Permission + ">"
}

func accessPolicy(raw *types.Owner, grants []types.Grant) *AccessPolicy {
	p := &AccessPolicy{ACL: &ACL{}, Raw: &types.AccessControlPolicy{Owner: raw, Grants: grants}}
	if raw != nil {
		p.Owner = owner(raw)
	}
	for _, g := range grants {
		grant := &Grant{Permission: string(g.Permission), Raw: g}
		if who := g.Grantee; who != nil {
			grant.Type, grant.ID, grant.DisplayName = string(who.Type), aws.ToString(who.ID), aws.ToString(who.DisplayName)
			grant.EmailAddress, grant.URI = aws.ToString(who.EmailAddress), aws.ToString(who.URI)
		}
		p.ACL.AddGrant(grant)
	}
	return p
}

func (p *AccessPolicy) raw() *types.AccessControlPolicy {
	out := &types.AccessControlPolicy{}
	if p.Owner != nil {
		out.Owner = &types.Owner{ID: optional(p.Owner.ID), DisplayName: optional(p.Owner.DisplayName)}
	}
	for _, g := range p.grants() {
		out.Grants = append(out.Grants, types.Grant{Permission: types.Permission(g.Permission), Grantee: &types.Grantee{
			Type: types.Type(g.Type), ID: optional(g.ID), DisplayName: optional(g.DisplayName),
			EmailAddress: optional(g.EmailAddress), URI: optional(g.URI),
		}})
	}
	return out
}

// GetACL gives the bucket's access policy: GetBucketAcl (boto: get_acl).
//
// Example: bucket.GetACL().ACL.Grants
func (b *Bucket) GetACL() (*AccessPolicy, error) {
	out, err := follow(b.Connection, b.Name, func(opt func(*sdk.Options)) (*sdk.GetBucketAclOutput, error) {
		return b.Connection.Client.GetBucketAcl(b.Connection.ctx(), &sdk.GetBucketAclInput{Bucket: aws.String(b.Name)}, opt)
	})
	if err != nil {
		return nil, fmt.Errorf("get access policy of bucket %q: %w", b.Name, err)
	}
	return accessPolicy(out.Owner, out.Grants), nil
}

func (b *Bucket) putACL(in *sdk.PutBucketAclInput) error {
	in.Bucket = aws.String(b.Name)
	_, err := follow(b.Connection, b.Name, func(opt func(*sdk.Options)) (*sdk.PutBucketAclOutput, error) {
		return b.Connection.Client.PutBucketAcl(b.Connection.ctx(), in, opt)
	})
	if err != nil {
		return fmt.Errorf("set access policy of bucket %q: %w", b.Name, err)
	}
	return nil
}

// SetCannedACL sets a canned access policy, such as "public-read", of the
// bucket or of a key of it: PutBucketAcl or PutObjectAcl
// (boto: set_canned_acl).
//
// Example: bucket.SetCannedACL("public-read")
func (b *Bucket) SetCannedACL(acl string, keyName ...string) error {
	if len(keyName) > 0 && keyName[0] != "" {
		return b.NewKey(keyName[0]).SetCannedACL(acl)
	}
	return b.putACL(&sdk.PutBucketAclInput{ACL: types.BucketCannedACL(acl)})
}

// SetACL sets the access policy of the bucket or of a key of it: a canned one
// by name or an *AccessPolicy: PutBucketAcl or PutObjectAcl (boto: set_acl).
//
// Example: bucket.SetACL("private", "cat.jpg")
func (b *Bucket) SetACL(acl any, keyName ...string) error {
	if len(keyName) > 0 && keyName[0] != "" {
		return b.NewKey(keyName[0]).SetACL(acl)
	}
	switch acl := acl.(type) {
	case string:
		return b.SetCannedACL(acl)
	case *AccessPolicy:
		return b.putACL(&sdk.PutBucketAclInput{AccessControlPolicy: acl.raw()})
	}
	return fmt.Errorf("set access policy of bucket %q: want a name or an *AccessPolicy, not a %T", b.Name, acl)
}

// GetACL gives the key's access policy: GetObjectAcl (boto: get_acl).
//
// Example: key.GetACL().ACL.Grants
func (k *Key) GetACL() (*AccessPolicy, error) {
	if err := k.check("get access policy of"); err != nil {
		return nil, err
	}
	c := k.Bucket.Connection
	out, err := follow(c, k.Bucket.Name, func(opt func(*sdk.Options)) (*sdk.GetObjectAclOutput, error) {
		return c.Client.GetObjectAcl(c.ctx(), &sdk.GetObjectAclInput{Bucket: aws.String(k.Bucket.Name), Key: aws.String(k.Name), VersionId: optional(k.VersionID)}, opt)
	})
	if err != nil {
		return nil, fmt.Errorf("get access policy of key %q of bucket %q: %w", k.Name, k.Bucket.Name, err)
	}
	return accessPolicy(out.Owner, out.Grants), nil
}

// SetCannedACL sets a canned access policy of the key: PutObjectAcl
// (boto: set_canned_acl).
//
// Example: key.SetCannedACL("public-read")
func (k *Key) SetCannedACL(acl string) error { return k.SetACL(acl) }

// SetACL sets the key's access policy, a canned one by name or an
// *AccessPolicy: PutObjectAcl (boto: set_acl).
//
// Example: key.SetACL("authenticated-read")
func (k *Key) SetACL(acl any) error {
	if err := k.check("set access policy of"); err != nil {
		return err
	}
	c := k.Bucket.Connection
	in := &sdk.PutObjectAclInput{Bucket: aws.String(k.Bucket.Name), Key: aws.String(k.Name), VersionId: optional(k.VersionID)}
	switch acl := acl.(type) {
	case string:
		in.ACL = types.ObjectCannedACL(acl)
	case *AccessPolicy:
		in.AccessControlPolicy = acl.raw()
	default:
		return fmt.Errorf("set access policy of key %q: want a name or an *AccessPolicy, not a %T", k.Name, acl)
	}
	_, err := follow(c, k.Bucket.Name, func(opt func(*sdk.Options)) (*sdk.PutObjectAclOutput, error) {
		return c.Client.PutObjectAcl(c.ctx(), in, opt)
	})
	if err != nil {
		return fmt.Errorf("set access policy of key %q of bucket %q: %w", k.Name, k.Bucket.Name, err)
	}
	return nil
}

// AddEmailGrant lets the account of an e-mail address do something with the
// key: GetObjectAcl, PutObjectAcl (boto: add_email_grant).
//
// Example: key.AddEmailGrant("READ", "friend@example.com")
func (k *Key) AddEmailGrant(permission, emailAddress string) error {
	return k.addGrant(&Grant{Permission: permission, Type: string(types.TypeAmazonCustomerByEmail), EmailAddress: emailAddress})
}

// AddUserGrant lets the account of a canonical id do something with the key:
// GetObjectAcl, PutObjectAcl (boto: add_user_grant).
//
// Example: key.AddUserGrant("READ", s3.GetCanonicalUserID())
func (k *Key) AddUserGrant(permission, userID string) error {
	return k.addGrant(&Grant{Permission: permission, Type: string(types.TypeCanonicalUser), ID: userID})
}

func (k *Key) addGrant(g *Grant) error {
	p, err := k.GetACL()
	if err != nil {
		return err
	}
	p.ACL.AddGrant(g)
	return k.SetACL(p)
}

// MakePublic lets everyone read the key: PutObjectAcl (boto: make_public).
//
// Example: key.MakePublic()
func (k *Key) MakePublic() error { return k.SetCannedACL("public-read") }

// AddEmailGrant lets the account of an e-mail address do something with the
// bucket: GetBucketAcl, PutBucketAcl (boto: add_email_grant).
//
// Example: bucket.AddEmailGrant("WRITE", "friend@example.com")
func (b *Bucket) AddEmailGrant(permission, emailAddress string) error {
	return b.changeACL(func(a *ACL) { a.AddEmailGrant(permission, emailAddress) })
}

// AddUserGrant lets the account of a canonical id do something with the
// bucket: GetBucketAcl, PutBucketAcl (boto: add_user_grant).
//
// Example: bucket.AddUserGrant("READ", s3.GetCanonicalUserID())
func (b *Bucket) AddUserGrant(permission, userID string) error {
	return b.changeACL(func(a *ACL) { a.AddUserGrant(permission, userID) })
}

func (b *Bucket) changeACL(change func(*ACL)) error {
	p, err := b.GetACL()
	if err != nil {
		return err
	}
	change(p.ACL)
	return b.SetACL(p)
}

// ListGrants lists who may do what with the bucket: GetBucketAcl
// (boto: list_grants).
//
// Example: for _, g := range bucket.ListGrants() { fmt.Println(g.Permission, g.DisplayName) }
func (b *Bucket) ListGrants() ([]*Grant, error) {
	p, err := b.GetACL()
	if err != nil {
		return nil, err
	}
	return p.grants(), nil
}

// MakePublic lets everyone list the bucket: PutBucketAcl (boto: make_public).
//
// Example: bucket.MakePublic()
func (b *Bucket) MakePublic() error { return b.SetCannedACL("public-read") }
