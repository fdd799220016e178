package sandbox

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"pawsh/sandbox"
)

var (
	large   = flag.Bool("large", false, "measure with 10,000 instances, 1,000,000 objects and bodies of gigabytes")
	objectN = flag.Int("objects", 1_000_000, "objects of TestMemory")
)

// clientN is how many clients work at the same time.
const clientN = 16

// crowd has clients call f b.N times in all, and reports how long calls took.
func crowd(b *testing.B, f func(ctx context.Context, n int) error) {
	b.Helper()
	took := make([][]time.Duration, clientN)
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ResetTimer()
	for c := range clientN {
		wg.Go(func() {
			for n := int(next.Add(1)); n <= b.N; n = int(next.Add(1)) {
				at := time.Now()
				if err := f(b.Context(), n); err != nil {
					b.Error(err)
					return
				}
				took[c] = append(took[c], time.Since(at))
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	all := slices.Sorted(slices.Values(slices.Concat(took...)))
	if len(all) == 0 {
		return
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
	b.ReportMetric(float64(all[len(all)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(all[len(all)*99/100].Microseconds())/1000, "p99-ms")
}

// BenchmarkLoad measures a sandbox in a process of its own, in memory and with
// a directory, with 16 clients of the SDK in this process.
func BenchmarkLoad(b *testing.B) {
	for _, where := range []string{"memory", "dir"} {
		for name, load := range map[string]func(*testing.B, aws.Config){
			"DescribeInstances": describeLoad, "RunInstances": runLoad, "PutObject": putLoad, "GetObject": getLoad, "SendMessage": sendLoad,
		} {
			b.Run(name+"/"+where, func(b *testing.B) {
				c := startChild(b, place(b, where))
				load(b, c.cfg)
				b.ReportMetric(c.busy(b)/float64(b.N)*1e6, "server-cpu-µs/op")
			})
		}
	}
}

func place(tb testing.TB, where string) string {
	if where == "memory" {
		return "-"
	}
	return tb.TempDir()
}

func launch(ctx context.Context, c aws.Config, n int, region string) error {
	e := ec2.NewFromConfig(c, func(o *ec2.Options) { o.Region = region })
	_, err := e.RunInstances(ctx, &ec2.RunInstancesInput{ImageId: aws.String("ami-7341831a"), MinCount: aws.Int32(int32(n)), MaxCount: aws.Int32(int32(n)), InstanceType: "m1.small"})
	return err
}

func describeLoad(b *testing.B, c aws.Config) {
	if err := launch(b.Context(), c, 20, "us-east-1"); err != nil {
		b.Fatal(err)
	}
	e := ec2.NewFromConfig(c)
	crowd(b, func(ctx context.Context, _ int) error {
		_, err := e.DescribeInstances(ctx, nil)
		return err
	})
}

// runLoad launches, and ends what it launched, so that the limit is never met.
func runLoad(b *testing.B, c aws.Config) {
	e := ec2.NewFromConfig(c)
	crowd(b, func(ctx context.Context, n int) error {
		out, err := e.RunInstances(ctx, &ec2.RunInstancesInput{ImageId: aws.String("ami-7341831a"), MinCount: aws.Int32(1), MaxCount: aws.Int32(1), InstanceType: "m1.small"})
		if err != nil {
			return err
		}
		_, err = e.TerminateInstances(ctx, &ec2.TerminateInstancesInput{InstanceIds: []string{*out.Instances[0].InstanceId}})
		return err
	})
}

func bucketFor(b *testing.B, c aws.Config) *s3.Client {
	client := s3of(c)
	if _, err := client.CreateBucket(b.Context(), &s3.CreateBucketInput{Bucket: aws.String("paws")}); err != nil {
		b.Fatal(err)
	}
	return client
}

func put(ctx context.Context, c *s3.Client, n int, body []byte) error {
	_, err := c.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String("paws"), Key: aws.String(fmt.Sprintf("key/%07d", n)), Body: bytes.NewReader(body)})
	return err
}

func putLoad(b *testing.B, c aws.Config) {
	client, body := bucketFor(b, c), bytes.Repeat([]byte("x"), 1024)
	crowd(b, func(ctx context.Context, n int) error { return put(ctx, client, n, body) })
}

func getLoad(b *testing.B, c aws.Config) {
	client, body := bucketFor(b, c), bytes.Repeat([]byte("x"), 1024)
	for n := range 100 {
		if err := put(b.Context(), client, n, body); err != nil {
			b.Fatal(err)
		}
	}
	crowd(b, func(ctx context.Context, n int) error {
		out, err := client.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String("paws"), Key: aws.String(fmt.Sprintf("key/%07d", n%100))})
		if err != nil {
			return err
		}
		defer out.Body.Close()
		_, err = io.Copy(io.Discard, out.Body)
		return err
	})
}

func sendLoad(b *testing.B, c aws.Config) {
	q := sqs.NewFromConfig(c)
	url, err := q.CreateQueue(b.Context(), &sqs.CreateQueueInput{QueueName: aws.String("paws")})
	if err != nil {
		b.Fatal(err)
	}
	crowd(b, func(ctx context.Context, n int) error {
		_, err := q.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: url.QueueUrl, MessageBody: aws.String("message")})
		return err
	})
}

// BenchmarkReady starts a sandbox and ends it, empty or with a directory that
// holds something.
func BenchmarkReady(b *testing.B) {
	for _, where := range []string{"memory", "dir"} {
		b.Run(where, func(b *testing.B) {
			dir := ""
			if where == "dir" {
				dir = b.TempDir()
			}
			for b.Loop() {
				s, err := sandbox.Start(sandbox.Options{Dir: dir})
				if err != nil {
					b.Fatal(err)
				}
				b.StopTimer()
				if err := s.Close(); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
			}
		})
	}
}

// busy is how many seconds of the processors the sandbox has used: a figure
// that does not depend on what else the machine does.
func (c *child) busy(tb testing.TB) float64 {
	tb.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", c.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	f := strings.Fields(rest)
	user, err1 := strconv.ParseFloat(f[11], 64)
	system, err2 := strconv.ParseFloat(f[12], 64)
	if err := errors.Join(err1, err2); err != nil {
		tb.Fatal(err)
	}
	return (user + system) / 100 // of ticks, of which a second has a hundred
}

// resident is how much memory the sandbox's process holds, and the most it
// ever held, in MiB. It is given a moment to collect first by its own clock.
func (c *child) resident(tb testing.TB) (now, peak float64) {
	tb.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.cmd.Process.Pid))
	if err != nil {
		tb.Skip("the system does not tell how much memory a process holds")
	}
	field := func(name string) float64 {
		_, rest, _ := strings.Cut(string(b), name+":")
		f := strings.Fields(rest)
		n, err := strconv.ParseFloat(f[0], 64)
		if err != nil {
			tb.Fatal(err)
		}
		return n / 1024
	}
	return field("VmRSS"), field("VmHWM")
}

