package iam

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// managed is a policy with a name of its own, which users, groups and roles
// share: the account's, or AWS's.
type managed struct {
	name, path, id, arn, description string
	created, updated                 time.Time
	aws                              bool
	versions                         []*edition // newest last
	byDefault                        string     // id of the version that counts
	made                             int        // versions so far
	tags                             []types.Tag
}

// edition is one version of a managed policy.
type edition struct {
	id, text string
	created  time.Time
}

// current is the version that counts.
func (m *managed) current() *edition { return m.edition(m.byDefault) }

func (m *managed) edition(id string) *edition {
	for _, e := range m.versions {
		if e.id == id {
			return e
		}
	}
	return nil
}

func (m *managed) add(text string, now time.Time) *edition {
	m.made++
	e := &edition{id: fmt.Sprintf("v%d", m.made), text: text, created: now}
	m.versions = append(m.versions, e)
	m.updated = now
	return e
}

// catalogue are policies of AWS's that the book and every tutorial attach.
var catalogue = []struct{ name, path, actions string }{
	{"AdministratorAccess", "/", "*"},
	{"AmazonEC2FullAccess", "/", "ec2:* cloudwatch:*"},
	{"AmazonEC2ReadOnlyAccess", "/", "ec2:Describe* ec2:Get* cloudwatch:ListMetrics cloudwatch:GetMetricStatistics cloudwatch:Describe*"},
	{"AmazonS3FullAccess", "/", "s3:*"},
	{"AmazonS3ReadOnlyAccess", "/", "s3:Get* s3:List* s3:Describe*"},
	{"AmazonSNSFullAccess", "/", "sns:*"},
	{"AmazonSNSReadOnlyAccess", "/", "sns:GetTopicAttributes sns:List*"},
	{"AmazonSQSFullAccess", "/", "sqs:*"},
	{"AmazonSQSReadOnlyAccess", "/", "sqs:GetQueueAttributes sqs:GetQueueUrl sqs:ListDeadLetterSourceQueues sqs:ListQueues"},
	{"CloudWatchFullAccess", "/", "cloudwatch:* sns:*"},
	{"CloudWatchReadOnlyAccess", "/", "cloudwatch:Describe* cloudwatch:Get* cloudwatch:List* sns:Get* sns:List*"},
	{"IAMFullAccess", "/", "iam:*"},
	{"IAMReadOnlyAccess", "/", "iam:Get* iam:List* iam:Generate* iam:Simulate*"},
	{"ReadOnlyAccess", "/", "ec2:Describe* ec2:Get* s3:Get* s3:List* sns:Get* sns:List* sqs:Get* sqs:List* sqs:ReceiveMessage cloudwatch:Describe* cloudwatch:Get* cloudwatch:List* iam:Get* iam:List* sts:GetCallerIdentity"},
}

