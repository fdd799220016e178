package ec2

import (
	"encoding/base64"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

func describeInstanceAttribute(q *call, in *ec2.DescribeInstanceAttributeInput) (*ec2.DescribeInstanceAttributeOutput, error) {
	switch {
	case in.InstanceId == nil:
		return nil, missing("InstanceId")
	case in.Attribute == "":
		return nil, missing("Attribute")
	}
	list, err := q.named([]string{*in.InstanceId})
	if err != nil {
		return nil, err
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	x := list[0]
	out := &ec2.DescribeInstanceAttributeOutput{InstanceId: aws.String(x.id)}
	text := func(s string) *types.AttributeValue { return &types.AttributeValue{Value: str(s)} }
	flag := func(b bool) *types.AttributeBooleanValue { return &types.AttributeBooleanValue{Value: aws.Bool(b)} }
	switch in.Attribute {
	case types.InstanceAttributeNameInstanceType:
		out.InstanceType = text(string(x.kind))
	case types.InstanceAttributeNameKernel:
		out.KernelId = text(x.kernel)
	case types.InstanceAttributeNameRamdisk:
		out.RamdiskId = text(x.ramdisk)
	case types.InstanceAttributeNameUserData:
		out.UserData = text(x.userData)
	case types.InstanceAttributeNameDisableApiTermination:
		out.DisableApiTermination = flag(x.protectTermination)
	case types.InstanceAttributeNameDisableApiStop:
		out.DisableApiStop = flag(x.protectStop)
	case types.InstanceAttributeNameInstanceInitiatedShutdownBehavior:
		out.InstanceInitiatedShutdownBehavior = text(string(x.onShutdown))
	case types.InstanceAttributeNameRootDeviceName:
		out.RootDeviceName = text(x.image.root)
	case types.InstanceAttributeNameBlockDeviceMapping:
		out.BlockDeviceMappings = q.mappings(x)
	case types.InstanceAttributeNameProductCodes:
		out.ProductCodes = []types.ProductCode{}
	case types.InstanceAttributeNameSourceDestCheck:
		out.SourceDestCheck = flag(x.sourceDest)
	case types.InstanceAttributeNameGroupSet:
		out.Groups = groupViews(x.groups)
	case types.InstanceAttributeNameEbsOptimized:
		out.EbsOptimized = flag(x.ebsOptimized)
	case types.InstanceAttributeNameEnaSupport:
		out.EnaSupport = flag(x.image.virtualization == types.VirtualizationTypeHvm)
	case types.InstanceAttributeNameEnclaveOptions:
		out.EnclaveOptions = &types.EnclaveOptions{Enabled: aws.Bool(false)}
	case types.InstanceAttributeNameSriovNetSupport:
		out.SriovNetSupport = &types.AttributeValue{}
	default:
		return nil, invalid("Value (%s) for parameter attribute is invalid. Unknown attribute.", in.Attribute)
	}
	return out, nil
}

// asNamed rewrites the old form of ModifyInstanceAttribute, an attribute's
// name and a value, into the new one, a parameter an attribute.
func asNamed(in *ec2.ModifyInstanceAttributeInput) (*ec2.ModifyInstanceAttributeInput, error) {
	if in.Attribute == "" {
		return in, nil
	}
	out := *in
	if in.Value == nil {
		if len(in.BlockDeviceMappings) > 0 && in.Attribute == types.InstanceAttributeNameBlockDeviceMapping || len(in.Groups) > 0 {
			return &out, nil
		}
		return nil, missing("Value")
	}
	text := &types.AttributeValue{Value: in.Value}
	var flag *types.AttributeBooleanValue
	switch strings.ToLower(*in.Value) {
	case "true", "1":
		flag = &types.AttributeBooleanValue{Value: aws.Bool(true)}
	case "false", "0":
		flag = &types.AttributeBooleanValue{Value: aws.Bool(false)}
	}
	set := map[types.InstanceAttributeName]func(){
		types.InstanceAttributeNameInstanceType:                      func() { out.InstanceType = text },
		types.InstanceAttributeNameKernel:                            func() { out.Kernel = text },
		types.InstanceAttributeNameRamdisk:                           func() { out.Ramdisk = text },
		types.InstanceAttributeNameInstanceInitiatedShutdownBehavior: func() { out.InstanceInitiatedShutdownBehavior = text },
		types.InstanceAttributeNameUserData:                          func() { out.UserData = &types.SecureBlobAttributeValue{Value: []byte(*in.Value)} },
		types.InstanceAttributeNameGroupSet:                          func() { out.Groups = []string{*in.Value} },
	}
	flags := map[types.InstanceAttributeName]**types.AttributeBooleanValue{
		types.InstanceAttributeNameDisableApiTermination: &out.DisableApiTermination,
		types.InstanceAttributeNameDisableApiStop:        &out.DisableApiStop,
		types.InstanceAttributeNameSourceDestCheck:       &out.SourceDestCheck,
		types.InstanceAttributeNameEbsOptimized:          &out.EbsOptimized,
	}
	if dst := flags[in.Attribute]; dst != nil {
		if flag == nil {
			return nil, invalid("Value (%s) for parameter value is invalid. Expected a boolean.", *in.Value)
		}
		*dst = flag
		return &out, nil
	}
	apply := set[in.Attribute]
	if apply == nil {
		return nil, invalid("Value (%s) for parameter attribute is invalid. It cannot be modified.", in.Attribute)
	}
	if in.Attribute == types.InstanceAttributeNameUserData { // this form carries it as base64
		raw, err := base64.StdEncoding.DecodeString(*in.Value)
		if err != nil {
			return nil, fail("InvalidUserData.Malformed", "Invalid BASE64 encoding of user data.")
		}
		out.UserData = &types.SecureBlobAttributeValue{Value: raw}
		return &out, nil
	}
	apply()
	return &out, nil
}

// modifyInstanceAttribute changes attributes of one instance. What the
// machine reads when it is switched on can only change while it is stopped.
func modifyInstanceAttribute(q *call, in *ec2.ModifyInstanceAttributeInput) (*ec2.ModifyInstanceAttributeOutput, error) {
	if in.InstanceId == nil {
		return nil, missing("InstanceId")
	}
	list, err := q.named([]string{*in.InstanceId})
	if err != nil {
		return nil, err
	}
	if in, err = asNamed(in); err != nil {
		return nil, err
	}
	x := list[0]
	state := x.state(q.now)
	cold := in.InstanceType != nil || in.Kernel != nil || in.Ramdisk != nil || in.UserData != nil || in.EbsOptimized != nil || in.EnaSupport != nil
	switch {
	case state == types.InstanceStateNameTerminated || state == types.InstanceStateNameShuttingDown:
		return nil, fail("IncorrectInstanceState", "The instance '%s' is %s.", x.id, state)
	case cold && state != types.InstanceStateNameStopped:
		return nil, fail("IncorrectInstanceState", "The instance '%s' is not in the 'stopped' state.", x.id)
	}
	var changes []func()
	if v := in.InstanceType; v != nil {
		kind := types.InstanceType(aws.ToString(v.Value))
		if !slices.Contains(kind.Values(), kind) {
			return nil, invalid("Invalid value '%s' for InstanceType.", kind)
		}
		if err := archFits(kind, x.image); err != nil {
			return nil, err
		}
		changes = append(changes, func() { x.kind = kind })
	}
	if v := in.InstanceInitiatedShutdownBehavior; v != nil {
		b := types.ShutdownBehavior(aws.ToString(v.Value))
		if !slices.Contains(b.Values(), b) {
			return nil, invalid("Value (%s) for parameter instanceInitiatedShutdownBehavior is invalid.", b)
		}
		changes = append(changes, func() { x.onShutdown = b })
	}
	if v := in.UserData; v != nil {
		if len(v.Value) > maxUserData {
			return nil, invalid("User data is limited to %d bytes", maxUserData)
		}
		changes = append(changes, func() { x.userData = base64.StdEncoding.EncodeToString(v.Value) })
	}
	if len(in.Groups) > 0 {
		var l launch
		for i := range in.Groups {
			g, err := q.findGroup(&in.Groups[i], nil)
			if err != nil {
				return nil, err
			}
			l.addGroup(g)
		}
		changes = append(changes, func() { x.groups = l.groups })
	}
	for _, m := range in.BlockDeviceMappings {
		i := slices.IndexFunc(q.volumesOf(x), func(v *volume) bool { return v.attached.device == aws.ToString(m.DeviceName) })
		if i < 0 {
			return nil, fail("InvalidInstanceAttributeValue", "No device is currently mapped at %s", aws.ToString(m.DeviceName))
		}
		if a := q.volumesOf(x)[i].attached; m.Ebs != nil && m.Ebs.DeleteOnTermination != nil {
			changes = append(changes, func() { a.keep = !*m.Ebs.DeleteOnTermination })
		}
	}
	texts := []struct {
		v   *types.AttributeValue
		dst *string
	}{{in.Kernel, &x.kernel}, {in.Ramdisk, &x.ramdisk}}
	flags := []struct {
		v   *types.AttributeBooleanValue
		dst *bool
	}{{in.DisableApiTermination, &x.protectTermination}, {in.DisableApiStop, &x.protectStop}, {in.SourceDestCheck, &x.sourceDest}, {in.EbsOptimized, &x.ebsOptimized}}
	for _, w := range texts {
		if w.v != nil {
			changes = append(changes, func() { *w.dst = aws.ToString(w.v.Value) })
		}
	}
	for _, w := range flags {
		if w.v != nil {
			changes = append(changes, func() { *w.dst = aws.ToBool(w.v.Value) })
		}
	}
	if len(changes) == 0 {
		return nil, fail("InvalidParameterCombination", "No attributes specified.")
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	for _, change := range changes {
		change()
	}
	return &ec2.ModifyInstanceAttributeOutput{}, nil
}
