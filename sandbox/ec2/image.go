package ec2

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// image is what machines boot from: an entry of the catalogue, which is public,
// or one that the account made. Each boots from EBS, and its root device is
// filled from a snapshot of its own.
type image struct {
	id, name, description string
	owner, alias          string
	arch                  types.ArchitectureValues
	root                  string // root device
	size                  int32  // of the root volume, GiB
	created               string
	virtualization        types.VirtualizationType
	kernel                string
	user                  string // whom SSH logs in
	release               string // first words of the boot log
	snapshot              string
	volumeType            types.VolumeType

	own       bool      // made by the account
	made      time.Time // of its own ones
	devices   []device  // beside the root
	rootKeeps bool      // the root volume outlives the machine
	rootIOPS  *int32    // of the root volume, where its type has any
	public    bool      // everybody may launch one of its own, too
	shared    []string  // accounts that may
}

func (m *image) isPublic() bool { return !m.own || m.public }

// bookImage is the image the AWS cookbook of 2011 launches. It keeps its id
// in every region, where AWS would have another in each: a recipe pasted in
// any region should find it.
const bookImage = "ami-7341831a"

const (
	ownerAmazon = "137112412989"
	ownerUbuntu = "099720109477"
	ownerDebian = "136693071363"
)

// catalogue makes the images of a region; ids differ by region as AWS's do
// and are the same each time.
func catalogue(region string) []*image {
	images := []*image{
		{id: bookImage, name: "amzn-ami-2011.i386-ebs", description: "Amazon Linux AMI i386 EBS", owner: ownerAmazon, alias: "amazon",
			arch: types.ArchitectureValuesI386, root: "/dev/sda1", size: 8, created: "2011-09-16T20:55:08.000Z",
			virtualization: types.VirtualizationTypeParavirtual, kernel: "aki-805ea7e9", user: "ec2-user",
			release: "Amazon Linux AMI release 2011.09", volumeType: types.VolumeTypeStandard},
		{name: "al2023-ami-2023.6.20250115.0-kernel-6.1-x86_64", description: "Amazon Linux 2023 AMI 2023.6.20250115.0 x86_64 HVM kernel-6.1",
			owner: ownerAmazon, alias: "amazon", arch: types.ArchitectureValuesX8664, root: "/dev/xvda", size: 8, created: "2025-01-17T00:33:27.000Z",
			user: "ec2-user", release: "Amazon Linux 2023"},
		{name: "al2023-ami-2023.6.20250115.0-kernel-6.1-arm64", description: "Amazon Linux 2023 AMI 2023.6.20250115.0 arm64 HVM kernel-6.1",
			owner: ownerAmazon, alias: "amazon", arch: types.ArchitectureValuesArm64, root: "/dev/xvda", size: 8, created: "2025-01-17T00:33:30.000Z",
			user: "ec2-user", release: "Amazon Linux 2023"},
		{name: "amzn2-ami-kernel-5.10-hvm-2.0.20250113.1-x86_64-gp2", description: "Amazon Linux 2 Kernel 5.10 AMI 2.0.20250113.1 x86_64 HVM gp2",
			owner: ownerAmazon, alias: "amazon", arch: types.ArchitectureValuesX8664, root: "/dev/xvda", size: 8, created: "2025-01-14T22:11:40.000Z",
			user: "ec2-user", release: "Amazon Linux 2", volumeType: types.VolumeTypeGp2},
		{name: "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20250115", description: "Canonical, Ubuntu, 24.04, amd64 noble image",
			owner: ownerUbuntu, arch: types.ArchitectureValuesX8664, root: "/dev/sda1", size: 8, created: "2025-01-15T06:31:05.000Z",
			user: "ubuntu", release: "Ubuntu 24.04 LTS"},
		{name: "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-arm64-server-20250115", description: "Canonical, Ubuntu, 24.04, arm64 noble image",
			owner: ownerUbuntu, arch: types.ArchitectureValuesArm64, root: "/dev/sda1", size: 8, created: "2025-01-15T06:31:08.000Z",
			user: "ubuntu", release: "Ubuntu 24.04 LTS"},
		{name: "ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-20250112", description: "Canonical, Ubuntu, 22.04, amd64 jammy image",
			owner: ownerUbuntu, arch: types.ArchitectureValuesX8664, root: "/dev/sda1", size: 8, created: "2025-01-12T06:48:14.000Z",
			user: "ubuntu", release: "Ubuntu 22.04 LTS", volumeType: types.VolumeTypeGp2},
		{name: "debian-12-amd64-20250115-1993", description: "Debian 12 (20250115-1993)",
			owner: ownerDebian, arch: types.ArchitectureValuesX8664, root: "/dev/xvda", size: 8, created: "2025-01-15T09:02:51.000Z",
			user: "admin", release: "Debian GNU/Linux 12"},
	}
	for _, m := range images {
		if m.id == "" {
			m.id = "ami-0" + digits(region, "image", m.name)
		}
		m.snapshot = "snap-0" + digits(region, "snapshot", m.name)
		if m.virtualization == "" {
			m.virtualization = types.VirtualizationTypeHvm
		}
		if m.volumeType == "" {
			m.volumeType = types.VolumeTypeGp3
		}
	}
	return images
}

