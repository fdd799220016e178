package ec2

import (
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// Reservation is the instances that one RunInstances made (boto: Reservation).
type Reservation struct {
	ID         string
	OwnerID    string
	Groups     []*Group
	Instances  []*Instance
	Region     *RegionInfo
	Connection *Connection
	Raw        types.Reservation
}

// String prints the reservation as boto does.
func (r *Reservation) String() string { return "Reservation:" + r.ID }

// StopAll stops every instance of the reservation: StopInstances
// (boto: stop_all).
//
// Example: reservation.StopAll()
func (r *Reservation) StopAll() ([]*Instance, error) {
	return r.Connection.StopInstances(instanceIDs(r.Instances))
}

// Group is the name and id of a security group, as an instance carries it.
type Group struct{ ID, Name string }

// String prints the group's name.
func (g *Group) String() string { return "Group:" + g.Name }

// Instance is a virtual machine (boto: Instance). Its fields are those of the
// last answer that told of it; Update asks anew.
type Instance struct {
	ID                 string
	State              string // "pending", "running", "stopped", ...
	StateCode          int
	PreviousState      string // after a call that changed the state
	PreviousStateCode  int
	StateReason        string
	Reason             string
	InstanceType       string
	ImageID            string
	KeyName            string
	Groups             []*Group
	Tags               map[string]string
	LaunchTime         time.Time
	Placement          string // the availability zone's name
	PlacementGroup     string
	PlacementTenancy   string
	DNSName            string // the public name, as PublicDNSName
	PublicDNSName      string
	PrivateDNSName     string
	IPAddress          string // the public address
	PrivateIPAddress   string
	VPCID              string
	SubnetID           string
	Kernel             string
	Ramdisk            string
	Architecture       string
	Platform           string
	Hypervisor         string
	VirtualizationType string
	RootDeviceName     string
	RootDeviceType     string
	BlockDeviceMapping BlockDeviceMapping
	Monitored          bool
	MonitoringState    string
	ClientToken        string
	AMILaunchIndex     int
	EBSOptimized       bool
	InstanceProfile    string // its ARN
	RequesterID        string

	Region     *RegionInfo
	Connection *Connection
	Raw        types.Instance
}

// String prints the instance as boto does.
func (i *Instance) String() string { return "Instance:" + i.ID }

func (c *Connection) instance(raw types.Instance) *Instance {
	i := &Instance{Connection: c, Region: c.Region}
	i.fill(raw)
	return i
}

func (i *Instance) fill(raw types.Instance) {
	*i = Instance{
		Connection: i.Connection, Region: i.Region, RequesterID: i.RequesterID, Raw: raw,
		ID:               aws.ToString(raw.InstanceId),
		InstanceType:     string(raw.InstanceType),
		ImageID:          aws.ToString(raw.ImageId),
		KeyName:          aws.ToString(raw.KeyName),
		Groups:           groups(raw.SecurityGroups),
		Tags:             tagMap(raw.Tags),
		LaunchTime:       aws.ToTime(raw.LaunchTime),
		Reason:           aws.ToString(raw.StateTransitionReason),
		DNSName:          aws.ToString(raw.PublicDnsName),
		PublicDNSName:    aws.ToString(raw.PublicDnsName),
		PrivateDNSName:   aws.ToString(raw.PrivateDnsName),
		IPAddress:        aws.ToString(raw.PublicIpAddress),
		PrivateIPAddress: aws.ToString(raw.PrivateIpAddress),
		VPCID:            aws.ToString(raw.VpcId),
		SubnetID:         aws.ToString(raw.SubnetId),
		Kernel:           aws.ToString(raw.KernelId),
		Ramdisk:          aws.ToString(raw.RamdiskId),
		Architecture:     string(raw.Architecture),
		Platform:         string(raw.Platform),
		Hypervisor:       string(raw.Hypervisor), VirtualizationType: string(raw.VirtualizationType),
		RootDeviceName: aws.ToString(raw.RootDeviceName), RootDeviceType: string(raw.RootDeviceType),
		BlockDeviceMapping: instanceDevices(raw.BlockDeviceMappings),
		ClientToken:        aws.ToString(raw.ClientToken),
		AMILaunchIndex:     int(aws.ToInt32(raw.AmiLaunchIndex)),
		EBSOptimized:       aws.ToBool(raw.EbsOptimized),
	}
	if s := raw.State; s != nil {
		i.State, i.StateCode = string(s.Name), int(aws.ToInt32(s.Code))&0xff
	}
	if s := raw.StateReason; s != nil {
		i.StateReason = aws.ToString(s.Message)
	}
	if p := raw.Placement; p != nil {
		i.Placement, i.PlacementGroup, i.PlacementTenancy = aws.ToString(p.AvailabilityZone), aws.ToString(p.GroupName), string(p.Tenancy)
	}
	if m := raw.Monitoring; m != nil {
		i.MonitoringState = string(m.State)
		i.Monitored = m.State == types.MonitoringStateEnabled
	}
	if p := raw.IamInstanceProfile; p != nil {
		i.InstanceProfile = aws.ToString(p.Arn)
	}
}

func groups(raw []types.GroupIdentifier) (list []*Group) {
	for _, g := range raw {
		list = append(list, &Group{ID: aws.ToString(g.GroupId), Name: aws.ToString(g.GroupName)})
	}
	return list
}

func instanceIDs(list []*Instance) []string {
	ids := make([]string, len(list))
	for n, i := range list {
		ids[n] = i.ID
	}
	return ids
}

func (c *Connection) reservation(raw types.Reservation) *Reservation {
	r := &Reservation{
		ID: aws.ToString(raw.ReservationId), OwnerID: aws.ToString(raw.OwnerId),
		Groups: groups(raw.Groups), Region: c.Region, Connection: c, Raw: raw,
	}
	for _, i := range raw.Instances {
		instance := c.instance(i)
		instance.RequesterID = aws.ToString(raw.RequesterId)
		r.Instances = append(r.Instances, instance)
	}
	return r
}

// GetAllInstances lists the reservations with their instances:
// DescribeInstances, all pages (boto: get_all_instances). Options:
// InstanceIDs, Filters, Filter, DryRun. Code InvalidInstanceID.NotFound tells
// that an id is unknown.
//
// Example: ec2.GetAllInstances(Filter("instance-state-name", "running"))
func (c *Connection) GetAllInstances(opts ...GetAllInstancesOption) ([]*Reservation, error) {
	in := &sdk.DescribeInstancesInput{}
	for _, o := range opts {
		if err := o.getAllInstances(in); err != nil {
			return nil, fmt.Errorf("get all instances: %w", err)
		}
	}
	var list []*Reservation
	for p := sdk.NewDescribeInstancesPaginator(c.Client, in); p.HasMorePages(); {
		page, err := p.NextPage(c.ctx())
		if err != nil {
			return nil, fmt.Errorf("get all instances: %w", err)
		}
		for _, r := range page.Reservations {
			list = append(list, c.reservation(r))
		}
	}
	return list, nil
}

// GetAllReservations is GetAllInstances under its later name
// (boto: get_all_reservations).
//
// Example: ec2.GetAllReservations()
func (c *Connection) GetAllReservations(opts ...GetAllInstancesOption) ([]*Reservation, error) {
	return c.GetAllInstances(opts...)
}

// GetOnlyInstances lists the instances without their reservations:
// DescribeInstances (boto: get_only_instances). Options as GetAllInstances.
//
// Example: for _, i := range ec2.GetOnlyInstances() { fmt.Println(i.ID, i.State) }
func (c *Connection) GetOnlyInstances(opts ...GetAllInstancesOption) ([]*Instance, error) {
	reservations, err := c.GetAllInstances(opts...)
	if err != nil {
		return nil, err
	}
	var list []*Instance
	for _, r := range reservations {
		list = append(list, r.Instances...)
	}
	return list, nil
}

// Update asks EC2 for the instance anew and gives its state:
// DescribeInstances (boto: update).
//
// Example: instance.Update()
func (i *Instance) Update() (string, error) {
	out, err := i.Connection.Client.DescribeInstances(i.Connection.ctx(), &sdk.DescribeInstancesInput{InstanceIds: []string{i.ID}})
	if err != nil {
		return "", fmt.Errorf("update instance %s: %w", i.ID, err)
	}
	for _, r := range out.Reservations {
		for _, raw := range r.Instances {
			if aws.ToString(raw.InstanceId) == i.ID {
				i.fill(raw)
				return i.State, nil
			}
		}
	}
	return "", fmt.Errorf("update instance %s: EC2 no longer knows it", i.ID)
}

// AddTag sets a tag; value is one text or left out: CreateTags (boto: add_tag).
//
// Example: instance.AddTag("Name", "web")
func (i *Instance) AddTag(key string, value ...string) error {
	return i.Connection.addTag(i.ID, &i.Tags, key, value)
}

// RemoveTag takes a tag away, with a value only if it has that value:
// DeleteTags (boto: remove_tag).
//
// Example: instance.RemoveTag("Name")
func (i *Instance) RemoveTag(key string, value ...string) error {
	return i.Connection.removeTag(i.ID, i.Tags, key, value)
}

// Start starts a stopped instance: StartInstances (boto: start).
//
// Example: stopped.Start()
func (i *Instance) Start() error {
	return i.took(i.Connection.StartInstances([]string{i.ID}))
}

// Stop stops the instance; Force does not wait for its system:
// StopInstances (boto: stop).
//
// Example: instance.Stop()
func (i *Instance) Stop(opts ...StopInstancesOption) error {
	return i.took(i.Connection.StopInstances([]string{i.ID}, opts...))
}

// Reboot restarts the instance: RebootInstances (boto: reboot).
//
// Example: instance.Reboot()
func (i *Instance) Reboot() error {
	_, err := i.Connection.RebootInstances([]string{i.ID})
	return err
}

// Terminate ends the instance for good: TerminateInstances (boto: terminate).
//
// Example: instance.Terminate()
func (i *Instance) Terminate() error {
	return i.took(i.Connection.TerminateInstances([]string{i.ID}))
}

// took takes over the state that a change of state answered with.
func (i *Instance) took(changed []*Instance, err error) error {
	if err != nil {
		return err
	}
	for _, c := range changed {
		if c.ID == i.ID {
			i.State, i.StateCode = c.State, c.StateCode
			i.PreviousState, i.PreviousStateCode = c.PreviousState, c.PreviousStateCode
		}
	}
	return nil
}

// GetConsoleOutput gives the instance's console: GetConsoleOutput
// (boto: get_console_output).
//
// Example: fmt.Println(instance.GetConsoleOutput().Output)
func (i *Instance) GetConsoleOutput() (*ConsoleOutput, error) {
	return i.Connection.GetConsoleOutput(i.ID)
}

// Monitor turns on detailed monitoring: MonitorInstances (boto: monitor).
//
// Example: instance.Monitor()
func (i *Instance) Monitor() ([]*InstanceInfo, error) {
	list, err := i.Connection.MonitorInstances([]string{i.ID})
	i.tookMonitoring(list)
	return list, err
}

// Unmonitor turns detailed monitoring off: UnmonitorInstances
// (boto: unmonitor).
//
// Example: instance.Unmonitor()
func (i *Instance) Unmonitor() ([]*InstanceInfo, error) {
	list, err := i.Connection.UnmonitorInstances([]string{i.ID})
	i.tookMonitoring(list)
	return list, err
}

func (i *Instance) tookMonitoring(list []*InstanceInfo) {
	for _, info := range list {
		if info.ID == i.ID {
			i.MonitoringState = info.State
			i.Monitored = info.Monitored
		}
	}
}

// UseIP gives the instance an address, an *Address or its text:
// AssociateAddress (boto: use_ip).
//
// Example: instance.UseIP(address)
func (i *Instance) UseIP(address any) (bool, error) {
	switch a := address.(type) {
	case string:
		return i.Connection.AssociateAddress(i.ID, a)
	case *Address:
		if a.AllocationID != "" {
			return i.Connection.AssociateAddress(i.ID, "", AllocationID(a.AllocationID))
		}
		return i.Connection.AssociateAddress(i.ID, a.PublicIP)
	}
	return false, fmt.Errorf("use address on %s: want an *Address or text, not a %T", i.ID, address)
}
