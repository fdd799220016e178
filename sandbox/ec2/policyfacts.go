package ec2

import (
	"context"
	"reflect"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"pawsh/sandbox/wire"
)

// PolicyFacts tells what conditions may ask of EC2: ec2:Region, the instance
// type that is asked for or there, and the tags of what a request is about.
func (c *Cloud) PolicyFacts(ctx context.Context, _ string, in any, resource, key string) []string {
	region := wire.CallerFrom(ctx).Region
	if key == "ec2:region" {
		return []string{region}
	}
	id := resource[strings.LastIndex(resource, "/")+1:]
	if name, ok := strings.CutPrefix(key, "ec2:resourcetag/"); ok {
		return c.tagOf(region, id, name)
	}
	if name, ok := strings.CutPrefix(key, "aws:resourcetag/"); ok {
		return c.tagOf(region, id, name)
	}
	if key == "ec2:instancetype" {
		if run, ok := in.(*ec2.RunInstancesInput); ok && run.InstanceType != "" {
			return []string{string(run.InstanceType)}
		}
		if kind := c.typeOf(region, id); kind != "" {
			return []string{kind}
		}
	}
	if key == "ec2:availabilityzone" {
		if f := reflect.Indirect(reflect.ValueOf(in)).FieldByName("AvailabilityZone"); f.IsValid() {
			if zone, ok := f.Interface().(*string); ok && zone != nil {
				return []string{*zone}
			}
		}
	}
	return nil
}

func (c *Cloud) tagOf(region, id, name string) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.regions[region]
	if r == nil {
		return nil
	}
	for _, t := range r.tags[id] {
		if strings.EqualFold(t.key, name) {
			return []string{t.value}
		}
	}
	return nil
}

func (c *Cloud) typeOf(region, id string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r := c.regions[region]; r != nil && r.byID[id] != nil {
		return string(r.byID[id].kind)
	}
	return ""
}
