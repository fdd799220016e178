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

// TestAlarmsAreChanged turns an alarm's actions off and on, changes it, and
// reads what happened to it.
func TestAlarmsAreChanged(t *testing.T) {
	t.Parallel()
	c := must(cloudwatch.Connect(sandboxEnv(t)))(t)
	a := &cloudwatch.MetricAlarm{
		Name: "full", Metric: "disk", Namespace: "paws", Statistic: "Average", Comparison: ">", Threshold: 80, Period: 60, EvaluationPeriods: 1, ActionsEnabled: true,
	}
	must(c.CreateAlarm(a))(t)
	must(a.DisableActions())(t)
	if now := must(c.DescribeAlarms("full"))(t)[0]; now.ActionsEnabled || a.ActionsEnabled {
		t.Error("the actions are not off")
	}
	must(a.EnableActions())(t)
	a.Threshold = 90
	a.AddAlarmAction("arn:aws:sns:us-east-1:123456789012:alarms")
	must(a.Update())(t)
	if now := must(c.DescribeAlarms("full"))(t)[0]; now.Threshold != 90 || len(now.AlarmActions) != 1 || !now.ActionsEnabled || now.Comparison != ">" {
		t.Errorf("changed to %+v", now)
	}
	must(a.SetState("ALARM", "a try"))(t)
	history := must(a.DescribeHistory())(t)
	if len(history) == 0 || history[0].Name != "full" || !strings.HasPrefix(history[0].String(), "AlarmHistory:full[") {
		t.Errorf("history %v", history)
	}
}

// TestBatches writes, reads and removes many messages, and has a topic's
// messages let into a queue.
func TestBatches(t *testing.T) {
	t.Parallel()
	env := sandboxEnv(t)
	topics, queues := must(sns.Connect(env))(t), must(sqs.Connect(env))(t)
	q := must(queues.CreateQueue("paws"))(t)
	var bodies []string
	for i := range 23 {
		bodies = append(bodies, strings.Repeat("x", i+1))
	}
	r := must(q.WriteBatch(bodies...))(t)
	if len(r.Results) != 23 || len(r.Errors) != 0 || must(q.Count())(t) != 23 {
		t.Errorf("written %v", r)
	}
	var read []*sqs.Message
	for len(read) < 23 {
		list := must(q.GetMessages(sqs.NumMessages(10)))(t)
		if len(list) == 0 {
			t.Fatalf("only %d came", len(read))
		}
		read = append(read, list...)
	}
	if gone := must(q.DeleteMessageBatch(read))(t); len(gone.Results) != 23 || gone.Results[22] != read[22].ID {
		t.Errorf("removed %v", gone)
	}
	must(q.WriteBatch("one", "two"))(t)
	file := t.TempDir() + "/dump"
	if n := must(q.Dump(file))(t); n != 2 {
		t.Errorf("dumped %d", n)
	}
	if n := must(q.LoadFromFilename(file))(t); n != 2 {
		t.Errorf("loaded %d", n)
	}
	if n := must(q.Clear())(t); n != 2 {
		t.Errorf("cleared %d", n)
	}
	arn := must(topics.CreateTopic("alarms"))(t).TopicARN()
	for range 2 {
		must(topics.SubscribeSQSQueue(arn, q))(t)
	}
	policy := must(q.GetAttributes("Policy"))(t)["Policy"]
	if strings.Count(policy, arn) != 1 || !strings.Contains(policy, "SQS:SendMessage") {
		t.Errorf("policy %s", policy)
	}
}
