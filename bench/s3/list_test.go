package s3bench

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"

	"pawsh/bindings/s3"
)

var (
	compare = flag.Bool("compare", false, "measure beside other tools")
	rounds  = flag.Int("rounds", 15, "rounds of -compare")
)

const total = pages * perPage * keyBytes

func sumBindings(b *s3.Bucket) (sum int64, err error) {
	for k, err := range b.List() {
		if err != nil {
			return 0, err
		}
		sum += k.Size
	}
	return sum, nil
}

func sumSize(b *s3.Bucket) (int64, error) {
	s, err := b.Size()
	if err != nil {
		return 0, err
	}
	return s.Bytes, nil
}

func sumRaw(c *sdk.Client) (sum int64, err error) {
	p := sdk.NewListObjectsV2Paginator(c, &sdk.ListObjectsV2Input{Bucket: aws.String("paws")})
	for p.HasMorePages() {
		page, err := p.NextPage(context.Background())
		if err != nil {
			return 0, err
		}
		for _, o := range page.Contents {
			sum += aws.ToInt64(o.Size)
		}
	}
	return sum, nil
}

func BenchmarkList(b *testing.B) {
	url := listingServer(b)
	bucket, client := bindings(b, url, "AK", "SK"), rawClient(url)
	for _, bb := range []struct {
		name string
		sum  func() (int64, error)
	}{
		{"bindings", func() (int64, error) { return sumBindings(bucket) }},
		{"size", func() (int64, error) { return sumSize(bucket) }},
		{"raw", func() (int64, error) { return sumRaw(client) }},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if sum, err := bb.sum(); err != nil || sum != total {
					b.Fatal(sum, err)
				}
			}
		})
	}
}

const boto3List = `
import sys, time, boto3
s3 = boto3.client("s3", endpoint_url=sys.argv[1], region_name="us-east-1", aws_access_key_id="AK", aws_secret_access_key="SK")
def once():
    return sum(o["Size"] for p in s3.get_paginator("list_objects_v2").paginate(Bucket="paws") for o in p["Contents"])
once()
for _ in range(int(sys.argv[2])):
    t = time.perf_counter(); n = once(); print(n, time.perf_counter() - t)
`

const botoList = `
import sys, time, boto
from boto.s3.connection import S3Connection, OrdinaryCallingFormat
host, port = sys.argv[1][7:].split(":")
b = S3Connection("AK", "SK", host=host, port=int(port), is_secure=False, calling_format=OrdinaryCallingFormat()).get_bucket("paws", validate=False)
sum(k.size for k in b)
for _ in range(int(sys.argv[2])):
    t = time.perf_counter(); n = sum(k.size for k in b); print(n, time.perf_counter() - t)
`

// TestCompareList lists and sums 10,000 keys with each tool that is here. The
// Go ones take turns round by round; Python's do theirs in one process, warm;
// the AWS CLI's time is that of a whole process.
func TestCompareList(t *testing.T) {
	if !*compare {
		t.Skip("without -compare")
	}
	url := listingServer(t)
	bucket, client := bindings(t, url, "AK", "SK"), rawClient(url)
	goTools := map[string]func() (int64, error){
		"bindings, bucket.List()": func() (int64, error) { return sumBindings(bucket) },
		"bindings, bucket.Size()": func() (int64, error) { return sumSize(bucket) },
		"raw SDK paginator":       func() (int64, error) { return sumRaw(client) },
	}
	times := map[string][]time.Duration{}
	for round := range *rounds + 1 {
		for name, sum := range goTools {
			start := time.Now()
			n, err := sum()
			if err != nil || n != total {
				t.Fatalf("%s: %d, %v", name, n, err)
			}
			if round > 0 { // the first warms up
				times[name] = append(times[name], time.Since(start))
			}
		}
	}
	for name, script := range map[string]string{"boto3": boto3List, "boto 2": botoList} {
		out, err := exec.Command("python3", "-c", script, url, fmt.Sprint(*rounds)).Output()
		if err != nil {
			t.Logf("%s: not here", name)
			continue
		}
		for line := range strings.Lines(string(out)) {
			var n int64
			var seconds float64
			if _, err := fmt.Sscan(line, &n, &seconds); err != nil || n != total {
				t.Fatalf("%s: %q, %v", name, line, err)
			}
			times[name] = append(times[name], time.Duration(seconds*float64(time.Second)))
		}
	}
	if _, err := exec.LookPath("aws"); err == nil {
		for range min(*rounds, 5) {
			cmd := exec.Command("aws", "--endpoint-url", url, "s3", "ls", "--summarize", "--recursive", "s3://paws")
			cmd.Env = awsEnv("AK", "SK")
			start := time.Now()
			out, err := cmd.Output()
			if err != nil || !strings.Contains(string(out), fmt.Sprintf("Total Size: %d", total)) {
				t.Logf("aws s3 ls: %v", err)
				break
			}
			times["aws s3 ls --summarize (process)"] = append(times["aws s3 ls --summarize (process)"], time.Since(start))
		}
	}
	raw := median(times["raw SDK paginator"])
	names := make([]string, 0, len(times))
	for name := range times {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return int(median(times[a]) - median(times[b])) })
	for _, name := range names {
		t.Logf("%-34s %8.1f ms   %5.2f of raw", name, float64(median(times[name]).Microseconds())/1000, float64(median(times[name]))/float64(raw))
	}
}

func median(list []time.Duration) time.Duration {
	list = slices.Clone(list)
	slices.Sort(list)
	return list[len(list)/2]
}

func awsEnv(id, secret string) []string {
	return append(os.Environ(), "AWS_ACCESS_KEY_ID="+id, "AWS_SECRET_ACCESS_KEY="+secret, "AWS_DEFAULT_REGION=us-east-1", "AWS_EC2_METADATA_DISABLED=true", "AWS_CONFIG_FILE=/dev/null")
}
