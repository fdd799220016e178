package s3

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pawsh/sandbox/wire"
)

// acl is an access list: whose it is, and who else may do what. The account
// is kept beside the wire's form of the owner.
type acl struct {
	account string
	grants  []types.Grant
}

// The groups that S3 knows.
const (
	allUsers      = "http://acs.amazonaws.com/groups/global/AllUsers"
	authenticated = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
	logDelivery   = "http://acs.amazonaws.com/groups/s3/LogDelivery"
)

// canonicalID is the id that S3 has for an account.
func canonicalID(account string) string {
	sum := sha256.Sum256([]byte("canonical user " + account))
	return hex.EncodeToString(sum[:])
}

func owner(account string) *types.Owner {
	return &types.Owner{ID: aws.String(canonicalID(account)), DisplayName: aws.String("account-" + account)}
}

func user(account string) *types.Grantee {
	o := owner(account)
	return &types.Grantee{Type: types.TypeCanonicalUser, ID: o.ID, DisplayName: o.DisplayName}
}

func group(uri string) *types.Grantee {
	return &types.Grantee{Type: types.TypeGroup, URI: aws.String(uri)}
}

// private is the list with which everything begins: the owner may do all.
func private(account string) acl {
	return acl{account, []types.Grant{{Grantee: user(account), Permission: types.PermissionFullControl}}}
}

// canned makes the list of a canned name; bucketOwner is the account of the
// bucket around an object, "" for a bucket's own list.
func canned(name, account, bucketOwner string) (acl, bool) {
	a := private(account)
	grant := func(g *types.Grantee, perms ...types.Permission) {
		for _, p := range perms {
			a.grants = append(a.grants, types.Grant{Grantee: g, Permission: p})
		}
	}
	switch name {
	case "", "private":
	case "public-read":
		grant(group(allUsers), types.PermissionRead)
	case "public-read-write":
		grant(group(allUsers), types.PermissionRead, types.PermissionWrite)
	case "authenticated-read":
		grant(group(authenticated), types.PermissionRead)
	case "aws-exec-read":
		grant(user("za-team"), types.PermissionRead)
	case "log-delivery-write":
		if bucketOwner != "" {
			return a, false
		}
		grant(group(logDelivery), types.PermissionWrite, types.PermissionReadAcp)
	case "bucket-owner-read":
		if bucketOwner != "" && bucketOwner != account {
			grant(user(bucketOwner), types.PermissionRead)
		}
	case "bucket-owner-full-control":
		if bucketOwner != "" && bucketOwner != account {
			grant(user(bucketOwner), types.PermissionFullControl)
		}
	default:
		return a, false
	}
	return a, true
}

// grantHeaders are the x-amz-grant-* headers of a request.
type grantHeaders struct{ full, read, readACP, write, writeACP *string }

// requestedACL makes the list that a request asks for: canned, by headers or,
// in its body, in full.
func (q *call) requestedACL(name string, h grantHeaders, full *types.AccessControlPolicy, account, bucketOwner string) (acl, error) {
	switch {
	case full != nil && (name != "" || h != (grantHeaders{})):
		return acl{}, wire.Errorf("UnexpectedContent", http.StatusBadRequest, "This request does not support content")
	case name != "" && h != (grantHeaders{}):
		return acl{}, wire.Errorf("InvalidRequest", http.StatusBadRequest, "Specifying both Canned ACLs and Header Grants is not allowed")
	}
	switch {
	case full != nil:
		return fullACL(full, account)
	case h != (grantHeaders{}):
		return headerACL(h, account)
	}
	a, ok := canned(name, account, bucketOwner)
	if !ok {
		return a, wire.Errorf("InvalidArgument", http.StatusBadRequest, "").With("ArgumentName", "x-amz-acl").With("ArgumentValue", name)
	}
	return a, nil
}

func malformedACL() error {
	return wire.Errorf("MalformedACLError", http.StatusBadRequest, "The XML you provided was not well-formed or did not validate against our published schema")
}

const maxGrants = 100

