// want: fill: <nil>
// want: true <nil> map[free:2 used:1]
// want: true 3
// want: map[free:2 used:1] 3
// want: InvalidAllocationID.NotFound true
// want: close: <nil> map[released:3] 8
// then: p := Pool{client: ec2.Client, states: map[string]addressState{}}
// then: p.Fill(ctx, 2)
// then: p.Count()[free]
// want: 2
// then: p.Close(ctx)
// then: p.Count()[released]
// want: 2
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
)

type addressState uint8

const (
	free addressState = iota
	used
	released
)

var stateNames = [...]string{free: "free", used: "used", released: "released"}

func (s addressState) String() string { return stateNames[s] }

// Pool lends Elastic IP addresses.
type Pool struct {
	mu     sync.RWMutex
	client *ec2.Client
	states map[string]addressState
	calls  atomic.Int64
}

func NewPool(cfg aws.Config) *Pool {
	p := &Pool{states: make(map[string]addressState)}
	p.client = ec2.NewFromConfig(cfg, func(o *ec2.Options) {
		o.Retryer = retry.AddWithMaxAttempts(o.Retryer, 2)
		o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
			return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("count", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
				p.calls.Add(1)
				return next.HandleInitialize(ctx, in)
			}), middleware.After)
		})
	})
	return p
}

func (p *Pool) Fill(ctx context.Context, n int) error {
	var wg sync.WaitGroup
	errs := make([]error, n)
	for i := 0; i < n; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			out, err := p.client.AllocateAddress(ctx, &ec2.AllocateAddressInput{Domain: types.DomainTypeVpc})
			if err != nil {
				errs[i] = err
				return
			}
			p.mu.Lock()
			defer p.mu.Unlock()
			p.states[*out.AllocationId] = free
		}()
	}
	wg.Wait()
	return errors.Join(errs...)
}

var errEmpty = errors.New("the pool is empty")

// Get lends an address until release is called.
func (p *Pool) Get() (id string, release func(), err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for id, s := range p.states {
		if s != free {
			continue
		}
		p.states[id] = used
		var once sync.Once
		return id, func() {
			once.Do(func() {
				p.mu.Lock()
				p.states[id] = free
				p.mu.Unlock()
			})
		}, nil
	}
	return "", nil, errEmpty
}

func (p *Pool) Count() map[addressState]int {
	p.mu.RLock()
	defer p.mu.RUnlock()
	c := map[addressState]int{}
	for _, s := range p.states {
		c[s]++
	}
	return c
}

func (p *Pool) Close(ctx context.Context) (err error) {
	out, err := p.client.DescribeAddresses(ctx, &ec2.DescribeAddressesInput{})
	if err != nil {
		return err
	}
	for _, a := range out.Addresses {
		if ip := net.ParseIP(aws.ToString(a.PublicIp)); ip == nil || ip.To4() == nil {
			return fmt.Errorf("%q is no address", aws.ToString(a.PublicIp))
		}
		if _, e := p.client.ReleaseAddress(ctx, &ec2.ReleaseAddressInput{AllocationId: a.AllocationId}); e != nil {
			err = errors.Join(err, e)
			continue
		}
		p.states[*a.AllocationId] = released
	}
	return
}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		panic(err)
	}
	p := NewPool(cfg)
	fmt.Println("fill:", p.Fill(ctx, 3))
	id, release, err := p.Get()
	fmt.Println(id != "", err, p.Count())
	_, keep, _ := p.Get()
	_, _, _ = p.Get()
	_, _, err = p.Get()
	fmt.Println(err == errEmpty, p.Count()[used])
	release()
	release()
	keep()
	fmt.Printf("%v %d\n", p.Count(), p.calls.Load())
	_, err = p.client.ReleaseAddress(ctx, &ec2.ReleaseAddressInput{AllocationId: aws.String("eipalloc-0123456789abcdef0")})
	var ae smithy.APIError
	if errors.As(err, &ae) {
		fmt.Println(ae.ErrorCode(), ae.ErrorFault() == smithy.FaultClient || ae.ErrorFault() == smithy.FaultUnknown)
	}
	fmt.Println("close:", p.Close(ctx), p.Count(), p.calls.Load())
}
