package sqs_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pawsh/bindings/session"
	"pawsh/bindings/session/sessiontest"
	"pawsh/bindings/sqs"
)

const missing = `400 {"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"no such queue"}`

func connect(t *testing.T, answers map[string][]string) (*sessiontest.Script, *sqs.Connection) {
	t.Helper()
	s := sessiontest.New(t, answers)
	c, err := sqs.Connect(s.Env)
	if err != nil {
		t.Fatal(err)
	}
	return s, c
}

func TestQueues(t *testing.T) {
	t.Parallel()
	url := "http://host/123456789012/paws"
	s, c := connect(t, map[string][]string{
		"CreateQueue":        {`{"QueueUrl":"` + url + `"}`},
		"GetQueueUrl":        {`{"QueueUrl":"` + url + `"}`, missing},
		"ListQueues":         {`{"QueueUrls":["` + url + `"],"NextToken":"two"}`, `{"QueueUrls":["http://host/123456789012/paws2"]}`},
		"GetQueueAttributes": {`{"Attributes":{"VisibilityTimeout":"120"}}`, `{"Attributes":{"ApproximateNumberOfMessages":"7"}}`},
		"SetQueueAttributes": {`{}`}, "PurgeQueue": {`{}`}, "DeleteQueue": {`{}`, missing},
	})
	q, err := c.CreateQueue("paws", 120)
	if err != nil {
		t.Fatal(err)
	}
	if q.String() != "Queue("+url+")" || q.Name != "paws" || q.ID != "/123456789012/paws" || q.ARN != "arn:aws:sqs:us-east-1:123456789012:paws" {
		t.Errorf("queue %+v", q)
	}
	if body := s.Last("CreateQueue").JSON; !strings.Contains(body, `"VisibilityTimeout":"120"`) || !strings.Contains(body, `"QueueName":"paws"`) {
		t.Errorf("request %s", body)
	}
	if found, err := c.GetQueue("paws"); err != nil || found.URL != url {
		t.Errorf("found %v, %v", found, err)
	}
	if found, err := c.Lookup("nobody"); found != nil || err != nil {
		t.Errorf("unknown queue: %v, %v", found, err)
	}
	if list, err := c.GetAllQueues("pa"); err != nil || len(list) != 2 {
		t.Errorf("queues %v, %v", list, err)
	}
	if body := s.Last("ListQueues").JSON; !strings.Contains(body, `"QueueNamePrefix":"pa"`) || !strings.Contains(body, `"NextToken":"two"`) {
		t.Errorf("request %s", body)
	}
	if n, err := q.GetTimeout(); err != nil || n != 120 {
		t.Errorf("timeout %d, %v", n, err)
	}
	if n, err := q.Count(); err != nil || n != 7 {
		t.Errorf("count %d, %v", n, err)
	}
	if _, err := q.SetTimeout(30); err != nil || !strings.Contains(s.Last("SetQueueAttributes").JSON, `"VisibilityTimeout":"30"`) {
		t.Errorf("set timeout: %v", err)
	}
	if ok, err := q.Purge(); !ok || err != nil {
		t.Errorf("purge %v, %v", ok, err)
	}
	if ok, err := q.Delete(); !ok || err != nil {
		t.Errorf("delete %v, %v", ok, err)
	}
	if _, err := c.DeleteQueue(q); err == nil || session.Code(err) == "" {
		t.Errorf("delete of a deleted queue: %v", err)
	}
}

