package ec2

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

type tag struct{ key, value string }

// AWS's bounds on tags.
const (
	maxTags      = 50
	maxTagKey    = 128
	maxTagValue  = 256
	reservedTags = "aws:"
)

// tagSet gives a resource's tags as the SDK has them, nil when there are none.
func (r *region) tagSet(id string) []types.Tag {
	var out []types.Tag
	for _, t := range r.tags[id] {
		out = append(out, types.Tag{Key: aws.String(t.key), Value: aws.String(t.value)})
	}
	return out
}

// setTags sets tags on a resource, replacing the values of keys it has.
func (r *region) setTags(id string, tags []tag) {
	have := r.tags[id]
	for _, t := range tags {
		if i := slices.IndexFunc(have, func(h tag) bool { return h.key == t.key }); i >= 0 {
			have[i].value = t.value
		} else {
			have = append(have, t)
		}
	}
	if len(have) > 0 {
		r.tags[id] = have
	}
}

// checkTags turns tags of a request into ours.
func checkTags(in []types.Tag) ([]tag, error) {
	var out []tag
	seen := map[string]bool{}
	for _, t := range in {
		key, value := aws.ToString(t.Key), aws.ToString(t.Value)
		switch {
		case key == "":
			return nil, invalid("Tag key cannot be null or empty")
		case utf8.RuneCountInString(key) > maxTagKey:
			return nil, invalid("Tag key exceeds the maximum length of %d characters", maxTagKey)
		case utf8.RuneCountInString(value) > maxTagValue:
			return nil, invalid("Tag value exceeds the maximum length of %d characters", maxTagValue)
		case strings.HasPrefix(strings.ToLower(key), reservedTags):
			return nil, invalid("Tag keys starting with 'aws:' are reserved for internal use")
		case seen[key]:
			return nil, invalid("Duplicate tag key '%s' specified.", key)
		}
		seen[key] = true
		out = append(out, tag{key, value})
	}
	if len(out) > maxTags {
		return nil, fail("TagLimitExceeded", "The maximum number of Tags for a resource has been reached.")
	}
	return out, nil
}

// tagsFor picks out of tag specifications those of the kinds that a request
// makes, by kind.
func tagsFor(specs []types.TagSpecification, kinds ...types.ResourceType) (map[types.ResourceType][]tag, error) {
	out := map[types.ResourceType][]tag{}
	for _, s := range specs {
		if s.ResourceType == "" {
			return nil, invalid("Tag specification resource type must have a value")
		}
		if !slices.Contains(kinds, s.ResourceType) {
			return nil, invalid("'%s' is not a valid taggable resource type for this operation.", s.ResourceType)
		}
		tags, err := checkTags(s.Tags)
		if err != nil {
			return nil, err
		}
		out[s.ResourceType] = append(out[s.ResourceType], tags...)
	}
	return out, nil
}

// resource is what the kinds of taggable resources have in common here.
type resource struct {
	prefix string
	kind   types.ResourceType
	code   string // when there is none of that id
	noun   string
	exists func(*call, string) bool
}

var resources = []resource{
	{"i", types.ResourceTypeInstance, "InvalidInstanceID.NotFound", "instance ID", func(q *call, id string) bool { return q.instance(id) != nil }},
	{"vol", types.ResourceTypeVolume, "InvalidVolume.NotFound", "volume", func(q *call, id string) bool { return q.volume(id) != nil }},
	{"snap", types.ResourceTypeSnapshot, "InvalidSnapshot.NotFound", "snapshot", func(q *call, id string) bool { return q.snapshot(id) != nil }},
	{"sg", types.ResourceTypeSecurityGroup, "InvalidGroup.NotFound", "security group", func(q *call, id string) bool { return q.groupByID(id) != nil }},
	{"sgr", types.ResourceTypeSecurityGroupRule, "InvalidSecurityGroupRuleId.NotFound", "security group rule ID", func(q *call, id string) bool { return q.ruleByID(id) != nil }},
	{"key", types.ResourceTypeKeyPair, "InvalidKeyPair.NotFound", "key pair", func(q *call, id string) bool { return q.keyByID(id) != nil }},
	{"ami", types.ResourceTypeImage, "InvalidAMIID.NotFound", "AMI ID", func(q *call, id string) bool { return q.image(id) != nil }},
	{"vpc", types.ResourceTypeVpc, "InvalidVpcID.NotFound", "vpc ID", func(q *call, id string) bool { return id == q.vpc.id }},
	{"subnet", types.ResourceTypeSubnet, "InvalidSubnetID.NotFound", "subnet ID", func(q *call, id string) bool { return q.subnet(id) != nil }},
	{"eipalloc", types.ResourceTypeElasticIp, "InvalidAllocationID.NotFound", "allocation ID", func(q *call, id string) bool { return q.allocation(id) != nil }},
}

