package ec2_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"pawsh/bindings/ec2"
)

func TestRaw(t *testing.T) {
	t.Parallel()
	c := connectSandbox(t)
	tagged := func(value string) []types.TagSpecification {
		return []types.TagSpecification{{ResourceType: types.ResourceTypeInstance, Tags: []types.Tag{{Key: aws.String("made"), Value: aws.String(value)}}}}
	}
	one := must(c.RunInstances(anyImage(t, c), ec2.RawRunInstances(func(in *sdk.RunInstancesInput) { in.TagSpecifications = tagged("by option") })))(t)
	if got := one.Instances[0].Tags["made"]; got != "by option" {
		t.Errorf("the option: tag %q", got)
	}
	dry := 0
	raw := must(c.Raw(func(in *sdk.RunInstancesInput) { in.TagSpecifications = tagged("by connection") }, func(in *sdk.TerminateInstancesInput) { dry++; in.DryRun = aws.Bool(true) }))(t)
	two := must(raw.RunInstances(anyImage(t, c)))(t).Instances[0]
	if got := two.Tags["made"]; got != "by connection" {
		t.Errorf("the connection: tag %q", got)
	}
	if err := two.Terminate(); dry != 1 || err == nil || !strings.Contains(err.Error(), "DryRunOperation") {
		t.Errorf("a resource's call: %d, %v", dry, err)
	}
	if got := must(c.RunInstances(anyImage(t, c)))(t).Instances[0].Tags["made"]; got != "" {
		t.Errorf("the first connection is changed too: %q", got)
	}
	for _, wrong := range []any{7, func() {}, func(string) {}, func(*sdk.RunInstancesInput) error { return nil }, func(*types.Instance) {}} {
		if _, err := c.Raw(wrong); err == nil {
			t.Errorf("%T was taken", wrong)
		}
	}
}
