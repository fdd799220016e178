package boto_test

import (
	"strings"
	"testing"
	"time"

	"pawsh/bindings/cloudwatch"
	"pawsh/bindings/iam"
	"pawsh/bindings/session"
	"pawsh/bindings/sns"
	"pawsh/bindings/sqs"
	"pawsh/bindings/sts"
	"pawsh/sandbox"
)

// sandboxEnv is a session that goes to a cloud of the test's own.
func sandboxEnv(t *testing.T) *session.Env {
	t.Helper()
	server, err := sandbox.Start(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	env, err := session.New(session.Options{
		Getenv: func(string) string { return "" }, Home: t.TempDir(), SystemConfig: "-",
		Sandbox: func() (session.SandboxEndpoint, error) {
			id, secret := server.Credentials()
			return session.SandboxEndpoint{URL: server.URL(), AccessKeyID: id, SecretAccessKey: secret}, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return env
}

// must ends the test on an error.
func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// TestRestrictedUserSignsWithItsKey is the cookbook's restricted user, who
// then asks who they are.
func TestRestrictedUserSignsWithItsKey(t *testing.T) {
	t.Parallel()
	env := sandboxEnv(t)
	c := must(iam.Connect(env))(t)
	must(c.CreateUser("paws"))(t)
	key := must(c.CreateAccessKey("paws"))(t)
	must(c.PutUserPolicy("paws", "all", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`))(t)
	if p := must(c.GetUserPolicy("paws", "all"))(t); !strings.Contains(p.PolicyDocument, `"Action":"*"`) {
		t.Errorf("policy %s", p.PolicyDocument)
	}
	target := must(env.Open(session.STS))(t)
	who := must(sts.Connect(env, session.Endpoint(target.Endpoint), session.AWSAccessKeyID(key.AccessKeyID), session.AWSSecretAccessKey(key.SecretAccessKey)))(t)
	if id := must(who.GetCallerIdentity())(t); !strings.HasSuffix(id.ARN, ":user/paws") {
		t.Errorf("identity %v", id)
	}
	wrong := must(sts.Connect(env, session.Endpoint(target.Endpoint), session.AWSAccessKeyID(key.AccessKeyID), session.AWSSecretAccessKey("not the secret")))(t)
	if _, err := wrong.GetCallerIdentity(); session.Code(err) != "SignatureDoesNotMatch" {
		t.Errorf("with a wrong secret: %v", err)
	}
}

func TestTopicsAndQueues(t *testing.T) {
	t.Parallel()
	env := sandboxEnv(t)
	topics, queues := must(sns.Connect(env))(t), must(sqs.Connect(env))(t)
	arn := must(topics.CreateTopic("alarms"))(t).TopicARN()
	q := must(queues.CreateQueue("paws", 60))(t)
	q.SetRawMessages(true)
	must(topics.Subscribe(arn, "sqs", q.ARN))(t)
	must(topics.Publish(arn, "hello", "subject"))(t)
	m := must(q.Read(sqs.WaitTimeSeconds(5)))(t)
	if m == nil || !strings.Contains(m.GetBody(), "hello") {
		t.Fatalf("the queue got %v", m)
	}
	must(m.Delete())(t)
	if n := must(q.Count())(t); n != 0 {
		t.Errorf("%d messages are left", n)
	}
	if none := must(queues.GetQueue("nobody"))(t); none != nil {
		t.Errorf("unknown queue: %v", none)
	}
}

func TestMetricsAndAlarms(t *testing.T) {
	t.Parallel()
	c := must(cloudwatch.Connect(sandboxEnv(t)))(t)
	now := time.Now().UTC()
	must(c.PutMetricData("paws", "disk", 40, cloudwatch.Unit("Percent"), cloudwatch.Timestamp(now.Add(-time.Minute)), cloudwatch.Dimensions(map[string]string{"host": "a"}), cloudwatch.MoreValues(60)))(t)
	list := must(c.ListMetrics(cloudwatch.Namespace("paws")))(t)
	if len(list) != 1 || list[0].Dimensions["host"][0] != "a" {
		t.Fatalf("metrics %v", list)
	}
	points := must(list[0].Query(now.Add(-time.Hour), now.Add(time.Hour), []string{"Average", "SampleCount"}, cloudwatch.Period(7200)))(t)
	total := 0.0
	for _, p := range points {
		total += p.SampleCount
	}
	if total != 2 {
		t.Errorf("points %v", points)
	}
	made := must(list[0].CreateAlarm("full", ">=", 80, 60, 1, "Average"))(t)
	if found := must(list[0].DescribeAlarms())(t); len(found) != 1 || found[0].Name != made.Name || found[0].Threshold != 80 {
		t.Errorf("alarms %v", found)
	}
	must(made.Delete())(t)
	if left := must(c.DescribeAlarms())(t); len(left) != 0 {
		t.Errorf("alarms %v", left)
	}
}