// TestMemory measures what much of everything costs.
func TestMemory(t *testing.T) {
	if !*large {
		t.Skip("takes minutes: -large")
	}
	for _, where := range []string{"memory", "dir"} {
		t.Run("instances/"+where, func(t *testing.T) {
			c := startChild(t, place(t, where))
			before, _ := c.resident(t)
			regions := []string{"us-east-1", "us-east-2", "us-west-1", "us-west-2", "eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1", "ap-south-1", "ap-northeast-1"}
			for _, r := range regions {
				for range 10 {
					if err := launch(t.Context(), c.cfg, 100, r); err != nil {
						t.Fatal(err)
					}
				}
			}
			now, peak := c.resident(t)
			at := time.Now()
			if err := launch(t.Context(), c.cfg, 1, "ca-central-1"); err != nil {
				t.Fatal(err)
			}
			t.Logf("10,000 instances: %.0f MiB, %.0f before, %.0f at most; one more takes %v", now, before, peak, time.Since(at).Round(time.Microsecond))
		})
		t.Run("objects/"+where, func(t *testing.T) {
			dir := place(t, where)
			c := startChild(t, dir)
			before, _ := c.resident(t)
			client := s3of(c.cfg)
			if _, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String("paws")}); err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			var next atomic.Int64
			var wg sync.WaitGroup
			for range clientN {
				wg.Go(func() {
					for n := int(next.Add(1)); n <= *objectN; n = int(next.Add(1)) {
						if err := put(t.Context(), client, n, []byte("0123456789")); err != nil {
							t.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
			now, peak := c.resident(t)
			t.Logf("%d objects: %.0f MiB, %.0f before, %.0f at most, %.0f bytes an object; put at %.0f/s", *objectN, now, before, peak, (now-before)*(1<<20)/float64(*objectN), float64(*objectN)/time.Since(began).Seconds())
			if where == "dir" {
				c.kill()
				at := time.Now()
				c = startChild(t, dir)
				t.Logf("opened again after the kill in %v; journals of %d MiB", time.Since(at).Round(time.Millisecond), size(t, dir)>>20)
				if err := put(t.Context(), s3of(c.cfg), 1, []byte("again")); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

func size(t *testing.T, dir string) (total int64) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*-*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if i, err := os.Stat(f); err == nil {
			total += i.Size()
		}
	}
	return total
}

// TestLargeBodies puts and gets bodies that must not cost memory.
func TestLargeBodies(t *testing.T) {
	sizes := []int64{64 << 20}
	if *large {
		sizes = []int64{1 << 30, 5 << 30}
	}
	for _, where := range []string{"memory", "dir"} {
		c := startChild(t, place(t, where))
		client := s3of(c.cfg)
		if _, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String("paws")}); err != nil {
			t.Fatal(err)
		}
		for _, n := range sizes {
			_, before := c.resident(t)
			at := time.Now()
			_, err := client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("paws"), Key: aws.String("large"), Body: io.NewSectionReader(zeros{}, 0, n), ContentLength: &n},
				s3.WithAPIOptions(v4.SwapComputePayloadSHA256ForUnsignedPayloadMiddleware))
			if err != nil {
				t.Fatal(err)
			}
			up := time.Since(at)
			at = time.Now()
			out, err := client.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("paws"), Key: aws.String("large")})
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.Copy(io.Discard, out.Body)
			out.Body.Close()
			if err != nil || got != n {
				t.Fatalf("%d of %d bytes came back: %v", got, n, err)
			}
			down := time.Since(at)
			_, peak := c.resident(t)
			rate := func(d time.Duration) float64 { return float64(n) / 1e6 / d.Seconds() }
			t.Logf("%s: %d MiB put at %.0f MB/s, got at %.0f MB/s; the sandbox held %.0f MiB at most, %.0f before", where, n>>20, rate(up), rate(down), peak, before)
			if peak-before > 48 {
				t.Errorf("%s: a body of %d MiB cost %.0f MiB of memory", where, n>>20, peak-before)
			}
		}
		c.kill()
	}
}

// zeros is a file without end.
type zeros struct{}

// ReadAt reads as io.ReaderAt does.
func (zeros) ReadAt(p []byte, _ int64) (int, error) {
	clear(p)
	return len(p), nil
}
