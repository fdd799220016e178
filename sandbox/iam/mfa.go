package iam

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/http"
	"slices"

	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"pawsh/sandbox/wire"
)

// device is a virtual MFA device: it shows another six digits every half
// minute, made of its seed and the cloud's clock.
type device struct {
	serial  string
	seed    []byte
	enabled time.Time // zero until it belongs to somebody
	user    *user     // nil with enabled is the account's own
}

// codeStep is how long a code is shown (RFC 6238).
const codeStep = 30 * time.Second

// code is what the device shows at a time.
func (d *device) code(at time.Time) string {
	m := hmac.New(sha1.New, d.seed)
	m.Write(binary.BigEndian.AppendUint64(nil, uint64(at.Unix()/int64(codeStep/time.Second)))) // a hash never fails
	sum := m.Sum(nil)
	at4 := sum[len(sum)-1] & 0xf
	return fmt.Sprintf("%06d", (binary.BigEndian.Uint32(sum[at4:])&0x7fffffff)%1_000_000)
}

// shows reports whether code is the device's now, or was a moment ago.
func (d *device) shows(code string, now time.Time) bool {
	for _, off := range []time.Duration{0, -codeStep, codeStep} {
		if hmac.Equal([]byte(d.code(now.Add(off))), []byte(code)) {
			return true
		}
	}
	return false
}

// rootDevice is the device that the account has from the beginning.
func (c *Cloud) rootDevice() *device {
	return &device{serial: "arn:aws:iam::" + c.env.AccountID() + ":mfa/root-account-mfa-device", seed: []byte(c.env.Text(20)), enabled: c.env.Now()}
}

func (c *Cloud) device(serial string) *device {
	for _, d := range c.devices {
		if d.serial == serial {
			return d
		}
	}
	return nil
}

// MFA is what the device of the account itself shows: its serial number, the
// code of now, and how long that is shown yet.
func (c *Cloud) MFA() (serial, code string, left time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.env.Now()
	for _, d := range c.devices {
		if d.user == nil && !d.enabled.IsZero() {
			return d.serial, d.code(now), codeStep - now.Sub(now.Truncate(codeStep))
		}
	}
	return "", "", 0
}

// CheckMFA reports whether code is what the caller's device of that serial
// number shows now.
func (c *Cloud) CheckMFA(caller wire.Caller, serial, code string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	d := c.device(serial)
	if d == nil || d.enabled.IsZero() || !d.shows(code, c.env.Now()) {
		return false
	}
	if d.user == nil {
		return caller.UserName == ""
	}
	return equalName(d.user.name, caller.UserName)
}

func (c *Cloud) createVirtualMFADevice(_ context.Context, in *iam.CreateVirtualMFADeviceInput) (*iam.CreateVirtualMFADeviceOutput, error) {
	if err := checkName("virtualMFADeviceName", aws.ToString(in.VirtualMFADeviceName), 226); err != nil {
		return nil, err
	}
	path, err := place(in.Path)
	if err != nil {
		return nil, err
	}
	d := &device{serial: "arn:aws:iam::" + c.env.AccountID() + ":mfa" + path + *in.VirtualMFADeviceName, seed: []byte(c.env.Text(20))}
	if c.device(d.serial) != nil {
		return nil, fail("EntityAlreadyExists", http.StatusConflict, "MFADevice entity at the same path and name already exists.")
	}
	c.devices = append(c.devices, d)
	return &iam.CreateVirtualMFADeviceOutput{VirtualMFADevice: &types.VirtualMFADevice{SerialNumber: aws.String(d.serial),
		Base32StringSeed: []byte(base32.StdEncoding.EncodeToString(d.seed))}}, nil
}

// enableMFADevice gives a device to a user, who shows that he has it by two
// codes, one after the other.
func (c *Cloud) enableMFADevice(ctx context.Context, in *iam.EnableMFADeviceInput) (*iam.EnableMFADeviceOutput, error) {
	u, err := c.named(ctx, in.UserName)
	if err != nil {
		return nil, err
	}
	d := c.device(aws.ToString(in.SerialNumber))
	switch {
	case d == nil:
		return nil, fail("NoSuchEntity", http.StatusNotFound, "VirtualMFADevice with serial number %s does not exist.", aws.ToString(in.SerialNumber))
	case !d.enabled.IsZero():
		return nil, fail("EntityAlreadyExists", http.StatusConflict, "MFA Device is already in use.")
	case !c.twoCodes(d, in.AuthenticationCode1, in.AuthenticationCode2):
		return nil, fail("InvalidAuthenticationCode", http.StatusForbidden, "Authentication code for device is not valid.")
	}
	d.user, d.enabled = u, c.env.Now()
	return nil, nil
}

