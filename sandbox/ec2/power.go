package ec2

import (
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// byUser is the reason of what a user asked for.
func byUser(code, what string, now time.Time) stateReason {
	return stateReason{code: code, message: code + ": " + what, transition: fmt.Sprintf("User initiated (%s)", now.Format("2006-01-02 15:04:05 GMT"))}
}

// change runs act over the named instances: all are checked before the first
// is touched. check refuses an instance in its state.
func (q *call) change(ids []string, dryRun *bool, check func(*instance, types.InstanceStateName) error, act func(*instance, types.InstanceStateName)) ([]types.InstanceStateChange, error) {
	if len(ids) == 0 {
		return nil, missing("InstanceId")
	}
	list, err := q.named(ids)
	if err != nil {
		return nil, err
	}
	for _, x := range list {
		if err := check(x, x.state(q.now)); err != nil {
			return nil, err
		}
	}
	if err := dry(dryRun); err != nil {
		return nil, err
	}
	out := []types.InstanceStateChange{}
	for _, x := range list {
		before := x.state(q.now)
		act(x, before)
		out = append(out, types.InstanceStateChange{InstanceId: aws.String(x.id), PreviousState: stateView(before), CurrentState: stateView(x.state(q.now))})
	}
	return out, nil
}

func wrongState(x *instance, verb string) error {
	return fail("IncorrectInstanceState", "The instance '%s' is not in a state from which it can be %s.", x.id, verb)
}

func startInstances(q *call, in *ec2.StartInstancesInput) (*ec2.StartInstancesOutput, error) {
	changes, err := q.change(in.InstanceIds, in.DryRun,
		func(x *instance, s types.InstanceStateName) error {
			switch s {
			case types.InstanceStateNameStopped, types.InstanceStateNameRunning, types.InstanceStateNamePending:
				return nil
			}
			return wrongState(x, "started")
		},
		func(x *instance, s types.InstanceStateName) {
			if s == types.InstanceStateNameStopped {
				q.powerOn(x)
			}
		})
	if err != nil {
		return nil, err
	}
	return &ec2.StartInstancesOutput{StartingInstances: changes}, nil
}

func stopInstances(q *call, in *ec2.StopInstancesInput) (*ec2.StopInstancesOutput, error) {
	changes, err := q.change(in.InstanceIds, in.DryRun,
		func(x *instance, s types.InstanceStateName) error {
			switch {
			case x.protectStop:
				return fail("OperationNotPermitted", "The instance '%s' may not be stopped. Modify its 'disableApiStop' instance attribute and try again.", x.id)
			case s == types.InstanceStateNameRunning, s == types.InstanceStateNameStopping, s == types.InstanceStateNameStopped:
				return nil
			}
			return wrongState(x, "stopped")
		},
		func(x *instance, s types.InstanceStateName) {
			if s == types.InstanceStateNameRunning {
				x.aim(types.InstanceStateNameStopped, q.now, byUser("Client.UserInitiatedShutdown", "User initiated shutdown", q.now))
				x.public = ""
				x.switchOff(q.cloud)
			}
		})
	if err != nil {
		return nil, err
	}
	return &ec2.StopInstancesOutput{StoppingInstances: changes}, nil
}

// rebootInstances lets the system come up anew; the state stays running.
func rebootInstances(q *call, in *ec2.RebootInstancesInput) (*ec2.RebootInstancesOutput, error) {
	_, err := q.change(in.InstanceIds, in.DryRun,
		func(x *instance, s types.InstanceStateName) error {
			if s != types.InstanceStateNameRunning {
				return wrongState(x, "rebooted")
			}
			return nil
		},
		func(x *instance, _ types.InstanceStateName) {
			x.reboot(q)
		})
	if err != nil {
		return nil, err
	}
	return &ec2.RebootInstancesOutput{}, nil
}

func terminateInstances(q *call, in *ec2.TerminateInstancesInput) (*ec2.TerminateInstancesOutput, error) {
	changes, err := q.change(in.InstanceIds, in.DryRun,
		func(x *instance, s types.InstanceStateName) error {
			if x.protectTermination && s != types.InstanceStateNameTerminated {
				return fail("OperationNotPermitted", "The instance '%s' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.", x.id)
			}
			return nil
		},
		func(x *instance, s types.InstanceStateName) {
			if x.goal != types.InstanceStateNameTerminated {
				x.aim(types.InstanceStateNameTerminated, q.now, byUser("Client.UserInitiatedShutdown", "User initiated shutdown", q.now))
				q.ending = append(q.ending, x)
				x.switchOff(q.cloud)
			}
		})
	if err != nil {
		return nil, err
	}
	return &ec2.TerminateInstancesOutput{TerminatingInstances: changes}, nil
}

func monitorInstances(q *call, in *ec2.MonitorInstancesInput) (*ec2.MonitorInstancesOutput, error) {
	list, err := q.setMonitoring(in.InstanceIds, in.DryRun, true)
	if err != nil {
		return nil, err
	}
	return &ec2.MonitorInstancesOutput{InstanceMonitorings: list}, nil
}

func unmonitorInstances(q *call, in *ec2.UnmonitorInstancesInput) (*ec2.UnmonitorInstancesOutput, error) {
	list, err := q.setMonitoring(in.InstanceIds, in.DryRun, false)
	if err != nil {
		return nil, err
	}
	return &ec2.UnmonitorInstancesOutput{InstanceMonitorings: list}, nil
}

func (q *call) setMonitoring(ids []string, dryRun *bool, on bool) ([]types.InstanceMonitoring, error) {
	if len(ids) == 0 {
		return nil, missing("InstanceId")
	}
	list, err := q.named(ids)
	if err != nil {
		return nil, err
	}
	for _, x := range list {
		if s := x.state(q.now); s == types.InstanceStateNameTerminated || s == types.InstanceStateNameShuttingDown {
			return nil, wrongState(x, "monitored")
		}
	}
	if err := dry(dryRun); err != nil {
		return nil, err
	}
	var out []types.InstanceMonitoring
	for _, x := range list {
		if x.monitored != on {
			x.monitored, x.monitorSince = on, q.now
		}
		out = append(out, types.InstanceMonitoring{InstanceId: aws.String(x.id), Monitoring: &types.Monitoring{State: x.monitoring(q.now)}})
	}
	return out, nil
}
