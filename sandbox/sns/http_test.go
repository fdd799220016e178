package sns_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sns"
)

func TestListenersOnLoopbackGetMessages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	topic := w.topic("paws")
	type post struct{ kind, body string }
	posts := make(chan post, 8)
	listener := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		posts <- post{r.Header.Get("x-amz-sns-message-type"), string(b)}
	}))
	t.Cleanup(listener.Close)
	next := func() post {
		t.Helper()
		select {
		case p := <-posts:
			return p
		case <-time.After(time.Minute):
			t.Fatal("nothing came")
		}
		return post{}
	}
	for endpoint, code := range map[string]string{"ftp://127.0.0.1/": "InvalidParameter", "http://": "InvalidParameter", "http://example.com/": "NotImplemented", "http://10.0.0.1/": "NotImplemented", "http://u@127.0.0.1/": "InvalidParameter"} {
		_, err := w.Subscribe(ctx(), &sdk.SubscribeInput{TopicArn: topic, Protocol: aws.String("http"), Endpoint: &endpoint})
		w.refused(endpoint, err, code, "")
	}
	if got := w.subscribe(topic, "http", listener.URL+"/in"); *got != "pending confirmation" {
		t.Errorf("subscribed: %s", *got)
	}
	p := next()
	var hello struct{ Type, Token, SubscribeURL string }
	if err := json.Unmarshal([]byte(p.body), &hello); err != nil || p.kind != "SubscriptionConfirmation" || hello.Token == "" {
		t.Fatalf("%s %s: %v", p.kind, p.body, err)
	}
	resp, err := http.Get(hello.SubscribeURL)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("visit %s: %v %v", hello.SubscribeURL, resp, err)
	}
	resp.Body.Close()
	must[*sdk.PublishOutput](w)(w.Publish(ctx(), &sdk.PublishInput{TopicArn: topic, Message: aws.String("meow"), Subject: aws.String("Cats")}))
	p = next()
	var n struct{ Type, Message, Subject string }
	if err := json.Unmarshal([]byte(p.body), &n); err != nil || n.Type != "Notification" || n.Message != "meow" || n.Subject != "Cats" {
		t.Errorf("%s %s: %v", p.kind, p.body, err)
	}
}
