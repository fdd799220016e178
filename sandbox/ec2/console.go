package ec2

import (
	"context"
	"encoding/base64"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"pawsh/sandbox/machine"
)

// getConsoleOutput gives the machine's console: empty until the machine is up,
// as on AWS, and kept through stop and termination. The machine boots when it
// is first asked, outside the lock: others need not wait for its user data.
func (c *Cloud) getConsoleOutput(ctx context.Context, in *ec2.GetConsoleOutputInput) (*ec2.GetConsoleOutputOutput, error) {
	var m *machine.Machine
	var boots int
	var up, now time.Time
	out, err := run(ctx, c, func(q *call, in *ec2.GetConsoleOutputInput) (*ec2.GetConsoleOutputOutput, error) {
		if in.InstanceId == nil {
			return nil, missing("InstanceId")
		}
		list, err := q.named([]string{*in.InstanceId})
		if err != nil {
			return nil, err
		}
		if err := dry(in.DryRun); err != nil {
			return nil, err
		}
		x := list[0]
		out := &ec2.GetConsoleOutputOutput{InstanceId: aws.String(x.id), Timestamp: aws.Time(q.now)}
		if q.now.Sub(x.booted) >= bootTime {
			m, boots, up, now = q.machineOf(x), x.boots, x.booted.Add(bootTime), q.now
			out.Timestamp = aws.Time(up)
		}
		return out, nil
	}, in)
	if err == nil && m != nil {
		out.Output = aws.String(base64.StdEncoding.EncodeToString([]byte(m.Console(boots, up, now))))
	}
	return out, err
}
