package ec2

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// GetPermissions tells who may use the snapshot: a map of "user_ids" to
// accounts and of "groups" to "all" where it is public:
// DescribeSnapshotAttribute (boto: get_permissions).
//
// Example: snapshot.GetPermissions()
func (s *Snapshot) GetPermissions() (map[string][]string, error) {
	out, err := s.Connection.Client.DescribeSnapshotAttribute(s.Connection.ctx(), &sdk.DescribeSnapshotAttributeInput{
		SnapshotId: aws.String(s.ID), Attribute: types.SnapshotAttributeNameCreateVolumePermission,
	})
	if err != nil {
		return nil, fmt.Errorf("get permissions of %s: %w", s.ID, err)
	}
	m := map[string][]string{}
	for _, p := range out.CreateVolumePermissions {
		if p.UserId != nil {
			m["user_ids"] = append(m["user_ids"], *p.UserId)
		}
		if p.Group != "" {
			m["groups"] = append(m["groups"], string(p.Group))
		}
	}
	return m, nil
}

// Share lets other accounts use the snapshot, or everyone by the group "all":
// ModifySnapshotAttribute (boto: share).
//
// Example: snapshot.Share([]string{"123456789012"})
func (s *Snapshot) Share(userIDs []string, groups ...string) (bool, error) {
	return s.permit(types.OperationTypeAdd, userIDs, groups)
}

// Unshare takes that back: ModifySnapshotAttribute (boto: unshare).
//
// Example: snapshot.Unshare([]string{"123456789012"})
func (s *Snapshot) Unshare(userIDs []string, groups ...string) (bool, error) {
	return s.permit(types.OperationTypeRemove, userIDs, groups)
}

func (s *Snapshot) permit(operation types.OperationType, userIDs, groups []string) (bool, error) {
	_, err := s.Connection.Client.ModifySnapshotAttribute(s.Connection.ctx(), &sdk.ModifySnapshotAttributeInput{
		SnapshotId: aws.String(s.ID), Attribute: types.SnapshotAttributeNameCreateVolumePermission,
		OperationType: operation, UserIds: userIDs, GroupNames: groups,
	})
	if err != nil {
		return false, fmt.Errorf("%s permissions of %s: %w", operation, s.ID, err)
	}
	return true, nil
}

// ResetPermissions makes the snapshot the account's own again:
// ResetSnapshotAttribute (boto: reset_permissions).
//
// Example: snapshot.ResetPermissions()
func (s *Snapshot) ResetPermissions() (bool, error) {
	_, err := s.Connection.Client.ResetSnapshotAttribute(s.Connection.ctx(), &sdk.ResetSnapshotAttributeInput{
		SnapshotId: aws.String(s.ID), Attribute: types.SnapshotAttributeNameCreateVolumePermission,
	})
	if err != nil {
		return false, fmt.Errorf("reset permissions of %s: %w", s.ID, err)
	}
	return true, nil
}

func (i *Image) attribute(name types.ImageAttributeName) (*sdk.DescribeImageAttributeOutput, error) {
	out, err := i.Connection.Client.DescribeImageAttribute(i.Connection.ctx(), &sdk.DescribeImageAttributeInput{ImageId: aws.String(i.ID), Attribute: name})
	if err != nil {
		return nil, fmt.Errorf("get attribute %s of %s: %w", name, i.ID, err)
	}
	return out, nil
}

// GetKernel gives the id of the image's kernel: DescribeImageAttribute
// (boto: get_kernel).
//
// Example: image.GetKernel()
func (i *Image) GetKernel() (string, error) {
	out, err := i.attribute(types.ImageAttributeNameKernel)
	if err != nil || out.KernelId == nil {
		return "", err
	}
	return aws.ToString(out.KernelId.Value), nil
}

// GetRamdisk gives the id of the image's RAM disk: DescribeImageAttribute
// (boto: get_ramdisk).
//
// Example: image.GetRamdisk()
func (i *Image) GetRamdisk() (string, error) {
	out, err := i.attribute(types.ImageAttributeNameRamdisk)
	if err != nil || out.RamdiskId == nil {
		return "", err
	}
	return aws.ToString(out.RamdiskId.Value), nil
}

// GetLaunchPermissions tells who may launch the image: a map of "user_ids" to
// accounts and of "groups" to "all" where it is public: DescribeImageAttribute
// (boto: get_launch_permissions).
//
// Example: image.GetLaunchPermissions()
func (i *Image) GetLaunchPermissions() (map[string][]string, error) {
	out, err := i.attribute(types.ImageAttributeNameLaunchPermission)
	if err != nil {
		return nil, err
	}
	m := map[string][]string{}
	for _, p := range out.LaunchPermissions {
		if p.UserId != nil {
			m["user_ids"] = append(m["user_ids"], *p.UserId)
		}
		if p.Group != "" {
			m["groups"] = append(m["groups"], string(p.Group))
		}
	}
	return m, nil
}

// SetLaunchPermissions lets other accounts launch the image, or everyone by
// the group "all": ModifyImageAttribute (boto: set_launch_permissions).
//
// Example: image.SetLaunchPermissions([]string{"123456789012"})
func (i *Image) SetLaunchPermissions(userIDs []string, groups ...string) (bool, error) {
	return i.permit(types.OperationTypeAdd, userIDs, groups)
}

// RemoveLaunchPermissions takes that back: ModifyImageAttribute
// (boto: remove_launch_permissions).
//
// Example: image.RemoveLaunchPermissions([]string{"123456789012"})
func (i *Image) RemoveLaunchPermissions(userIDs []string, groups ...string) (bool, error) {
	return i.permit(types.OperationTypeRemove, userIDs, groups)
}

func (i *Image) permit(operation types.OperationType, userIDs, groups []string) (bool, error) {
	_, err := i.Connection.Client.ModifyImageAttribute(i.Connection.ctx(), &sdk.ModifyImageAttributeInput{
		ImageId: aws.String(i.ID), Attribute: aws.String(string(types.ImageAttributeNameLaunchPermission)),
		OperationType: operation, UserIds: userIDs, UserGroups: groups,
	})
	if err != nil {
		return false, fmt.Errorf("%s launch permissions of %s: %w", operation, i.ID, err)
	}
	return true, nil
}

// ResetLaunchAttributes makes the image the account's own again:
// ResetImageAttribute (boto: reset_launch_attributes).
//
// Example: image.ResetLaunchAttributes()
func (i *Image) ResetLaunchAttributes() (bool, error) {
	_, err := i.Connection.Client.ResetImageAttribute(i.Connection.ctx(), &sdk.ResetImageAttributeInput{
		ImageId: aws.String(i.ID), Attribute: types.ResetImageAttributeNameLaunchPermission,
	})
	if err != nil {
		return false, fmt.Errorf("reset launch permissions of %s: %w", i.ID, err)
	}
	return true, nil
}
