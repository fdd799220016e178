package display

import (
	"errors"
	"time"
)

// The types below look as the bindings' do: resources with boto's printing, the
// connection they came by, and the SDK's struct behind them.

type Connection struct{ Host string }

func (c *Connection) String() string { return "EC2Connection:" + c.Host }

type RawInstance struct {
	InstanceId   *string
	InstanceType InstanceType
	State        *InstanceState
	Tags         []RawTag
	LaunchTime   *time.Time
	Platform     InstanceType // not set
}

type InstanceType string

type InstanceState struct {
	Code int32
	Name InstanceType
}

type RawTag struct{ Key, Value *string }

type Group struct{ ID, Name string }

func (g *Group) String() string { return "Group:" + g.Name }

type Instance struct {
	ID         string
	Placement  string
	State      string
	Size       int
	Groups     []*Group
	Tags       map[string]string
	LaunchTime time.Time
	Connection *Connection
	Raw        RawInstance
}

func (i *Instance) String() string { return "Instance:" + i.ID }

type Reservation struct {
	ID         string
	Instances  []*Instance
	Connection *Connection
}

func (r *Reservation) String() string { return "Reservation:" + r.ID }

type KeyPair struct {
	Name, Material string
	Connection     *Connection
}

func (k *KeyPair) String() string { return "KeyPair:" + k.Name }

type DescribeInstancesOutput struct {
	Reservations   []RawReservation
	NextToken      *string
	ResultMetadata map[string]any
}

type RawReservation struct {
	ReservationId *string
	Instances     []RawInstance
}

type Node struct {
	Value int
	Next  *Node
}

type panics struct{ A int }

func (p panics) String() string { panic("no") }

var day = time.Date(2012, 7, 1, 12, 0, 0, 0, time.UTC)

var paws = &Connection{"h"}

func web() *Instance {
	return &Instance{ID: "i-1", Placement: "us-east-1a", State: "running", Size: 8, Groups: []*Group{{"sg-1", "default"}},
		Tags: map[string]string{"Name": "web", "team": "日本"}, LaunchTime: day, Connection: paws,
		Raw: RawInstance{InstanceId: new("i-1"), InstanceType: "t1.micro", State: &InstanceState{16, "running"},
			Tags: []RawTag{{new("Name"), new("web")}}, LaunchTime: &day}}
}

func cycle() *Node {
	n := &Node{Value: 1}
	n.Next = &Node{2, n}
	return n
}

var errPaws = errors.New("no paws")
