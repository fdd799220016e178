package ec2

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"pawsh/sandbox/core"
	"pawsh/sandbox/wire"
)

// world is a cloud with a clock of its own, seen from one region.
type world struct {
	*testing.T
	c   *Cloud
	ctx context.Context

	mu  sync.Mutex
	now time.Time
}

func newWorld(t *testing.T) *world {
	w := &world{T: t, now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	w.c = New(core.New(func() time.Time {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.now
	}, nil, ""))
	w.ctx = in("us-east-1")
	return w
}

func in(region string) context.Context {
	return wire.WithCaller(context.Background(), wire.Caller{AccountID: core.DefaultAccountID, Region: region})
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// do runs an operation that must succeed.
func do[I, O any](w *world, h func(*call, *I) (*O, error), input *I) *O {
	w.Helper()
	out, err := run(w.ctx, w.c, h, input)
	if err != nil {
		w.Fatalf("%T: %v", input, err)
	}
	return out
}

// refused runs an operation that must fail with a code and a text.
func refused[I, O any](w *world, h func(*call, *I) (*O, error), input *I, code, text string) {
	w.Helper()
	_, err := run(w.ctx, w.c, h, input)
	checkError(w.T, err, code, text)
}

func checkError(t *testing.T, err error, code, text string) {
	t.Helper()
	var e *wire.Error
	switch {
	case err == nil:
		t.Errorf("succeeded, want %s", code)
	case !errors.As(err, &e):
		t.Errorf("got %v, no error of AWS's", err)
	case e.Code != code || !strings.Contains(e.Message, text):
		t.Errorf("got %s: %s\nwant %s: ...%s...", e.Code, e.Message, code, text)
	}
}

// launch runs n instances of the book's image and lets them boot.
func (w *world) launch(n int32, change ...func(*ec2.RunInstancesInput)) []types.Instance {
	w.Helper()
	input := &ec2.RunInstancesInput{ImageId: aws.String(bookImage), MinCount: aws.Int32(n), MaxCount: aws.Int32(n)}
	for _, c := range change {
		c(input)
	}
	out := do(w, runInstances, input)
	w.pass(bootTime)
	return out.Instances
}

func (w *world) describe(id string) types.Instance {
	w.Helper()
	out := do(w, describeInstances, &ec2.DescribeInstancesInput{InstanceIds: []string{id}})
	return out.Reservations[0].Instances[0]
}

func filters(pairs ...string) []types.Filter {
	var out []types.Filter
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, types.Filter{Name: aws.String(pairs[i]), Values: strings.Split(pairs[i+1], ",")})
	}
	return out
}

func tags(pairs ...string) []types.Tag {
	var out []types.Tag
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, types.Tag{Key: aws.String(pairs[i]), Value: aws.String(pairs[i+1])})
	}
	return out
}
