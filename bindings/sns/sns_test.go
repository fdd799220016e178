package sns_test

import (
	"fmt"
	"testing"

	"pawsh/bindings/session"
	"pawsh/bindings/session/sessiontest"
	"pawsh/bindings/sns"
)

const arn = "arn:aws:sns:us-east-1:123456789012:alarms"

func xml(operation, result string) string {
	return "<" + operation + "Response><" + operation + "Result>" + result + "</" + operation + "Result><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></" + operation + "Response>"
}

func TestTopics(t *testing.T) {
	t.Parallel()
	s := sessiontest.New(t, map[string][]string{
		"CreateTopic":        {xml("CreateTopic", "<TopicArn>"+arn+"</TopicArn>")},
		"ListTopics":         {xml("ListTopics", "<Topics><member><TopicArn>"+arn+"</TopicArn></member></Topics><NextToken>two</NextToken>"), xml("ListTopics", "<Topics><member><TopicArn>second</TopicArn></member></Topics>")},
		"Publish":            {xml("Publish", "<MessageId>m-1</MessageId>"), "404 <ErrorResponse><Error><Code>NotFound</Code><Message>Topic does not exist</Message></Error></ErrorResponse>"},
		"GetTopicAttributes": {xml("GetTopicAttributes", "<Attributes><entry><key>Owner</key><value>123456789012</value></entry></Attributes>")},
		"SetTopicAttributes": {xml("SetTopicAttributes", "")},
		"DeleteTopic":        {xml("DeleteTopic", "")},
	})
	c, err := sns.Connect(s.Env)
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.CreateTopic("alarms")
	if err != nil {
		t.Fatal(err)
	}
	// The form in which boto's users know the answer.
	if got := r["CreateTopicResponse"]["CreateTopicResult"]["TopicArn"]; got != arn || r.TopicARN() != arn || r["CreateTopicResponse"]["ResponseMetadata"]["RequestId"] != "r-1" {
		t.Errorf("answer %v", r)
	}
	s.Form("CreateTopic", map[string]string{"Name": "alarms"})
	topics, err := c.GetAllTopics()
	if err != nil || fmt.Sprint(topics) != "[Topic:"+arn+" Topic:second]" {
		t.Errorf("topics %v, %v", topics, err)
	}
	s.Form("ListTopics", map[string]string{"NextToken": "two"})
	if m, err := c.Publish(arn, "hello", "subject"); err != nil || m.MessageID() != "m-1" {
		t.Errorf("published %v, %v", m, err)
	}
	s.Form("Publish", map[string]string{"TopicArn": arn, "Message": "hello", "Subject": "subject"})
	if _, err := c.Publish("nowhere", "hello"); session.Code(err) != "NotFound" {
		t.Errorf("published nowhere: %v", err)
	}
	s.Form("Publish", map[string]string{"Subject": ""})
	if a, err := c.GetTopicAttributes(arn); err != nil || a["Owner"] != "123456789012" {
		t.Errorf("attributes %v, %v", a, err)
	}
	if _, err := c.SetTopicAttributes(arn, "DisplayName", "x"); err != nil {
		t.Error(err)
	}
	s.Form("SetTopicAttributes", map[string]string{"AttributeName": "DisplayName", "AttributeValue": "x"})
	if r, err := c.DeleteTopic(arn); err != nil || r["DeleteTopicResponse"]["ResponseMetadata"]["RequestId"] != "r-1" {
		t.Errorf("deleted %v, %v", r, err)
	}
}

func TestSubscriptions(t *testing.T) {
	t.Parallel()
	const member = "<Subscriptions><member><TopicArn>" + arn + "</TopicArn><Protocol>email</Protocol><SubscriptionArn>PendingConfirmation</SubscriptionArn><Owner>123456789012</Owner><Endpoint>a@example.com</Endpoint></member></Subscriptions>"
	s := sessiontest.New(t, map[string][]string{
		"Subscribe":                {xml("Subscribe", "<SubscriptionArn>pending confirmation</SubscriptionArn>")},
		"ConfirmSubscription":      {xml("ConfirmSubscription", "<SubscriptionArn>sub-1</SubscriptionArn>")},
		"Unsubscribe":              {xml("Unsubscribe", "")},
		"ListSubscriptions":        {xml("ListSubscriptions", member)},
		"ListSubscriptionsByTopic": {xml("ListSubscriptionsByTopic", member)},
	})
	c, err := sns.Connect(s.Env)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := c.Subscribe(arn, "email", "a@example.com"); err != nil || r["SubscribeResponse"]["SubscribeResult"]["SubscriptionArn"] != "pending confirmation" {
		t.Errorf("subscribed %v, %v", r, err)
	}
	s.Form("Subscribe", map[string]string{"TopicArn": arn, "Protocol": "email", "Endpoint": "a@example.com"})
	if r, err := c.ConfirmSubscription(arn, "token"); err != nil || r.SubscriptionARN() != "sub-1" {
		t.Errorf("confirmed %v, %v", r, err)
	}
	for name, list := range map[string]func() ([]*sns.Subscription, error){
		"all": c.GetAllSubscriptions, "of a topic": func() ([]*sns.Subscription, error) { return c.GetAllSubscriptionsByTopic(arn) },
	} {
		if got, err := list(); err != nil || fmt.Sprint(got) != "[Subscription:email:a@example.com]" || got[0].ARN != "PendingConfirmation" || got[0].TopicARN != arn {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	if _, err := c.Unsubscribe("sub-1"); err != nil {
		t.Error(err)
	}
	s.Form("Unsubscribe", map[string]string{"SubscriptionArn": "sub-1"})
}
