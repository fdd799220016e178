package ec2

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// InstanceAttribute maps the name of an attribute to its value
// (boto: InstanceAttribute). userData is base64, as EC2 gives it.
type InstanceAttribute map[string]any

// GetInstanceAttribute gives one attribute of an instance, such as
// "rootDeviceName" or "userData"; the value is "" where none is set:
// DescribeInstanceAttribute (boto: get_instance_attribute).
//
// Example: ec2.GetInstanceAttribute(instance.ID, "instanceType")
func (c *Connection) GetInstanceAttribute(instanceID, attribute string) (InstanceAttribute, error) {
	out, err := c.Client.DescribeInstanceAttribute(c.ctx(), &sdk.DescribeInstanceAttributeInput{
		InstanceId: aws.String(instanceID), Attribute: types.InstanceAttributeName(attribute),
	})
	if err != nil {
		return nil, fmt.Errorf("get attribute %s of %s: %w", attribute, instanceID, err)
	}
	return InstanceAttribute{attribute: attributeValue(attribute, out)}, nil
}

func attributeValue(name string, out *sdk.DescribeInstanceAttributeOutput) any {
	texts := map[string]*types.AttributeValue{
		"instanceType": out.InstanceType, "kernel": out.KernelId, "ramdisk": out.RamdiskId, "userData": out.UserData,
		"instanceInitiatedShutdownBehavior": out.InstanceInitiatedShutdownBehavior, "rootDeviceName": out.RootDeviceName,
		"sriovNetSupport": out.SriovNetSupport,
	}
	flags := map[string]*types.AttributeBooleanValue{
		"disableApiTermination": out.DisableApiTermination, "disableApiStop": out.DisableApiStop, "ebsOptimized": out.EbsOptimized,
		"sourceDestCheck": out.SourceDestCheck, "enaSupport": out.EnaSupport,
	}
	if v, ok := flags[name]; ok {
		return v != nil && aws.ToBool(v.Value)
	}
	switch name {
	case "blockDeviceMapping":
		return instanceDevices(out.BlockDeviceMappings)
	case "groupSet":
		return groups(out.Groups)
	}
	if v := texts[name]; v != nil {
		return aws.ToString(v.Value)
	}
	return ""
}

// GetAttribute gives one attribute of the instance: DescribeInstanceAttribute
// (boto: get_attribute).
//
// Example: instance.GetAttribute("disableApiTermination")
func (i *Instance) GetAttribute(attribute string) (InstanceAttribute, error) {
	return i.Connection.GetInstanceAttribute(i.ID, attribute)
}