// digits makes the sixteen hex digits of an id that is always the same.
func digits(parts ...string) string {
	sum := sha256.Sum256(fmt.Append(nil, parts))
	return hex.EncodeToString(sum[:8])
}

func (r *region) image(id string) *image {
	for _, m := range r.images {
		if m.id == id {
			return m
		}
	}
	return nil
}

func (m *image) location() string {
	if m.alias != "" {
		return m.alias + "/" + m.name
	}
	return m.owner + "/" + m.name
}

func (q *call) imageFields() fields[*image] {
	return fields[*image]{
		"image-id":            func(m *image) []string { return one(m.id) },
		"name":                func(m *image) []string { return one(m.name) },
		"description":         func(m *image) []string { return one(m.description) },
		"architecture":        func(m *image) []string { return one(string(m.arch)) },
		"creation-date":       func(m *image) []string { return one(m.created) },
		"hypervisor":          func(*image) []string { return one("xen") },
		"image-type":          func(*image) []string { return one("machine") },
		"is-public":           func(m *image) []string { return yesno(m.isPublic()) },
		"kernel-id":           func(m *image) []string { return one(m.kernel) },
		"manifest-location":   func(m *image) []string { return one(m.location()) },
		"owner-alias":         func(m *image) []string { return one(m.alias) },
		"owner-id":            func(m *image) []string { return one(m.owner) },
		"platform":            func(*image) []string { return nil },
		"platform-details":    func(*image) []string { return one("Linux/UNIX") },
		"ramdisk-id":          func(*image) []string { return nil },
		"root-device-name":    func(m *image) []string { return one(m.root) },
		"root-device-type":    func(*image) []string { return one("ebs") },
		"state":               func(m *image) []string { return one(string(m.state(q.now))) },
		"virtualization-type": func(m *image) []string { return one(string(m.virtualization)) },
		"ena-support":         func(m *image) []string { return yesno(m.virtualization == types.VirtualizationTypeHvm) },

		"block-device-mapping.device-name":           func(m *image) []string { return one(m.root) },
		"block-device-mapping.snapshot-id":           func(m *image) []string { return one(m.snapshot) },
		"block-device-mapping.volume-size":           func(m *image) []string { return one(fmt.Sprint(m.size)) },
		"block-device-mapping.volume-type":           func(m *image) []string { return one(string(m.volumeType)) },
		"block-device-mapping.delete-on-termination": func(*image) []string { return yesno(true) },
		"block-device-mapping.encrypted":             func(*image) []string { return yesno(false) },
	}
}