// twoCodes reports whether two codes follow each other around now.
func (c *Cloud) twoCodes(d *device, first, second *string) bool {
	for off := -10; off <= 10; off++ {
		at := c.env.Now().Add(time.Duration(off) * codeStep)
		if d.code(at) == aws.ToString(first) && d.code(at.Add(codeStep)) == aws.ToString(second) {
			return true
		}
	}
	return false
}

func (c *Cloud) resyncMFADevice(ctx context.Context, in *iam.ResyncMFADeviceInput) (*iam.ResyncMFADeviceOutput, error) {
	d, err := c.deviceOf(ctx, in.UserName, in.SerialNumber)
	if err != nil {
		return nil, err
	}
	if !c.twoCodes(d, in.AuthenticationCode1, in.AuthenticationCode2) {
		return nil, fail("InvalidAuthenticationCode", http.StatusForbidden, "Authentication code for device is not valid.")
	}
	return nil, nil
}

func (c *Cloud) deviceOf(ctx context.Context, name, serial *string) (*device, error) {
	u, err := c.holder(ctx, name)
	if err != nil {
		return nil, err
	}
	d := c.device(aws.ToString(serial))
	if d == nil || d.enabled.IsZero() || d.user != u {
		return nil, fail("NoSuchEntity", http.StatusNotFound, "MFA Device invalid for user.")
	}
	return d, nil
}

func (c *Cloud) deactivateMFADevice(ctx context.Context, in *iam.DeactivateMFADeviceInput) (*iam.DeactivateMFADeviceOutput, error) {
	d, err := c.deviceOf(ctx, in.UserName, in.SerialNumber)
	if err != nil {
		return nil, err
	}
	d.user, d.enabled = nil, time.Time{}
	return nil, nil
}

func (c *Cloud) deleteVirtualMFADevice(_ context.Context, in *iam.DeleteVirtualMFADeviceInput) (*iam.DeleteVirtualMFADeviceOutput, error) {
	d := c.device(aws.ToString(in.SerialNumber))
	switch {
	case d == nil:
		return nil, fail("NoSuchEntity", http.StatusNotFound, "VirtualMFADevice with serial number %s does not exist.", aws.ToString(in.SerialNumber))
	case !d.enabled.IsZero():
		return nil, fail("DeleteConflict", http.StatusConflict, "MFA VirtualDevice in use. Must deactivate first.")
	}
	c.devices = slices.DeleteFunc(c.devices, func(x *device) bool { return x == d })
	return nil, nil
}

func (c *Cloud) listMFADevices(ctx context.Context, in *iam.ListMFADevicesInput) (*iam.ListMFADevicesOutput, error) {
	u, err := c.holder(ctx, in.UserName)
	if err != nil {
		return nil, err
	}
	out := &iam.ListMFADevicesOutput{MFADevices: []types.MFADevice{}}
	for _, d := range c.devices {
		if d.enabled.IsZero() || d.user != u {
			continue
		}
		m := types.MFADevice{SerialNumber: aws.String(d.serial), EnableDate: aws.Time(d.enabled), UserName: aws.String("")}
		if u != nil {
			m.UserName = aws.String(u.name)
		}
		out.MFADevices = append(out.MFADevices, m)
	}
	return out, nil
}

func (c *Cloud) listVirtualMFADevices(_ context.Context, in *iam.ListVirtualMFADevicesInput) (*iam.ListVirtualMFADevicesOutput, error) {
	out := &iam.ListVirtualMFADevicesOutput{VirtualMFADevices: []types.VirtualMFADevice{}}
	for _, d := range c.devices {
		used := !d.enabled.IsZero()
		if in.AssignmentStatus == types.AssignmentStatusTypeAssigned && !used || in.AssignmentStatus == types.AssignmentStatusTypeUnassigned && used {
			continue
		}
		v := types.VirtualMFADevice{SerialNumber: aws.String(d.serial)}
		if used {
			v.EnableDate = aws.Time(d.enabled)
			if d.user != nil {
				v.User = c.view(d.user)
			}
		}
		out.VirtualMFADevices = append(out.VirtualMFADevices, v)
	}
	return out, nil
}
