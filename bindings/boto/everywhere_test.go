package boto_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"pawsh/bindings/boto"
	"pawsh/bindings/ec2"
	"pawsh/bindings/session"
)

// onlyTwo, in the place of a closed region, has an account of which two regions
// are enabled; others do not tell.
const onlyTwo = "two"

// world answers DescribeInstances of every region; signed for closed, it
// refuses. It counts how many are asked at once.
func worldServer(t testing.TB, closed string, delay time.Duration, gate func()) (url string, most func() int) {
	t.Helper()
	var mu sync.Mutex
	now, peak := 0, 0
	enabled := ""
	if closed == onlyTwo {
		for _, name := range []string{"eu-west-1", "us-east-1"} {
			enabled += "<item><regionName>" + name + "</regionName></item>"
		}
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.PostFormValue("Action") == "DescribeRegions" {
			fmt.Fprintf(w, "<DescribeRegionsResponse><regionInfo>%s</regionInfo></DescribeRegionsResponse>", enabled)
			return
		}
		mu.Lock()
		now++
		peak = max(peak, now)
		mu.Unlock()
		if gate != nil {
			gate()
		}
		if delay > 0 {
			time.Sleep(delay)
		}
		mu.Lock()
		now--
		mu.Unlock()
		_, credential, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
		region := strings.Split(credential, "/")[2]
		if region == closed {
			w.WriteHeader(http.StatusUnauthorized)
			io.WriteString(w, `<Response><Errors><Error><Code>AuthFailure</Code><Message>not opted in</Message></Error></Errors></Response>`)
			return
		}
		fmt.Fprintf(w, `<DescribeInstancesResponse><reservationSet><item><instancesSet><item><instanceId>i-%s</instanceId></item></instancesSet></item></reservationSet></DescribeInstancesResponse>`, region)
	}))
	t.Cleanup(server.Close)
	return server.URL, func() int { mu.Lock(); defer mu.Unlock(); return peak }
}

func useServer(t testing.TB, url string) {
	t.Helper()
	env, err := session.New(session.Options{
		Getenv: func(string) string { return "" }, Home: t.TempDir(), SystemConfig: "-", Endpoint: url,
	})
	if err != nil {
		t.Fatal(err)
	}
	boto.Use(env)
	t.Cleanup(func() { boto.Use(nil) })
}

func ids(c *ec2.Connection) (any, error) {
	list, err := c.GetOnlyInstances()
	if err != nil {
		return nil, err
	}
	return list[0].ID, nil
}

func TestEverywhere(t *testing.T) {
	url, _ := worldServer(t, "me-south-1", 0, nil)
	useServer(t, url)
	results, err := boto.EC2.Everywhere(ids)
	if err != nil {
		t.Fatal(err)
	}
	all := session.Regions("us-east-1")
	if len(results) != len(all) || len(all) < 17 {
		t.Fatalf("%d of %d regions", len(results), len(all))
	}
	failed := results.Failed()
	if len(failed) != 1 || failed[0].Region != "me-south-1" || boto.Code(failed[0].Err) != "AuthFailure" {
		t.Errorf("failed: %v", failed)
	}
	if v := results.Values(); v["eu-west-1"] != "i-eu-west-1" || len(v) != len(all)-1 {
		t.Errorf("values %v", v)
	}
	if text := results.String(); !strings.Contains(text, "eu-west-1: i-eu-west-1\n") {
		t.Errorf("prints %s", text)
	}
	instances, err := boto.EC2.Instances()
	var sweep *boto.SweepError
	if len(instances) != len(all)-1 || !errors.As(err, &sweep) || sweep.Asked != len(all) || boto.Code(err) != "AuthFailure" {
		t.Errorf("%d instances, %v", len(instances), err)
	}
	if _, err := boto.EC2.Instances(boto.InRegions("me-south-1")); !errors.As(err, &sweep) {
		t.Errorf("the closed region alone: %v", err)
	}
	var unknown *session.UnknownRegionError
	if _, err := boto.EC2.Everywhere(ids, boto.InRegions("eu-wets-1")); !errors.As(err, &unknown) {
		t.Errorf("no such region: %v", err)
	}
	results, err = boto.EC2.Everywhere(func(c *ec2.Connection) (any, error) {
		if c.Region.Name == "eu-west-1" {
			panic("oops")
		}
		return 1, nil
	}, boto.InRegions("eu-west-1", "us-east-1"))
	if err != nil || results[0].Err == nil || results[1].Value != 1 {
		t.Errorf("a panic in one: %v, %v", results, err)
	}
}

// TestEverywhereAsksEnabledRegions leaves out what the account has not enabled.
func TestEverywhereAsksEnabledRegions(t *testing.T) {
	url, _ := worldServer(t, onlyTwo, 0, nil)
	useServer(t, url)
	results, err := boto.EC2.Everywhere(ids)
	if err != nil || results.String() != "eu-west-1: i-eu-west-1\nus-east-1: i-us-east-1" {
		t.Errorf("%v: %v", results, err)
	}
}

// TestEverywhereIsBounded holds each request until as many as may be under way
// are, and no more come.
func TestEverywhereIsBounded(t *testing.T) {
	var mu sync.Mutex
	held := 0
	full := make(chan struct{})
	url, most := worldServer(t, "", 0, func() {
		mu.Lock()
		if held++; held == 5 {
			close(full)
		}
		mu.Unlock()
		<-full
	})
	useServer(t, url)
	if _, err := boto.EC2.Everywhere(ids, boto.AtOnce(5)); err != nil {
		t.Fatal(err)
	}
	if most() != 5 {
		t.Errorf("%d at once, want 5", most())
	}
}

func TestEverywhereEndsWithTheContext(t *testing.T) {
	url, _ := worldServer(t, "", 0, nil)
	useServer(t, url)
	env, _ := boto.Env()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	env.SetContext(func() context.Context { return ctx })
	if _, err := boto.EC2.Everywhere(ids); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// BenchmarkEverywhere sweeps 17 regions whose every answer takes 50 ms: the
// time above 50 ms is ours.
func BenchmarkEverywhere(b *testing.B) {
	url, _ := worldServer(b, "", 50*time.Millisecond, nil)
	useServer(b, url)
	regions := boto.InRegions(session.Regions("us-east-1")[:17]...)
	for b.Loop() {
		if results, err := boto.EC2.Everywhere(ids, regions); err != nil || len(results.Failed()) > 0 {
			b.Fatal(results.Failed(), err)
		}
	}
	b.ReportMetric(50, "ms-slowest-answer")
}
