package boto_test

import (
	"errors"
	"strings"
	"testing"

	"pawsh/bindings/boto"
	"pawsh/bindings/session"
)

// TestModuleFunctions uses the process-wide session, so its parts run in one
// test and in order.
func TestModuleFunctions(t *testing.T) {
	server := newCloud(t, zones)
	env := newEnv(t, "[Boto]\nec2_region_name = eu-west-1\ndebug = 0\n[paws]\nsize = 3\nratio = 0.5\non = yes\n", map[string]string{
		"AWS_ACCESS_KEY_ID": "AK", "AWS_SECRET_ACCESS_KEY": "SK", "AWS_ENDPOINT_URL": server.URL,
	})
	boto.Use(env)
	if got, err := boto.Env(); got != env || err != nil {
		t.Fatalf("Env = %v, %v", got, err)
	}

	t.Run("regions need no network and are sorted", func(t *testing.T) {
		regions := boto.EC2.Regions()
		if len(regions) < 20 || regions[0].String() != "RegionInfo:af-south-1" || regions[0].Endpoint != "ec2.af-south-1.amazonaws.com" {
			t.Fatalf("%d regions, the first %v", len(regions), regions[0])
		}
		conn, err := regions[0].Connect()
		if err != nil {
			t.Fatal(err)
		}
		if conn.Region.Name != "af-south-1" {
			t.Errorf("connected to %v", conn.Region)
		}
		for name, n := range map[string]int{
			"S3": len(boto.S3.Regions()), "SQS": len(boto.SQS.Regions()), "SNS": len(boto.SNS.Regions()),
			"CloudWatch": len(boto.CloudWatch.Regions()), "IAM": len(boto.IAM.Regions()), "STS": len(boto.STS.Regions()),
		} {
			if n != len(regions) {
				t.Errorf("%s has %d regions", name, n)
			}
		}
	})
	t.Run("connect to region", func(t *testing.T) {
		conn, err := boto.EC2.ConnectToRegion("ap-northeast-1")
		if err != nil {
			t.Fatal(err)
		}
		if conn.Region.String() != "RegionInfo:ap-northeast-1" {
			t.Errorf("region %v", conn.Region)
		}
		if _, err := conn.GetAllZones(); err != nil {
			t.Fatal(err)
		}
		checkSignature(t, server.last(t), "AK", "SK", "ap-northeast-1", "ec2")
	})
	t.Run("unknown region", func(t *testing.T) {
		_, err := boto.EC2.ConnectToRegion("eu-west1")
		var unknown *session.UnknownRegionError
		if !errors.As(err, &unknown) || unknown.Nearest != "eu-west-1" {
			t.Errorf("error %v", err)
		}
	})
	t.Run("default region of boto's file", func(t *testing.T) {
		conn, err := boto.ConnectEC2()
		if err != nil {
			t.Fatal(err)
		}
		if conn.Region.Name != "eu-west-1" {
			t.Errorf("region %v", conn.Region)
		}
	})
	t.Run("every Connect function", func(t *testing.T) {
		for name, connect := range map[string]func() (any, error){
			"EC2Connection:127.0.0.1":        func() (any, error) { return boto.ConnectEC2() },
			"S3Connection:127.0.0.1":         func() (any, error) { return boto.ConnectS3() },
			"CloudWatchConnection:127.0.0.1": func() (any, error) { return boto.ConnectCloudWatch() },
			"SNSConnection:127.0.0.1":        func() (any, error) { return boto.ConnectSNS() },
			"SQSConnection:127.0.0.1":        func() (any, error) { return boto.ConnectSQS() },
			"IAMConnection:127.0.0.1":        func() (any, error) { return boto.ConnectIAM() },
			"STSConnection:127.0.0.1":        func() (any, error) { return boto.ConnectSTS() },
		} {
			c, err := connect()
			if err != nil {
				t.Errorf("%s: %v", name, err)
			} else if s := c.(interface{ String() string }).String(); s != name {
				t.Errorf("it prints %s, want %s", s, name)
			}
		}
	})
	t.Run("missing hosts and keys of other clouds", func(t *testing.T) {
		for name, connect := range map[string]func() (any, error){
			"eucalyptus_host":  func() (any, error) { return boto.ConnectEuca() },
			"walrus_host":      func() (any, error) { return boto.ConnectWalrus() },
			"gs_access_key_id": func() (any, error) { return boto.ConnectGS() },
		} {
			if _, err := connect(); err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
	t.Run("config", func(t *testing.T) {
		c := boto.Config
		if c.Get("Boto", "ec2_region_name") != "eu-west-1" || c.Get("x", "y") != "" || c.Get("x", "y", "z") != "z" ||
			c.GetInt("paws", "size") != 3 || c.GetInt("paws", "nothing", 7) != 7 || c.GetFloat("paws", "ratio") != 0.5 ||
			!c.GetBool("paws", "on") || !c.HasOption("paws", "SIZE") || c.HasOption("paws", "nothing") {
			t.Error("an option reads wrong")
		}
		if len(c.Files()) != 1 || strings.Join(c.Sections(), " ") != "Boto paws" {
			t.Errorf("files %v sections %v", c.Files(), c.Sections())
		}
	})
	t.Run("stream logger", func(t *testing.T) {
		var log strings.Builder
		env.SetLog(&log, false)
		if err := boto.SetStreamLogger("paws"); err != nil {
			t.Fatal(err)
		}
		conn, err := boto.ConnectEC2(session.Debug(2))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.GetAllZones(); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{" paws [DEBUG]:> POST / HTTP/1.1", " paws [DEBUG]:> Authorization: AWS4-HMAC-SHA256 [redacted]", "<zoneName>cluster01</zoneName>"} {
			if !strings.Contains(log.String(), want) {
				t.Errorf("%q is not in\n%s", want, log.String())
			}
		}
	})
}