// resourceOf finds what kind of resource has the id, and that it exists.
func (q *call) resourceOf(id string) (*resource, error) {
	prefix, _, _ := strings.Cut(id, "-")
	for i := range resources {
		if k := &resources[i]; k.prefix == prefix && strings.Contains(id, "-") {
			if !k.exists(q, id) {
				return nil, notFound(k.code, k.noun, id)
			}
			return k, nil
		}
	}
	return nil, fail("InvalidID", "The ID '%s' is not valid", id)
}

func createTags(q *call, in *ec2.CreateTagsInput) (*ec2.CreateTagsOutput, error) {
	if len(in.Resources) == 0 {
		return nil, missing("resourceIdSet")
	}
	if len(in.Tags) == 0 {
		return nil, missing("tagSet")
	}
	tags, err := checkTags(in.Tags)
	if err != nil {
		return nil, err
	}
	for _, id := range in.Resources {
		if _, err := q.resourceOf(id); err != nil {
			return nil, err
		}
		after := len(q.tags[id])
		for _, t := range tags {
			if !slices.ContainsFunc(q.tags[id], func(h tag) bool { return h.key == t.key }) {
				after++
			}
		}
		if after > maxTags {
			return nil, fail("TagLimitExceeded", "The maximum number of Tags for a resource has been reached.")
		}
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	for _, id := range in.Resources {
		q.setTags(id, tags)
	}
	return &ec2.CreateTagsOutput{}, nil
}

// deleteTags removes tags by key, or by key and value where a value is given;
// without any tag, all. Tags that are not there are no error.
func deleteTags(q *call, in *ec2.DeleteTagsInput) (*ec2.DeleteTagsOutput, error) {
	if len(in.Resources) == 0 {
		return nil, missing("resourceIdSet")
	}
	for _, id := range in.Resources {
		if _, err := q.resourceOf(id); err != nil {
			return nil, err
		}
	}
	for _, t := range in.Tags {
		if aws.ToString(t.Key) == "" {
			return nil, invalid("Tag key cannot be null or empty")
		}
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	for _, id := range in.Resources {
		left := slices.DeleteFunc(q.tags[id], func(h tag) bool {
			return len(in.Tags) == 0 || slices.ContainsFunc(in.Tags, func(t types.Tag) bool {
				return *t.Key == h.key && (t.Value == nil || *t.Value == h.value)
			})
		})
		if len(left) == 0 {
			delete(q.tags, id)
		} else {
			q.tags[id] = left
		}
	}
	return &ec2.DeleteTagsOutput{}, nil
}

// tagged is one tag on one resource, as DescribeTags lists them.
type tagged struct {
	tag
	id   string
	kind types.ResourceType
}

var taggedFields = fields[tagged]{
	"key":           func(t tagged) []string { return []string{t.key} },
	"value":         func(t tagged) []string { return []string{t.value} },
	"resource-id":   func(t tagged) []string { return one(t.id) },
	"resource-type": func(t tagged) []string { return one(string(t.kind)) },
}

func describeTags(q *call, in *ec2.DescribeTagsInput) (*ec2.DescribeTagsOutput, error) {
	var all []tagged
	for id, tags := range q.tags {
		k, err := q.resourceOf(id)
		if err != nil {
			continue // the resource is gone, its tags are on their way
		}
		for _, t := range tags {
			all = append(all, tagged{t, id, k.kind})
		}
	}
	slices.SortFunc(all, func(a, b tagged) int {
		if c := strings.Compare(a.key, b.key); c != 0 {
			return c
		}
		return strings.Compare(a.id, b.id)
	})
	all, err := filter(q, taggedFields, in.Filters, all, func(t tagged) string { return t.id })
	if err != nil {
		return nil, err
	}
	all, next, err := page(all, in.NextToken, in.MaxResults, 5, 1000)
	if err != nil {
		return nil, err
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	out := &ec2.DescribeTagsOutput{Tags: []types.TagDescription{}, NextToken: next}
	for _, t := range all {
		out.Tags = append(out.Tags, types.TagDescription{
			Key: aws.String(t.key), Value: aws.String(t.value), ResourceId: aws.String(t.id), ResourceType: t.kind})
	}
	return out, nil
}
