package ec2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
)

func BenchmarkDescribeThousandInstances(b *testing.B) {
	w := newWorld(&testing.T{})
	do(w, runInstances, &ec2.RunInstancesInput{ImageId: aws.String(bookImage), MinCount: aws.Int32(1000), MaxCount: aws.Int32(1000)})
	w.pass(bootTime)
	for b.Loop() {
		if out := do(w, describeInstances, &ec2.DescribeInstancesInput{}); len(out.Reservations) != 1 {
			b.Fatal("not all there")
		}
	}
}