func TestMessages(t *testing.T) {
	t.Parallel()
	// "hello" in base64, text that is none, and base64 of what is no text.
	s, c := connect(t, map[string][]string{
		"CreateQueue":    {`{"QueueUrl":"http://host/1/paws"}`},
		"SendMessage":    {`{"MessageId":"m-1","MD5OfMessageBody":"df83229983e07bb7d075f95b74b343e3"}`, `{"MessageId":"m-4","MD5OfMessageBody":"72cae6b648b8ae68264929842fb01c74"}`},
		"ReceiveMessage": {`{"Messages":[{"MessageId":"m-1","ReceiptHandle":"h-1","Body":"aGVsbG8=","MessageAttributes":{"n":{"DataType":"String","StringValue":"v"}}},{"MessageId":"m-2","Body":"plain text!"},{"MessageId":"m-3","Body":"//79"}]}`, `{}`},
		"DeleteMessage":  {`{}`}, "ChangeMessageVisibility": {`{}`},
	})
	q, err := c.CreateQueue("paws")
	if err != nil {
		t.Fatal(err)
	}
	m, err := q.Write("hello wörld", 5)
	if err != nil || m.ID != "m-1" || m.String() != "Message:m-1" {
		t.Errorf("written %v, %v", m, err)
	}
	if body := s.Last("SendMessage").JSON; !strings.Contains(body, `"aGVsbG8gd8O2cmxk"`) || !strings.Contains(body, `"DelaySeconds":5`) {
		t.Errorf("request %s", body)
	}
	list, err := q.GetMessages(sqs.NumMessages(10), sqs.VisibilityTimeout(60), sqs.WaitTimeSeconds(2), sqs.MessageAttributes("n"), sqs.Attributes("All"))
	if err != nil || len(list) != 3 {
		t.Fatalf("messages %v, %v", list, err)
	}
	for _, want := range []string{`"MaxNumberOfMessages":10`, `"VisibilityTimeout":60`, `"WaitTimeSeconds":2`, `"n"`, `"All"`} {
		if body := s.Last("ReceiveMessage").JSON; !strings.Contains(body, want) {
			t.Errorf("%s is not in %s", want, body)
		}
	}
	if got := fmt.Sprintf("%s|%s|%s", list[0].GetBody(), list[1].GetBody(), list[2].GetBody()); got != "hello|plain text!|//79" {
		t.Errorf("bodies %s", got)
	}
	if list[0].MessageAttributes["n"].StringValue != "v" {
		t.Errorf("attributes %v", list[0].MessageAttributes)
	}
	if _, err := list[0].ChangeVisibility(9); err != nil || !strings.Contains(s.Last("ChangeMessageVisibility").JSON, `"VisibilityTimeout":9`) {
		t.Errorf("change visibility: %v", err)
	}
	if ok, err := list[0].Delete(); !ok || err != nil || !strings.Contains(s.Last("DeleteMessage").JSON, `"h-1"`) {
		t.Errorf("delete %v, %v", ok, err)
	}
	if none, err := q.Read(); none != nil || err != nil {
		t.Errorf("an empty queue gives %v, %v", none, err)
	}
	q.SetRawMessages(true)
	raw := q.NewMessage("")
	raw.SetBody("as it is")
	raw.MessageAttributes = map[string]sqs.MessageAttribute{"a": {DataType: "Number", StringValue: "1"}}
	if _, err := q.Write(raw); err != nil || !strings.Contains(s.Last("SendMessage").JSON, `"as it is"`) || !strings.Contains(s.Last("SendMessage").JSON, `"Number"`) {
		t.Errorf("raw: %v, %s", err, s.Last("SendMessage").JSON)
	}
	if _, err := q.Write(7); err == nil {
		t.Error("a number was written")
	}
	if _, err := (&sqs.Message{}).Delete(); err == nil {
		t.Error("a message of no queue was deleted")
	}
}

func TestDump(t *testing.T) {
	t.Parallel()
	s, c := connect(t, map[string][]string{
		"GetQueueUrl":    {`{"QueueUrl":"http://x/1/paws"}`},
		"ReceiveMessage": {`{"Messages":[{"MessageId":"a","Body":"one","ReceiptHandle":"h1"},{"MessageId":"b","Body":"two","ReceiptHandle":"h2"}]}`, `{"Messages":[]}`},
		"DeleteMessage":  {`{}`},
	})
	q, err := c.GetQueue("paws")
	if err != nil {
		t.Fatal(err)
	}
	q.SetMessageClass(sqs.RawMessage)
	file := filepath.Join(t.TempDir(), "dump")
	if n, err := q.Dump(file, "\n---\n"); n != 2 || err != nil {
		t.Fatalf("dumped %d, %v", n, err)
	}
	text, err := os.ReadFile(file)
	if err != nil || string(text) != "one\n---\ntwo\n---\n" {
		t.Errorf("file %q, %v", text, err)
	}
	if body := s.Last("DeleteMessage").JSON; !strings.Contains(body, "h2") {
		t.Errorf("deleted %s", body)
	}
}
