// want: instance 1 running t3.micro
// want: Name=web
// want: code InvalidInstanceID.NotFound
// want: running 2
// want: terminated
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sort"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/smithy-go"
)

// EC2DescribeInstancesAPI is what the functions below need of the client.
type EC2DescribeInstancesAPI interface {
	DescribeInstances(ctx context.Context, params *ec2.DescribeInstancesInput, optFns ...func(*ec2.Options)) (*ec2.DescribeInstancesOutput, error)
}

type instanceInfo struct {
	id    string
	state types.InstanceStateName
	kind  types.InstanceType
	tags  map[string]string
}

func (i instanceInfo) String() string { return fmt.Sprintf("%s %s", i.state, i.kind) }

func list(ctx context.Context, api EC2DescribeInstancesAPI, filters ...types.Filter) ([]instanceInfo, error) {
	var out []instanceInfo
	p := ec2.NewDescribeInstancesPaginator(api, &ec2.DescribeInstancesInput{Filters: filters})
	for p.HasMorePages() {
		page, err := p.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, r := range page.Reservations {
			for _, i := range r.Instances {
				info := instanceInfo{id: aws.ToString(i.InstanceId), state: i.State.Name, kind: i.InstanceType, tags: map[string]string{}}
				for _, t := range i.Tags {
					info.tags[*t.Key] = *t.Value
				}
				out = append(out, info)
			}
		}
	}
	sort.Slice(out, func(a, b int) bool { return out[a].id < out[b].id })
	return out, nil
}

func run(ctx context.Context) error {
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRegion("eu-west-1"))
	if err != nil {
		return err
	}
	client := ec2.NewFromConfig(cfg)
	images, err := client.DescribeImages(ctx, &ec2.DescribeImagesInput{Owners: []string{"amazon"}})
	if err != nil {
		return err
	}
	if len(images.Images) == 0 {
		return errors.New("no images")
	}
	res, err := client.RunInstances(ctx, &ec2.RunInstancesInput{
		ImageId: images.Images[0].ImageId, InstanceType: types.InstanceTypeT3Micro,
		MinCount: aws.Int32(2), MaxCount: aws.Int32(2),
		TagSpecifications: []types.TagSpecification{{
			ResourceType: types.ResourceTypeInstance,
			Tags:         []types.Tag{{Key: aws.String("Name"), Value: aws.String("web")}},
		}},
	})
	if err != nil {
		return err
	}
	var ids []string
	for _, i := range res.Instances {
		ids = append(ids, *i.InstanceId)
	}
	waiter := ec2.NewInstanceRunningWaiter(client, func(o *ec2.InstanceRunningWaiterOptions) {
		o.MinDelay, o.MaxDelay = 50*time.Millisecond, 100*time.Millisecond
	})
	if err := waiter.Wait(ctx, &ec2.DescribeInstancesInput{InstanceIds: ids}, 30*time.Second); err != nil {
		return fmt.Errorf("wait: %w", err)
	}
	found, err := list(ctx, client, types.Filter{Name: aws.String("instance-state-name"), Values: []string{"running"}})
	if err != nil {
		return err
	}
	fmt.Println("instance 1", found[0])
	var tags []string
	for k, v := range found[0].tags {
		tags = append(tags, k+"="+v)
	}
	fmt.Println(strings.Join(tags, ","))
	_, err = client.DescribeInstances(ctx, &ec2.DescribeInstancesInput{InstanceIds: []string{"i-0123456789abcdef0"}})
	var api smithy.APIError
	if !errors.As(err, &api) {
		return fmt.Errorf("want an API error, got %v", err)
	}
	fmt.Println("code", api.ErrorCode())
	fmt.Println("running", len(found))
	out, err := client.TerminateInstances(ctx, &ec2.TerminateInstancesInput{InstanceIds: ids})
	if err != nil {
		return err
	}
	for _, c := range out.TerminatingInstances {
		if c.PreviousState.Name != types.InstanceStateNameRunning {
			return fmt.Errorf("previous state %s", c.PreviousState.Name)
		}
	}
	fmt.Println("terminated")
	return nil
}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}
