package ec2

import (
	"strings"

	"pawsh/bindings/session"
)

// WaitUntilRunning waits until the instance runs: DescribeInstances, with
// growing pauses. Options: OnProgress, PollEvery, WaitAtMost. Errors:
// *session.WaitError with AWS's reason when it stops or ends instead.
//
// Example: reservation.Instances[0].WaitUntilRunning(WaitAtMost(5 * time.Minute))
func (i *Instance) WaitUntilRunning(opts ...session.WaitOption) error {
	return i.wait("running", []string{"shutting-down", "terminated", "stopping", "stopped"}, opts)
}

// WaitUntilStopped waits until the instance has stopped: DescribeInstances.
// Options as WaitUntilRunning. Errors: *session.WaitError when it ends instead.
//
// Example: instance.Stop(); instance.WaitUntilStopped()
func (i *Instance) WaitUntilStopped(opts ...session.WaitOption) error {
	return i.wait("stopped", []string{"shutting-down", "terminated"}, opts)
}

// WaitUntilTerminated waits until the instance has ended: DescribeInstances.
// Options as WaitUntilRunning.
//
// Example: instance.Terminate(); instance.WaitUntilTerminated()
func (i *Instance) WaitUntilTerminated(opts ...session.WaitOption) error {
	return i.wait("terminated", nil, opts)
}

func (i *Instance) wait(want string, instead []string, opts []session.WaitOption) error {
	return i.Connection.Target.Wait(i.String(), want, func() (string, error) {
		state, err := i.Update()
		switch code := session.Code(err); {
		// A new instance is not known everywhere at once.
		case code == "InvalidInstanceID.NotFound" && want != "terminated":
			return "unknown yet", nil
		case code == "InvalidInstanceID.NotFound":
			return want, nil
		case err != nil:
			return "", err
		}
		return state, dead(state, instead, i.StateReason, i.Reason)
	}, opts...)
}

// dead ends a wait in a state that leads nowhere.
func dead(state string, instead []string, reasons ...string) error {
	for _, s := range instead {
		if s != state {
			continue
		}
		for _, r := range reasons {
			if strings.TrimSpace(r) != "" {
				return session.Never(r)
			}
		}
		return session.Never("AWS gives no reason")
	}
	return nil
}

// WaitUntilAvailable waits until the volume can be attached: DescribeVolumes.
// Options: OnProgress, PollEvery, WaitAtMost. Errors: *session.WaitError when
// it failed or is deleted instead.
//
// Example: ec2.CreateVolume(1, "us-east-1a").WaitUntilAvailable()
func (v *Volume) WaitUntilAvailable(opts ...session.WaitOption) error {
	return v.wait("available", v.Update, []string{"error", "deleting", "deleted"}, opts)
}

// WaitUntilInUse waits until the volume is attached to its instance:
// DescribeVolumes. Options as WaitUntilAvailable.
//
// Example: volume.Attach(instance.ID, "/dev/sdh"); volume.WaitUntilInUse()
func (v *Volume) WaitUntilInUse(opts ...session.WaitOption) error {
	return v.wait("attached", func() (string, error) {
		status, err := v.Update()
		if s := v.AttachmentState(); err == nil && status == "in-use" && s != "" {
			return s, nil
		}
		return status, err
	}, []string{"error", "deleting", "deleted"}, opts)
}

// WaitUntilDeleted waits until the volume is gone: DescribeVolumes. Options as
// WaitUntilAvailable.
//
// Example: volume.Delete(); volume.WaitUntilDeleted()
func (v *Volume) WaitUntilDeleted(opts ...session.WaitOption) error {
	return v.wait("deleted", func() (string, error) {
		status, err := v.Update()
		if session.Code(err) == "InvalidVolume.NotFound" {
			return "deleted", nil
		}
		return status, err
	}, []string{"error"}, opts)
}

func (v *Volume) wait(want string, look func() (string, error), instead []string, opts []session.WaitOption) error {
	return v.Connection.Target.Wait(v.String(), want, func() (string, error) {
		status, err := look()
		if err != nil {
			return "", err
		}
		if status == want {
			return status, nil
		}
		return status, dead(status, instead, "the volume is "+status)
	}, opts...)
}

// WaitUntilCompleted waits until the snapshot holds all of the volume's data:
// DescribeSnapshots. Options: OnProgress, whose State is the progress in per
// cent with the status, PollEvery, WaitAtMost. Errors: *session.WaitError with
// AWS's reason when it failed.
//
// Example: volume.CreateSnapshot().WaitUntilCompleted()
func (s *Snapshot) WaitUntilCompleted(opts ...session.WaitOption) error {
	return s.Connection.Target.Wait(s.String(), "completed", func() (string, error) {
		_, err := s.Update()
		switch {
		case err != nil:
			return "", err
		case s.Status == "completed":
			return s.Status, nil
		case s.Status == "error":
			return s.Status, dead("error", []string{"error"}, s.StateMessage)
		}
		return s.Status + " " + s.Progress, nil
	}, opts...)
}

// WaitUntilAvailable waits until the image can be launched: DescribeImages.
// Options: OnProgress, PollEvery, WaitAtMost. Errors: *session.WaitError with
// AWS's reason when it failed.
//
// Example: image.WaitUntilAvailable()
func (i *Image) WaitUntilAvailable(opts ...session.WaitOption) error {
	return i.Connection.Target.Wait(i.String(), "available", func() (string, error) {
		state, err := i.Update()
		switch {
		case session.Code(err) == "InvalidAMIID.NotFound":
			return "unknown yet", nil
		case err != nil:
			return "", err
		}
		return state, dead(state, []string{"invalid", "deregistered", "failed", "error", "disabled"}, i.StateReason)
	}, opts...)
}
