package ec2

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

func TestTagsOnEveryResource(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	x := w.launch(1)[0]
	key, err := w.c.createKeyPair(w.ctx, &ec2.CreateKeyPairInput{KeyName: aws.String("k"), KeyType: types.KeyTypeEd25519})
	if err != nil {
		t.Fatal(err)
	}
	vol := do(w, describeVolumes, &ec2.DescribeVolumesInput{}).Volumes[0].VolumeId
	snap := do(w, createSnapshot, &ec2.CreateSnapshotInput{VolumeId: vol}).SnapshotId
	g := do(w, describeSecurityGroups, &ec2.DescribeSecurityGroupsInput{}).SecurityGroups[0]
	rule := do(w, describeSecurityGroupRules, &ec2.DescribeSecurityGroupRulesInput{}).SecurityGroupRules[0].SecurityGroupRuleId
	subnet := do(w, describeSubnets, &ec2.DescribeSubnetsInput{}).Subnets[0].SubnetId
	address := do(w, allocateAddress, &ec2.AllocateAddressInput{}).AllocationId
	ids := []string{*x.InstanceId, *key.KeyPairId, *vol, *snap, *g.GroupId, *rule, *g.VpcId, *subnet, *address, bookImage}
	do(w, createTags, &ec2.CreateTagsInput{Resources: ids, Tags: tags("paws", "", "Name", "cat")})
	list := do(w, describeTags, &ec2.DescribeTagsInput{Filters: filters("key", "paws")}).Tags
	kinds := map[types.ResourceType]bool{}
	for _, d := range list {
		kinds[d.ResourceType] = true
	}
	if len(list) != len(ids) || len(kinds) != len(ids) {
		t.Errorf("%d tags of %d kinds on %d resources", len(list), len(kinds), len(ids))
	}
	if n := len(do(w, describeVolumes, &ec2.DescribeVolumesInput{Filters: filters("tag:Name", "c?t")}).Volumes); n != 1 {
		t.Errorf("volumes by tag: %d", n)
	}
	if n := len(do(w, describeTags, &ec2.DescribeTagsInput{Filters: filters("resource-type", "instance", "value", "cat")}).Tags); n != 1 {
		t.Errorf("tags of instances: %d", n)
	}
	do(w, createTags, &ec2.CreateTagsInput{Resources: ids[:1], Tags: tags("Name", "dog")})
	do(w, deleteTags, &ec2.DeleteTagsInput{Resources: ids[:1], Tags: tags("Name", "cat")}) // another value: stays
	do(w, deleteTags, &ec2.DeleteTagsInput{Resources: ids[:1], Tags: []types.Tag{{Key: aws.String("paws")}, {Key: aws.String("none")}}})
	if got := w.describe(*x.InstanceId).Tags; len(got) != 1 || *got[0].Value != "dog" {
		t.Errorf("tags %v", got)
	}
	do(w, deleteTags, &ec2.DeleteTagsInput{Resources: ids[:1]})
	if got := w.describe(*x.InstanceId).Tags; len(got) != 0 {
		t.Errorf("tags %v", got)
	}
}

func TestCreateTagsRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := *w.launch(1)[0].InstanceId
	many := func(n int) []types.Tag {
		var out []types.Tag
		for i := range n {
			out = append(out, tags(fmt.Sprint("k", i), "v")...)
		}
		return out
	}
	for _, tt := range []struct {
		id         string
		tags       []types.Tag
		code, text string
	}{
		{id, nil, "MissingParameter", "tagSet"},
		{"i-00000000", tags("a", "b"), "InvalidInstanceID.NotFound", "The instance ID 'i-00000000' does not exist"},
		{"cat", tags("a", "b"), "InvalidID", "The ID 'cat' is not valid"},
		{"ami-00000000", tags("a", "b"), "InvalidAMIID.NotFound", "ami-00000000"},
		{id, tags("", "b"), "InvalidParameterValue", "Tag key cannot be null or empty"},
		{id, tags("aws:a", "b"), "InvalidParameterValue", "reserved for internal use"},
		{id, tags(strings.Repeat("k", 129), "b"), "InvalidParameterValue", "128"},
		{id, tags("a", strings.Repeat("v", 257)), "InvalidParameterValue", "256"},
		{id, tags("a", "b", "a", "c"), "InvalidParameterValue", "Duplicate tag key 'a'"},
		{id, many(51), "TagLimitExceeded", "maximum number of Tags"},
	} {
		refused(w, createTags, &ec2.CreateTagsInput{Resources: []string{tt.id}, Tags: tt.tags}, tt.code, tt.text)
	}
	do(w, createTags, &ec2.CreateTagsInput{Resources: []string{id}, Tags: many(50)})
	refused(w, createTags, &ec2.CreateTagsInput{Resources: []string{id}, Tags: tags("one", "more")}, "TagLimitExceeded", "")
	do(w, createTags, &ec2.CreateTagsInput{Resources: []string{id}, Tags: tags("k1", "other")})
}

func TestImages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ids := func(in ec2.DescribeImagesInput) (out []string) {
		for _, m := range do(w, describeImages, &in).Images {
			out = append(out, *m.ImageId)
		}
		return out
	}
	all := ids(ec2.DescribeImagesInput{})
	if len(all) != 8 || all[0] != bookImage {
		t.Errorf("all: %v", all)
	}
	if got := ids(ec2.DescribeImagesInput{Owners: []string{"099720109477"}, Filters: filters("name", "ubuntu/images/*noble*", "architecture", "arm64")}); len(got) != 1 {
		t.Errorf("ubuntu: %v", got)
	}
	if got := ids(ec2.DescribeImagesInput{Owners: []string{"amazon"}}); len(got) != 4 {
		t.Errorf("amazon: %v", got)
	}
	if got := ids(ec2.DescribeImagesInput{Owners: []string{"self"}}); len(got) != 0 {
		t.Errorf("own: %v", got)
	}
	w.ctx = in("eu-west-1")
	there := ids(ec2.DescribeImagesInput{})
	if there[0] != bookImage || there[1] == all[1] {
		t.Errorf("in another region: %v", there)
	}
	refused(w, describeImages, &ec2.DescribeImagesInput{ImageIds: []string{all[1]}}, "InvalidAMIID.NotFound", "The image id '["+all[1]+"]' does not exist")
	refused(w, describeImages, &ec2.DescribeImagesInput{ImageIds: []string{"cat"}}, "InvalidAMIID.Malformed", "ami-...")
	w.launch(1, func(in *ec2.RunInstancesInput) { in.ImageId, in.InstanceType = &there[2], "t4g.micro" })
}