// stocked makes AWS's own policies.
func stocked(now time.Time) []*managed {
	var out []*managed
	for i, k := range catalogue {
		m := &managed{name: k.name, path: k.path, id: fmt.Sprintf("ANPASANDBOX%010d", i), arn: "arn:aws:iam::aws:policy" + k.path + k.name, created: now, aws: true}
		actions := strings.Fields(k.actions)
		m.byDefault = m.add(fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["%s"],"Resource":"*"}]}`, strings.Join(actions, `","`)), now).id
		out = append(out, m)
	}
	return out
}

func (c *Cloud) findManaged(arn string) *managed {
	i := slices.IndexFunc(c.policies, func(m *managed) bool { return m.arn == arn })
	if i < 0 {
		return nil
	}
	return c.policies[i]
}

func (c *Cloud) managed(arn *string) (*managed, error) {
	a := aws.ToString(arn)
	if m := c.findManaged(a); m != nil {
		return m, nil
	}
	if !strings.HasPrefix(a, "arn:aws:iam::") {
		return nil, fail("InvalidInput", http.StatusBadRequest, "ARN %s is not valid.", a)
	}
	return nil, fail("NoSuchEntity", http.StatusNotFound, "Policy %s does not exist or is not attachable.", a)
}

// own finds a policy that may be changed: AWS's may not.
func (c *Cloud) own(arn *string) (*managed, error) {
	m, err := c.managed(arn)
	if err == nil && m.aws {
		return nil, fail("AccessDenied", http.StatusForbidden, "Cannot change a policy of AWS's: %s", m.arn)
	}
	return m, err
}

// holders are the grants that a policy is attached to.
func (c *Cloud) holders(m *managed) (users []*user, groups []*group, roles []*role) {
	for _, u := range c.users {
		if slices.Contains(u.attached, m) {
			users = append(users, u)
		}
	}
	for _, g := range c.groups {
		if slices.Contains(g.attached, m) {
			groups = append(groups, g)
		}
	}
	for _, r := range c.roles {
		if slices.Contains(r.attached, m) {
			roles = append(roles, r)
		}
	}
	return users, groups, roles
}

func (c *Cloud) viewManaged(m *managed) *types.Policy {
	u, g, r := c.holders(m)
	p := &types.Policy{PolicyName: aws.String(m.name), PolicyId: aws.String(m.id), Arn: aws.String(m.arn), Path: aws.String(m.path), DefaultVersionId: aws.String(m.byDefault),
		AttachmentCount: aws.Int32(int32(len(u) + len(g) + len(r))), PermissionsBoundaryUsageCount: aws.Int32(0), IsAttachable: true,
		CreateDate: aws.Time(m.created), UpdateDate: aws.Time(m.updated), Tags: m.tags}
	if m.description != "" {
		p.Description = aws.String(m.description)
	}
	return p
}

// AWS's bounds on managed policies.
const (
	maxManaged  = 1500
	maxEditions = 5
	maxText     = 6144
)

func (c *Cloud) createPolicy(_ context.Context, in *iam.CreatePolicyInput) (*iam.CreatePolicyOutput, error) {
	if err := checkName("policyName", aws.ToString(in.PolicyName), 128); err != nil {
		return nil, err
	}
	path, err := place(in.Path)
	if err != nil {
		return nil, err
	}
	text := aws.ToString(in.PolicyDocument)
	if err := checkDocument(text); err != nil {
		return nil, err
	}
	if err := checkTags(in.Tags); err != nil {
		return nil, err
	}
	m := &managed{name: *in.PolicyName, path: path, id: c.env.UpperID("ANPA", 21), description: aws.ToString(in.Description), created: c.env.Now(), tags: in.Tags,
		arn: "arn:aws:iam::" + c.env.AccountID() + ":policy" + path + *in.PolicyName}
	switch {
	case size(text) > maxText:
		return nil, fail("LimitExceeded", http.StatusConflict, "Cannot exceed quota for PolicySize: %d", maxText)
	case slices.ContainsFunc(c.policies, func(x *managed) bool { return !x.aws && equalName(x.name, m.name) }):
		return nil, fail("EntityAlreadyExists", http.StatusConflict, "A policy called %s already exists. Duplicate names are not allowed.", m.name)
	case len(c.policies)-len(catalogue) >= maxManaged:
		return nil, fail("LimitExceeded", http.StatusConflict, "Cannot exceed quota for PoliciesPerAccount: %d", maxManaged)
	}
	m.byDefault = m.add(text, c.env.Now()).id
	c.policies = append(c.policies, m)
	return &iam.CreatePolicyOutput{Policy: c.viewManaged(m)}, nil
}

func (c *Cloud) getPolicy(_ context.Context, in *iam.GetPolicyInput) (*iam.GetPolicyOutput, error) {
	m, err := c.managed(in.PolicyArn)
	if err != nil {
		return nil, err
	}
	return &iam.GetPolicyOutput{Policy: c.viewManaged(m)}, nil
}

func (c *Cloud) listPolicies(_ context.Context, in *iam.ListPoliciesInput) (*iam.ListPoliciesOutput, error) {
	var list []*managed
	for _, m := range c.policies {
		u, g, r := c.holders(m)
		switch {
		case in.Scope == types.PolicyScopeTypeAws && !m.aws, in.Scope == types.PolicyScopeTypeLocal && m.aws,
			in.OnlyAttached && len(u)+len(g)+len(r) == 0, !strings.HasPrefix(m.path, aws.ToString(in.PathPrefix)):
			continue
		}
		list = append(list, m)
	}
	slices.SortStableFunc(list, func(a, b *managed) int { return strings.Compare(a.name, b.name) })
	list, next, err := page(list, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	out := &iam.ListPoliciesOutput{Policies: []types.Policy{}, Marker: next, IsTruncated: next != nil}
	for _, m := range list {
		out.Policies = append(out.Policies, *c.viewManaged(m))
	}
	return out, nil
}

func (c *Cloud) deletePolicy(_ context.Context, in *iam.DeletePolicyInput) (*iam.DeletePolicyOutput, error) {
	m, err := c.own(in.PolicyArn)
	if err != nil {
		return nil, err
	}
	if u, g, r := c.holders(m); len(u)+len(g)+len(r) > 0 {
		return nil, fail("DeleteConflict", http.StatusConflict, "Cannot delete a policy attached to entities.")
	}
	if len(m.versions) > 1 {
		return nil, fail("DeleteConflict", http.StatusConflict, "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.")
	}
	c.policies = slices.DeleteFunc(c.policies, func(x *managed) bool { return x == m })
	return nil, nil
}

func (m *managed) view(e *edition, text bool) *types.PolicyVersion {
	v := &types.PolicyVersion{VersionId: aws.String(e.id), IsDefaultVersion: e.id == m.byDefault, CreateDate: aws.Time(e.created)}
	if text {
		v.Document = encoded(e.text)
	}
	return v
}

func (c *Cloud) createPolicyVersion(_ context.Context, in *iam.CreatePolicyVersionInput) (*iam.CreatePolicyVersionOutput, error) {
	m, err := c.own(in.PolicyArn)
	if err != nil {
		return nil, err
	}
	if err := checkDocument(aws.ToString(in.PolicyDocument)); err != nil {
		return nil, err
	}
	if len(m.versions) >= maxEditions {
		return nil, fail("LimitExceeded", http.StatusConflict, "A managed policy can have up to %d versions. Before you create a new version, you must delete an existing version.", maxEditions)
	}
	e := m.add(*in.PolicyDocument, c.env.Now())
	if in.SetAsDefault {
		m.byDefault = e.id
	}
	return &iam.CreatePolicyVersionOutput{PolicyVersion: m.view(e, false)}, nil
}

func (m *managed) find(id *string) (*edition, error) {
	if e := m.edition(aws.ToString(id)); e != nil {
		return e, nil
	}
	return nil, fail("NoSuchEntity", http.StatusNotFound, "Policy %s version %s does not exist or is not attachable.", m.arn, aws.ToString(id))
}

func (c *Cloud) getPolicyVersion(_ context.Context, in *iam.GetPolicyVersionInput) (*iam.GetPolicyVersionOutput, error) {
	m, err := c.managed(in.PolicyArn)
	if err != nil {
		return nil, err
	}
	e, err := m.find(in.VersionId)
	if err != nil {
		return nil, err
	}
	return &iam.GetPolicyVersionOutput{PolicyVersion: m.view(e, true)}, nil
}

func (c *Cloud) listPolicyVersions(_ context.Context, in *iam.ListPolicyVersionsInput) (*iam.ListPolicyVersionsOutput, error) {
	m, err := c.managed(in.PolicyArn)
	if err != nil {
		return nil, err
	}
	list := slices.Clone(m.versions)
	slices.Reverse(list)
	list, next, err := page(list, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	out := &iam.ListPolicyVersionsOutput{Marker: next, IsTruncated: next != nil}
	for _, e := range list {
		out.Versions = append(out.Versions, *m.view(e, false))
	}
	return out, nil
}

func (c *Cloud) setDefaultPolicyVersion(_ context.Context, in *iam.SetDefaultPolicyVersionInput) (*iam.SetDefaultPolicyVersionOutput, error) {
	m, err := c.own(in.PolicyArn)
	if err != nil {
		return nil, err
	}
	e, err := m.find(in.VersionId)
	if err != nil {
		return nil, err
	}
	m.byDefault = e.id
	return nil, nil
}

func (c *Cloud) deletePolicyVersion(_ context.Context, in *iam.DeletePolicyVersionInput) (*iam.DeletePolicyVersionOutput, error) {
	m, err := c.own(in.PolicyArn)
	if err != nil {
		return nil, err
	}
	e, err := m.find(in.VersionId)
	if err != nil {
		return nil, err
	}
	if e.id == m.byDefault {
		return nil, fail("DeleteConflict", http.StatusConflict, "Cannot delete the default version of a policy.")
	}
	m.versions = slices.DeleteFunc(m.versions, func(x *edition) bool { return x == e })
	return nil, nil
}

func (c *Cloud) listEntitiesForPolicy(_ context.Context, in *iam.ListEntitiesForPolicyInput) (*iam.ListEntitiesForPolicyOutput, error) {
	m, err := c.managed(in.PolicyArn)
	if err != nil {
		return nil, err
	}
	users, groups, roles := c.holders(m)
	out := &iam.ListEntitiesForPolicyOutput{}
	for _, u := range users {
		out.PolicyUsers = append(out.PolicyUsers, types.PolicyUser{UserName: aws.String(u.name), UserId: aws.String(u.id)})
	}
	for _, g := range groups {
		out.PolicyGroups = append(out.PolicyGroups, types.PolicyGroup{GroupName: aws.String(g.name), GroupId: aws.String(g.id)})
	}
	for _, r := range roles {
		out.PolicyRoles = append(out.PolicyRoles, types.PolicyRole{RoleName: aws.String(r.name), RoleId: aws.String(r.id)})
	}
	return out, nil
}