func describeImages(q *call, in *ec2.DescribeImagesInput) (*ec2.DescribeImagesOutput, error) {
	for _, id := range in.ImageIds {
		if !wellFormed("ami", id) && !wellFormed("aki", id) && !wellFormed("ari", id) {
			return nil, fail("InvalidAMIID.Malformed", "Invalid id: %q (expecting %q)", id, "ami-...")
		}
	}
	if gone := absent(in.ImageIds, func(id string) bool { return q.image(id) != nil }); len(gone) > 0 {
		return nil, noImage(gone...)
	}
	id := func(m *image) string { return m.id }
	images := selected(q.images, in.ImageIds, id)
	if len(in.Owners) > 0 {
		images = slices.DeleteFunc(slices.Clone(images), func(m *image) bool {
			return !slices.Contains(in.Owners, m.owner) && !(m.own && slices.Contains(in.Owners, "self")) && !(m.alias != "" && slices.Contains(in.Owners, m.alias))
		})
	}
	if len(in.ExecutableUsers) > 0 && !slices.Contains(in.ExecutableUsers, "all") {
		images = slices.DeleteFunc(slices.Clone(images), func(m *image) bool {
			return !slices.ContainsFunc(in.ExecutableUsers, func(who string) bool { return m.own && (who == "self" || slices.Contains(m.shared, who)) })
		})
	}
	images, err := filter(q, q.imageFields(), in.Filters, images, id)
	if err != nil {
		return nil, err
	}
	images, next, err := page(images, in.NextToken, in.MaxResults, 1, 1000)
	if err != nil {
		return nil, err
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	out := &ec2.DescribeImagesOutput{Images: []types.Image{}, NextToken: next}
	for _, m := range images {
		out.Images = append(out.Images, q.imageView(m))
	}
	return out, nil
}

func noImage(ids ...string) error {
	if len(ids) == 1 {
		return fail("InvalidAMIID.NotFound", "The image id '[%s]' does not exist", ids[0])
	}
	return fail("InvalidAMIID.NotFound", "The image ids '%v' do not exist", ids)
}

func (q *call) imageView(m *image) types.Image {
	hvm := m.virtualization == types.VirtualizationTypeHvm
	v := types.Image{
		ImageId: aws.String(m.id), Name: aws.String(m.name), Description: aws.String(m.description),
		ImageLocation: aws.String(m.location()), ImageOwnerAlias: str(m.alias), OwnerId: aws.String(m.owner),
		Architecture: m.arch, CreationDate: aws.String(m.created), Hypervisor: types.HypervisorTypeXen,
		ImageType: types.ImageTypeValuesMachine, KernelId: str(m.kernel), PlatformDetails: aws.String("Linux/UNIX"),
		Public: aws.Bool(m.isPublic()), RootDeviceName: aws.String(m.root), RootDeviceType: types.DeviceTypeEbs,
		State: m.state(q.now), UsageOperation: aws.String("RunInstances"), VirtualizationType: m.virtualization,
		EnaSupport: aws.Bool(hvm), Tags: q.tagSet(m.id),
		BlockDeviceMappings: []types.BlockDeviceMapping{{DeviceName: aws.String(m.root), Ebs: &types.EbsBlockDevice{
			SnapshotId: aws.String(m.snapshot), VolumeSize: aws.Int32(m.size), VolumeType: m.volumeType,
			DeleteOnTermination: aws.Bool(!m.rootKeeps), Encrypted: aws.Bool(false)}}},
	}
	for _, d := range m.devices {
		v.BlockDeviceMappings = append(v.BlockDeviceMappings, types.BlockDeviceMapping{DeviceName: aws.String(d.name), Ebs: &types.EbsBlockDevice{
			SnapshotId: str(d.disk.snapshot), VolumeSize: aws.Int32(d.disk.size), VolumeType: d.disk.kind,
			DeleteOnTermination: aws.Bool(!d.keep), Encrypted: aws.Bool(d.disk.encrypted)}})
	}
	return v
}
