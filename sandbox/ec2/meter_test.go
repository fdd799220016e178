package ec2

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
)

func TestMeter(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := w.c.Meter()
	if got := m.Metrics("us-east-1"); got != nil {
		t.Errorf("before anything: %v", got)
	}
	out := do(w, runInstances, &ec2.RunInstancesInput{ImageId: aws.String(bookImage), MinCount: aws.Int32(1), MaxCount: aws.Int32(1)})
	id := out.Instances[0].InstanceId
	dims := []cwtypes.Dimension{{Name: aws.String("InstanceId"), Value: id}}
	if n := len(m.Metrics("us-east-1")); n != 0 {
		t.Errorf("pending: %d metrics", n)
	}
	w.pass(bootTime)
	if n := len(m.Metrics("us-east-1")); n != len(gauges) || len(m.Metrics("eu-west-1")) != 0 {
		t.Errorf("running: %d metrics", n)
	}
	start := w.now.Add(-time.Hour)
	times := func(name string) (s string) {
		for _, x := range m.Samples("us-east-1", name, dims, start, w.now.Add(time.Hour)) {
			s += x.At.Format(" 15:04")
		}
		return s
	}
	// The launch was at 03:04:05.
	w.pass(11 * time.Minute)
	if got := times("CPUUtilization"); got != " 03:00 03:05 03:10 03:15" {
		t.Errorf("basic: %s", got)
	}
	do(w, monitorInstances, &ec2.MonitorInstancesInput{InstanceIds: []string{*id}}) // at 03:15:07
	w.pass(2 * time.Minute)
	do(w, stopInstances, &ec2.StopInstancesInput{InstanceIds: []string{*id}})
	w.pass(time.Hour)
	if got := times("CPUUtilization"); got != " 03:00 03:05 03:10 03:15 03:16 03:17" {
		t.Errorf("detailed, then off: %s", got)
	}
	a, b := m.Samples("us-east-1", "CPUUtilization", dims, start, w.now), m.Samples("us-east-1", "CPUUtilization", dims, start, w.now)
	if fmt.Sprint(a) != fmt.Sprint(b) {
		t.Error("two answers to one question")
	}
	if a[0].Sum < 35 || a[1].Sum > 2 {
		t.Errorf("boot %v, idle %v", a[0].Sum, a[1].Sum)
	}
	if failed := m.Samples("us-east-1", "StatusCheckFailed", dims, start, w.now); failed[0].Sum != 0 || failed[0].Unit != cwtypes.StandardUnitCount {
		t.Errorf("checks %+v", failed[0])
	}
	if got := m.Samples("us-east-1", "Mood", dims, start, w.now); got != nil {
		t.Errorf("unknown metric: %v", got)
	}
}
