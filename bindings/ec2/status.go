package ec2

import (
	"encoding/base64"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// InstanceStatus is how AWS's checks found an instance (boto: InstanceStatus).
type InstanceStatus struct {
	ID             string
	Zone           string
	StateName      string
	StateCode      int
	InstanceStatus *Status
	SystemStatus   *Status
	Events         []*Event
	Raw            types.InstanceStatus
}

// String prints the status as boto does.
func (s *InstanceStatus) String() string { return "InstanceStatus:" + s.ID }

// Status is the outcome of a check, with that of its parts by name
// (boto: Status).
type Status struct {
	Status  string // "ok", "impaired", "initializing", ...
	Details map[string]string
	Raw     *types.InstanceStatusSummary
}

// String prints the status as boto does.
func (s *Status) String() string { return "Status:" + s.Status }

// Event is something AWS plans for an instance (boto: Event).
type Event struct {
	Code        string
	Description string
	NotBefore   time.Time
	NotAfter    time.Time
	Raw         types.InstanceStatusEvent
}

// String prints the event as boto does.
func (e *Event) String() string { return "Event:" + e.Code }

// GetAllInstanceStatus lists how AWS's checks find the running instances:
// DescribeInstanceStatus, all pages (boto: get_all_instance_status). Options:
// InstanceIDs, IncludeAllInstances, Filters, Filter, DryRun.
//
// Example: ec2.GetAllInstanceStatus(IncludeAllInstances(true))
func (c *Connection) GetAllInstanceStatus(opts ...GetAllInstanceStatusOption) ([]*InstanceStatus, error) {
	in := &sdk.DescribeInstanceStatusInput{}
	for _, o := range opts {
		if err := o.getAllInstanceStatus(in); err != nil {
			return nil, fmt.Errorf("get all instance status: %w", err)
		}
	}
	var list []*InstanceStatus
	for p := sdk.NewDescribeInstanceStatusPaginator(c.Client, in); p.HasMorePages(); {
		page, err := p.NextPage(c.ctx())
		if err != nil {
			return nil, fmt.Errorf("get all instance status: %w", err)
		}
		for _, raw := range page.InstanceStatuses {
			list = append(list, instanceStatus(raw))
		}
	}
	return list, nil
}

func instanceStatus(raw types.InstanceStatus) *InstanceStatus {
	s := &InstanceStatus{
		ID: aws.ToString(raw.InstanceId), Zone: aws.ToString(raw.AvailabilityZone),
		InstanceStatus: status(raw.InstanceStatus), SystemStatus: status(raw.SystemStatus), Raw: raw,
	}
	if raw.InstanceState != nil {
		s.StateName, s.StateCode = string(raw.InstanceState.Name), int(aws.ToInt32(raw.InstanceState.Code))&0xff
	}
	for _, e := range raw.Events {
		s.Events = append(s.Events, &Event{
			Code: string(e.Code), Description: aws.ToString(e.Description),
			NotBefore: aws.ToTime(e.NotBefore), NotAfter: aws.ToTime(e.NotAfter), Raw: e,
		})
	}
	return s
}

func status(raw *types.InstanceStatusSummary) *Status {
	s := &Status{Details: map[string]string{}, Raw: raw}
	if raw == nil {
		return s
	}
	s.Status = string(raw.Status)
	for _, d := range raw.Details {
		s.Details[string(d.Name)] = string(d.Status)
	}
	return s
}

// ConsoleOutput is what an instance wrote on its console (boto: ConsoleOutput).
type ConsoleOutput struct {
	InstanceID string
	Timestamp  time.Time
	Output     string // decoded text
	Raw        *sdk.GetConsoleOutputOutput
}

// String prints which console it is.
func (o *ConsoleOutput) String() string { return "ConsoleOutput:" + o.InstanceID }

// GetConsoleOutput gives an instance's console; on AWS it stays empty for the
// first minutes: GetConsoleOutput (boto: get_console_output).
//
// Example: fmt.Println(ec2.GetConsoleOutput(instance.ID).Output)
func (c *Connection) GetConsoleOutput(instanceID string) (*ConsoleOutput, error) {
	out, err := c.Client.GetConsoleOutput(c.ctx(), &sdk.GetConsoleOutputInput{InstanceId: aws.String(instanceID)})
	if err != nil {
		return nil, fmt.Errorf("get console output of %s: %w", instanceID, err)
	}
	text := aws.ToString(out.Output)
	if decoded, err := base64.StdEncoding.DecodeString(text); err == nil {
		text = string(decoded)
	}
	return &ConsoleOutput{InstanceID: aws.ToString(out.InstanceId), Timestamp: aws.ToTime(out.Timestamp), Output: text, Raw: out}, nil
}
