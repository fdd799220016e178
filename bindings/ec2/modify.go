package ec2

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// ModifyInstanceAttribute changes one attribute of an instance, named as
// GetInstanceAttribute names it; value is text, a bool, or for "groupSet" a
// []string of ids: ModifyInstanceAttribute (boto: modify_instance_attribute).
// Most can change only while the instance is stopped: code
// IncorrectInstanceState.
//
// Example: ec2.ModifyInstanceAttribute(stopped.ID, "instanceType", "m1.small")
func (c *Connection) ModifyInstanceAttribute(instanceID, attribute string, value any) (bool, error) {
	in := &sdk.ModifyInstanceAttributeInput{InstanceId: aws.String(instanceID)}
	if err := setAttribute(in, attribute, value); err != nil {
		return false, fmt.Errorf("modify attribute %s of %s: %w", attribute, instanceID, err)
	}
	if _, err := c.Client.ModifyInstanceAttribute(c.ctx(), in); err != nil {
		return false, fmt.Errorf("modify attribute %s of %s: %w", attribute, instanceID, err)
	}
	return true, nil
}

func setAttribute(in *sdk.ModifyInstanceAttributeInput, attribute string, value any) error {
	switch v := value.(type) {
	case bool:
		flag := &types.AttributeBooleanValue{Value: aws.Bool(v)}
		switch attribute {
		case "disableApiTermination":
			in.DisableApiTermination = flag
		case "disableApiStop":
			in.DisableApiStop = flag
		case "ebsOptimized":
			in.EbsOptimized = flag
		case "sourceDestCheck":
			in.SourceDestCheck = flag
		case "enaSupport":
			in.EnaSupport = flag
		default:
			return fmt.Errorf("no such attribute is true or false")
		}
		return nil
	case []string:
		if attribute != "groupSet" {
			return fmt.Errorf("only groupSet is a list")
		}
		in.Groups = v
		return nil
	case string:
		text := &types.AttributeValue{Value: aws.String(v)}
		switch attribute {
		case "instanceType":
			in.InstanceType = text
		case "kernel":
			in.Kernel = text
		case "ramdisk":
			in.Ramdisk = text
		case "instanceInitiatedShutdownBehavior":
			in.InstanceInitiatedShutdownBehavior = text
		case "sriovNetSupport":
			in.SriovNetSupport = text
		case "userData":
			in.UserData = &types.SecureBlobAttributeValue{Value: []byte(v)}
		default:
			return fmt.Errorf("no such attribute is text")
		}
		return nil
	}
	return fmt.Errorf("a value is text, a bool or a []string, not a %T", value)
}

// ResetInstanceAttribute sets "kernel", "ramdisk" or "sourceDestCheck" of an
// instance back: ResetInstanceAttribute (boto: reset_instance_attribute).
//
// Example: ec2.ResetInstanceAttribute(stopped.ID, "sourceDestCheck")
func (c *Connection) ResetInstanceAttribute(instanceID, attribute string) (bool, error) {
	_, err := c.Client.ResetInstanceAttribute(c.ctx(), &sdk.ResetInstanceAttributeInput{InstanceId: aws.String(instanceID), Attribute: types.InstanceAttributeName(attribute)})
	if err != nil {
		return false, fmt.Errorf("reset attribute %s of %s: %w", attribute, instanceID, err)
	}
	return true, nil
}

// ModifyAttribute changes one attribute of the instance:
// ModifyInstanceAttribute (boto: modify_attribute).
//
// Example: instance.ModifyAttribute("disableApiTermination", true)
func (i *Instance) ModifyAttribute(attribute string, value any) (bool, error) {
	return i.Connection.ModifyInstanceAttribute(i.ID, attribute, value)
}

// ResetAttribute sets one attribute of the instance back:
// ResetInstanceAttribute (boto: reset_attribute).
//
// Example: instance.ResetAttribute("sourceDestCheck")
func (i *Instance) ResetAttribute(attribute string) (bool, error) {
	return i.Connection.ResetInstanceAttribute(i.ID, attribute)
}

// CreateImage makes an image of the instance and gives its id, by a restart
// unless noReboot: CreateImage (boto: create_image).
//
// Example: instance.CreateImage("web-2012", "the web server", false)
func (i *Instance) CreateImage(name, description string, noReboot bool) (string, error) {
	return i.Connection.CreateImage(i.ID, name, description, noReboot)
}

// GetPasswordData gives the administrator's password of a Windows instance, as
// it is encrypted for its key pair, "" while it is not ready: GetPasswordData
// (boto: get_password_data).
//
// Example: ec2.GetPasswordData(instance.ID)
func (c *Connection) GetPasswordData(instanceID string) (string, error) {
	out, err := c.Client.GetPasswordData(c.ctx(), &sdk.GetPasswordDataInput{InstanceId: aws.String(instanceID)})
	if err != nil {
		return "", fmt.Errorf("get password data of %s: %w", instanceID, err)
	}
	return aws.ToString(out.PasswordData), nil
}