// fullACL checks a list in the form of the wire and keeps it as it is, with
// those whom an e-mail address names resolved.
func fullACL(p *types.AccessControlPolicy, account string) (acl, error) {
	if p.Owner == nil || aws.ToString(p.Owner.ID) == "" {
		return acl{}, malformedACL()
	}
	if len(p.Grants) > maxGrants {
		return acl{}, malformedACL()
	}
	a := acl{account: account}
	for _, g := range p.Grants {
		if g.Grantee == nil || !slices.Contains(g.Permission.Values(), g.Permission) {
			return acl{}, malformedACL()
		}
		who := *g.Grantee
		switch who.Type {
		case types.TypeCanonicalUser:
			if aws.ToString(who.ID) == "" {
				return acl{}, malformedACL()
			}
			if !canonicalForm(*who.ID) {
				return acl{}, wire.Errorf("InvalidArgument", http.StatusBadRequest, "Invalid id").With("ArgumentName", "CanonicalUser/ID").With("ArgumentValue", aws.ToString(who.ID))
			}
		case types.TypeGroup:
			if !knownGroup(aws.ToString(who.URI)) {
				return acl{}, wire.Errorf("InvalidArgument", http.StatusBadRequest, "Invalid group uri").With("ArgumentName", "Group/URI").With("ArgumentValue", aws.ToString(who.URI))
			}
		case types.TypeAmazonCustomerByEmail:
			byMail, err := mailUser(aws.ToString(who.EmailAddress))
			if err != nil {
				return acl{}, err
			}
			who = *byMail
		default:
			return acl{}, malformedACL()
		}
		a.grants = append(a.grants, types.Grant{Grantee: &who, Permission: g.Permission})
	}
	if *p.Owner.ID != canonicalID(account) {
		return acl{}, denied()
	}
	return a, nil
}

// mailUser resolves an e-mail address: each belongs to an account of its own.
func mailUser(address string) (*types.Grantee, error) {
	if !strings.Contains(address, "@") {
		return nil, wire.Errorf("UnresolvableGrantByEmailAddress", http.StatusBadRequest, "The e-mail address you provided does not match any account on record.").With("emailAddress", address)
	}
	u := user("mail " + strings.ToLower(address))
	u.DisplayName = aws.String(strings.SplitN(address, "@", 2)[0])
	return u, nil
}

func canonicalForm(id string) bool {
	b, err := hex.DecodeString(id)
	return err == nil && len(b) == 32
}

func knownGroup(uri string) bool {
	return uri == allUsers || uri == authenticated || uri == logDelivery
}

// headerACL reads grants such as id="...", uri="...", emailAddress="...".
func headerACL(h grantHeaders, account string) (acl, error) {
	a := acl{account: account}
	for _, w := range []struct {
		header *string
		perm   types.Permission
	}{{h.full, types.PermissionFullControl}, {h.read, types.PermissionRead}, {h.readACP, types.PermissionReadAcp}, {h.write, types.PermissionWrite}, {h.writeACP, types.PermissionWriteAcp}} {
		if w.header == nil {
			continue
		}
		for _, part := range strings.Split(*w.header, ",") {
			kind, value, ok := strings.Cut(strings.TrimSpace(part), "=")
			value = strings.Trim(value, `"`)
			var who *types.Grantee
			switch {
			case ok && kind == "id" && canonicalForm(value):
				who = &types.Grantee{Type: types.TypeCanonicalUser, ID: aws.String(value)}
			case ok && kind == "uri" && knownGroup(value):
				who = group(value)
			case ok && kind == "emailAddress":
				byMail, err := mailUser(value)
				if err != nil {
					return acl{}, err
				}
				who = byMail
			default:
				return acl{}, invalid("Argument format not recognized")
			}
			a.grants = append(a.grants, types.Grant{Grantee: who, Permission: w.perm})
		}
	}
	return a, nil
}

// permits reports whether the list lets the caller do what needs perm.
func (a acl) permits(caller wire.Caller, perm types.Permission) bool {
	for _, g := range a.grants {
		if g.Permission != perm && g.Permission != types.PermissionFullControl {
			continue
		}
		switch g.Grantee.Type {
		case types.TypeGroup:
			if uri := aws.ToString(g.Grantee.URI); uri == allUsers || uri == authenticated && !caller.Anonymous() {
				return true
			}
		case types.TypeCanonicalUser:
			if !caller.Anonymous() && aws.ToString(g.Grantee.ID) == canonicalID(caller.AccountID) {
				return true
			}
		}
	}
	return false
}
