package ec2

import "pawsh/sandbox/wire"

// Register makes c answer the operations of s that are built; the rest stay
// with the service's own answer for what is not implemented.
func (c *Cloud) Register(s *wire.Service) {
	handle(s, c, "DescribeRegions", describeRegions)
	handle(s, c, "DescribeAvailabilityZones", describeAvailabilityZones)
	handle(s, c, "DescribeVpcs", describeVpcs)
	handle(s, c, "DescribeSubnets", describeSubnets)

	wire.Handle(s, "CreateKeyPair", c.createKeyPair)
	handle(s, c, "ImportKeyPair", importKeyPair)
	handle(s, c, "DescribeKeyPairs", describeKeyPairs)
	handle(s, c, "DeleteKeyPair", deleteKeyPair)

	handle(s, c, "CreateSecurityGroup", createSecurityGroup)
	handle(s, c, "DescribeSecurityGroups", describeSecurityGroups)
	handle(s, c, "DeleteSecurityGroup", deleteSecurityGroup)
	handle(s, c, "DescribeSecurityGroupRules", describeSecurityGroupRules)
	handle(s, c, "AuthorizeSecurityGroupIngress", authorizeIngress)
	handle(s, c, "AuthorizeSecurityGroupEgress", authorizeEgress)
	handle(s, c, "RevokeSecurityGroupIngress", revokeIngress)
	handle(s, c, "RevokeSecurityGroupEgress", revokeEgress)

	handle(s, c, "DescribeImages", describeImages)
	wire.Handle(s, "CreateImage", c.createImage)
	handle(s, c, "RegisterImage", registerImage)
	handle(s, c, "DeregisterImage", deregisterImage)
	handle(s, c, "CopyImage", copyImage)
	handle(s, c, "DescribeImageAttribute", describeImageAttribute)
	handle(s, c, "ModifyImageAttribute", modifyImageAttribute)
	handle(s, c, "ResetImageAttribute", resetImageAttribute)

	handle(s, c, "RunInstances", runInstances)
	handle(s, c, "DescribeInstances", describeInstances)
	handle(s, c, "DescribeInstanceStatus", describeInstanceStatus)
	handle(s, c, "StartInstances", startInstances)
	handle(s, c, "StopInstances", stopInstances)
	handle(s, c, "RebootInstances", rebootInstances)
	handle(s, c, "TerminateInstances", terminateInstances)
	handle(s, c, "MonitorInstances", monitorInstances)
	handle(s, c, "UnmonitorInstances", unmonitorInstances)
	handle(s, c, "DescribeInstanceAttribute", describeInstanceAttribute)
	handle(s, c, "ModifyInstanceAttribute", modifyInstanceAttribute)
	handle(s, c, "ResetInstanceAttribute", resetInstanceAttribute)
	handle(s, c, "GetPasswordData", getPasswordData)
	wire.Handle(s, "GetConsoleOutput", c.getConsoleOutput)

	handle(s, c, "CreateVolume", createVolume)
	handle(s, c, "DescribeVolumes", describeVolumes)
	handle(s, c, "AttachVolume", attachVolume)
	handle(s, c, "DetachVolume", detachVolume)
	handle(s, c, "DeleteVolume", deleteVolume)
	wire.Handle(s, "CreateSnapshot", c.createSnapshot)
	handle(s, c, "CopySnapshot", copySnapshot)
	handle(s, c, "DescribeSnapshots", describeSnapshots)
	handle(s, c, "DeleteSnapshot", deleteSnapshot)
	handle(s, c, "DescribeSnapshotAttribute", describeSnapshotAttribute)
	handle(s, c, "ModifySnapshotAttribute", modifySnapshotAttribute)
	handle(s, c, "ResetSnapshotAttribute", resetSnapshotAttribute)

	handle(s, c, "AllocateAddress", allocateAddress)
	handle(s, c, "AssociateAddress", associateAddress)
	handle(s, c, "DisassociateAddress", disassociateAddress)
	handle(s, c, "ReleaseAddress", releaseAddress)
	handle(s, c, "DescribeAddresses", describeAddresses)

	handle(s, c, "CreateTags", createTags)
	handle(s, c, "DeleteTags", deleteTags)
	handle(s, c, "DescribeTags", describeTags)
}
