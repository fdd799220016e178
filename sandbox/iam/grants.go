package iam

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"pawsh/sandbox/policy"
)

// grants are the policies of a user, group or role.
type grants struct {
	policies map[string]string // inline ones, by name
	attached []*managed        // in the order they were attached
}

func newGrants() grants { return grants{policies: map[string]string{}} }

// documents are all policies, ready to be asked. One that can't be read was
// never taken in.
func (g *grants) documents() []*policy.Document {
	var out []*policy.Document
	add := func(text string) {
		if d, err := policy.Parse(text); err == nil {
			out = append(out, d)
		}
	}
	for _, text := range g.policies {
		add(text)
	}
	for _, m := range g.attached {
		add(m.current().text)
	}
	return out
}

// AWS's bounds.
const (
	maxAttached   = 10
	maxUserInline = 2048 // characters of all inline policies, white space apart
	maxGroup      = 5120
	maxRole       = 10240
)

func size(text string) int { return len(strings.Join(strings.Fields(text), "")) }

// put takes an inline policy in.
func (g *grants) put(kind, owner string, name, text *string, most int) error {
	n, t := aws.ToString(name), aws.ToString(text)
	if err := checkName("policyName", n, 128); err != nil {
		return err
	}
	if err := checkDocument(t); err != nil {
		return err
	}
	total := size(t)
	for other, text := range g.policies {
		if other != n {
			total += size(text)
		}
	}
	if total > most {
		return fail("LimitExceeded", http.StatusConflict, "Maximum policy size of %d bytes exceeded for %s %s", most, kind, owner)
	}
	g.policies[n] = t
	return nil
}

func (g *grants) inline(kind string, name *string) (string, error) {
	t, ok := g.policies[aws.ToString(name)]
	if !ok {
		return "", fail("NoSuchEntity", http.StatusNotFound, "The %s policy with name %s cannot be found.", kind, aws.ToString(name))
	}
	return t, nil
}

func (g *grants) drop(kind string, name *string) error {
	_, err := g.inline(kind, name)
	delete(g.policies, aws.ToString(name))
	return err
}

func (g *grants) names() []string { return slices.Sorted(maps.Keys(g.policies)) }

func (g *grants) attach(kind string, m *managed) error {
	if slices.Contains(g.attached, m) {
		return nil
	}
	if len(g.attached) >= maxAttached {
		return fail("LimitExceeded", http.StatusConflict, "Cannot exceed quota for PoliciesPer%s: %d", kind, maxAttached)
	}
	g.attached = append(g.attached, m)
	return nil
}

func (g *grants) detach(m *managed, arn string) error {
	if m == nil || !slices.Contains(g.attached, m) {
		return fail("NoSuchEntity", http.StatusNotFound, "Policy %s was not found.", arn)
	}
	g.attached = slices.DeleteFunc(g.attached, func(x *managed) bool { return x == m })
	return nil
}

// left says what must go before the owner of the grants can.
func (g *grants) left() error {
	switch {
	case len(g.attached) > 0:
		return fail("DeleteConflict", http.StatusConflict, "Cannot delete entity, must detach all policies first.")
	case len(g.policies) > 0:
		return fail("DeleteConflict", http.StatusConflict, "Cannot delete entity, must delete policies first.")
	}
	return nil
}

func (g *grants) attachedPage(prefix, marker *string, max *int32) ([]types.AttachedPolicy, *string, error) {
	var list []types.AttachedPolicy
	for _, m := range g.attached {
		if strings.HasPrefix(m.path, aws.ToString(prefix)) {
			list = append(list, types.AttachedPolicy{PolicyName: aws.String(m.name), PolicyArn: aws.String(m.arn)})
		}
	}
	return page(list, marker, max)
}

// encoded is a document as answers carry it: percent-encoded, as IAM always
// has.
func encoded(text string) *string {
	return aws.String(strings.ReplaceAll(url.QueryEscape(text), "+", "%20"))
}
