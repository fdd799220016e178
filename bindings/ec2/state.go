package ec2

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// StopInstancesOption is an argument of StopInstances.
type StopInstancesOption interface {
	stopInstances(*sdk.StopInstancesInput) error
}

// StateOption is an argument of StartInstances, RebootInstances and
// TerminateInstances.
type StateOption interface{ dryRun() *bool }

// ForceOption is what Force gives.
type ForceOption struct{ on bool }

// Force stops an instance, or detaches a volume, without waiting for the
// machine's system (boto: force).
//
// Example: instance.Stop(Force(true))
func Force(on bool) ForceOption { return ForceOption{on} }

func (o ForceOption) stopInstances(in *sdk.StopInstancesInput) error {
	in.Force = &o.on
	return nil
}

func (o DryRunOption) stopInstances(in *sdk.StopInstancesInput) error {
	in.DryRun = &o.on
	return nil
}

func (o DryRunOption) dryRun() *bool { return &o.on }

func lastDryRun(opts []StateOption) (on *bool) {
	for _, o := range opts {
		on = o.dryRun()
	}
	return on
}

// StartInstances starts stopped instances: StartInstances
// (boto: start_instances). Code IncorrectInstanceState: not stopped.
//
// Example: ec2.StartInstances([]string{stopped.ID})
func (c *Connection) StartInstances(instanceIDs []string, opts ...StateOption) ([]*Instance, error) {
	out, err := c.Client.StartInstances(c.ctx(), &sdk.StartInstancesInput{InstanceIds: instanceIDs, DryRun: lastDryRun(opts)})
	if err != nil {
		return nil, fmt.Errorf("start instances %s: %w", strings.Join(instanceIDs, " "), err)
	}
	return c.changed(out.StartingInstances), nil
}

// StopInstances stops instances: StopInstances (boto: stop_instances).
// Options: Force, DryRun.
//
// Example: ec2.StopInstances([]string{instance.ID})
func (c *Connection) StopInstances(instanceIDs []string, opts ...StopInstancesOption) ([]*Instance, error) {
	in := &sdk.StopInstancesInput{InstanceIds: instanceIDs}
	for _, o := range opts {
		if err := o.stopInstances(in); err != nil {
			return nil, err
		}
	}
	out, err := c.Client.StopInstances(c.ctx(), in)
	if err != nil {
		return nil, fmt.Errorf("stop instances %s: %w", strings.Join(instanceIDs, " "), err)
	}
	return c.changed(out.StoppingInstances), nil
}

// RebootInstances restarts instances: RebootInstances
// (boto: reboot_instances). It gives true.
//
// Example: ec2.RebootInstances([]string{instance.ID})
func (c *Connection) RebootInstances(instanceIDs []string, opts ...StateOption) (bool, error) {
	if _, err := c.Client.RebootInstances(c.ctx(), &sdk.RebootInstancesInput{InstanceIds: instanceIDs, DryRun: lastDryRun(opts)}); err != nil {
		return false, fmt.Errorf("reboot instances %s: %w", strings.Join(instanceIDs, " "), err)
	}
	return true, nil
}

// TerminateInstances ends instances for good: TerminateInstances
// (boto: terminate_instances).
//
// Example: ec2.TerminateInstances([]string{instance.ID})
func (c *Connection) TerminateInstances(instanceIDs []string, opts ...StateOption) ([]*Instance, error) {
	out, err := c.Client.TerminateInstances(c.ctx(), &sdk.TerminateInstancesInput{InstanceIds: instanceIDs, DryRun: lastDryRun(opts)})
	if err != nil {
		return nil, fmt.Errorf("terminate instances %s: %w", strings.Join(instanceIDs, " "), err)
	}
	return c.changed(out.TerminatingInstances), nil
}

// changed gives instances of which only the id and the states are known, as
// boto does.
func (c *Connection) changed(raw []types.InstanceStateChange) []*Instance {
	var list []*Instance
	for _, s := range raw {
		i := c.instance(types.Instance{InstanceId: s.InstanceId, State: s.CurrentState})
		if p := s.PreviousState; p != nil {
			i.PreviousState, i.PreviousStateCode = string(p.Name), int(aws.ToInt32(p.Code))&0xff
		}
		list = append(list, i)
	}
	return list
}

// InstanceInfo tells whether an instance is monitored (boto: InstanceInfo).
type InstanceInfo struct {
	ID        string
	State     string // "enabled", "pending", "disabling", "disabled"
	Monitored bool
	Raw       types.InstanceMonitoring
}

// String prints the info as boto does.
func (i *InstanceInfo) String() string { return "InstanceInfo:" + i.ID }

// MonitorInstances turns on detailed monitoring: MonitorInstances
// (boto: monitor_instances).
//
// Example: ec2.MonitorInstances([]string{instance.ID})
func (c *Connection) MonitorInstances(instanceIDs []string) ([]*InstanceInfo, error) {
	out, err := c.Client.MonitorInstances(c.ctx(), &sdk.MonitorInstancesInput{InstanceIds: instanceIDs})
	if err != nil {
		return nil, fmt.Errorf("monitor instances %s: %w", strings.Join(instanceIDs, " "), err)
	}
	return monitoring(out.InstanceMonitorings), nil
}

// UnmonitorInstances turns detailed monitoring off: UnmonitorInstances
// (boto: unmonitor_instances).
//
// Example: ec2.UnmonitorInstances([]string{instance.ID})
func (c *Connection) UnmonitorInstances(instanceIDs []string) ([]*InstanceInfo, error) {
	out, err := c.Client.UnmonitorInstances(c.ctx(), &sdk.UnmonitorInstancesInput{InstanceIds: instanceIDs})
	if err != nil {
		return nil, fmt.Errorf("unmonitor instances %s: %w", strings.Join(instanceIDs, " "), err)
	}
	return monitoring(out.InstanceMonitorings), nil
}

// MonitorInstance is MonitorInstances of one (boto: monitor_instance).
//
// Example: ec2.MonitorInstance(instance.ID)
func (c *Connection) MonitorInstance(instanceID string) ([]*InstanceInfo, error) {
	return c.MonitorInstances([]string{instanceID})
}

// UnmonitorInstance is UnmonitorInstances of one (boto: unmonitor_instance).
//
// Example: ec2.UnmonitorInstance(instance.ID)
func (c *Connection) UnmonitorInstance(instanceID string) ([]*InstanceInfo, error) {
	return c.UnmonitorInstances([]string{instanceID})
}

func monitoring(raw []types.InstanceMonitoring) []*InstanceInfo {
	var list []*InstanceInfo
	for _, m := range raw {
		info := &InstanceInfo{ID: aws.ToString(m.InstanceId), Raw: m}
		if m.Monitoring != nil {
			info.State = string(m.Monitoring.State)
			info.Monitored = m.Monitoring.State == types.MonitoringStateEnabled
		}
		list = append(list, info)
	}
	return list
}
