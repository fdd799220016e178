// want: sns ap-northeast-1 news
// want: 3 sqs
// want: mail..Notification.hello.TO <ALL> & EVERYONE
// want: sms...Notification.hello.TO <ALL> & EVERYONE
// want: push..Notification.hello.TO <ALL> & EVERYONE
// then: f := New(ctx, config.LoadDefaultConfig(ctx), "later")
// then: f.Subscribe(ctx, "one")
// then: sns.Client.Publish(ctx, &sns.PublishInput{TopicArn: aws.String(f.topic.String()), Message: aws.String("hi")}).MessageId != nil
// want: true
// then: f.Receive(ctx, f.subs[0]).Message
// want: "hi"
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	snstypes "github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

type subscriber struct {
	name, url, arn string
}

type Fanout struct {
	topics *sns.Client
	queues *sqs.Client
	topic  arn.ARN
	subs   []*subscriber
}

type notification struct {
	Type, MessageId, TopicArn, Subject, Message string
	MessageAttributes                           map[string]struct{ Type, Value string }
}

func New(ctx context.Context, cfg aws.Config, name string) (*Fanout, error) {
	f := &Fanout{topics: sns.NewFromConfig(cfg), queues: sqs.NewFromConfig(cfg)}
	out, err := f.topics.CreateTopic(ctx, &sns.CreateTopicInput{Name: &name, Tags: []snstypes.Tag{{Key: aws.String("env"), Value: aws.String("test")}}})
	if err != nil {
		return nil, fmt.Errorf("topic %q: %w", name, err)
	}
	if f.topic, err = arn.Parse(*out.TopicArn); err != nil {
		return nil, err
	}
	return f, nil
}

func (f *Fanout) Subscribe(ctx context.Context, names ...string) error {
	for _, n := range names {
		q, err := f.queues.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: &n})
		if err != nil {
			return err
		}
		attrs, err := f.queues.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{
			QueueUrl: q.QueueUrl, AttributeNames: []sqstypes.QueueAttributeName{sqstypes.QueueAttributeNameQueueArn},
		})
		if err != nil {
			return err
		}
		s := &subscriber{n, *q.QueueUrl, attrs.Attributes[string(sqstypes.QueueAttributeNameQueueArn)]}
		policy := fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":%q,"Condition":{"ArnEquals":{"aws:SourceArn":%q}}}]}`, s.arn, f.topic.String())
		if _, err := f.queues.SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{QueueUrl: q.QueueUrl, Attributes: map[string]string{"Policy": policy}}); err != nil {
			return err
		}
		if _, err := f.topics.Subscribe(ctx, &sns.SubscribeInput{TopicArn: aws.String(f.topic.String()), Protocol: aws.String("sqs"), Endpoint: &s.arn}); err != nil {
			return err
		}
		f.subs = append(f.subs, s)
	}
	return nil
}

func (f *Fanout) Receive(ctx context.Context, s *subscriber) (*notification, error) {
	out, err := f.queues.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: &s.url, WaitTimeSeconds: 2})
	if err != nil || len(out.Messages) == 0 {
		return nil, err
	}
	var n notification
	return &n, json.Unmarshal([]byte(*out.Messages[0].Body), &n)
}

func main() {
	log.SetFlags(log.Lmsgprefix)
	log.SetPrefix("fanout: ")
	ctx, stop := context.WithTimeout(context.Background(), 20*time.Second)
	defer stop()
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRegion("ap-northeast-1"))
	if err != nil {
		log.Fatalln(err)
	}
	f, err := New(ctx, cfg, "news")
	if err != nil {
		log.Fatalln(err)
	}
	fmt.Println(f.topic.Service, f.topic.Region, f.topic.Resource)
	if err := f.Subscribe(ctx, "mail", "sms", "push"); err != nil {
		log.Fatalln(err)
	}
	p := sns.NewListSubscriptionsByTopicPaginator(f.topics, &sns.ListSubscriptionsByTopicInput{TopicArn: aws.String(f.topic.String())})
	for p.HasMorePages() {
		page, err := p.NextPage(ctx)
		if err != nil {
			log.Fatalln(err)
		}
		fmt.Println(len(page.Subscriptions), *page.Subscriptions[0].Protocol)
	}
	if _, err := f.topics.Publish(ctx, &sns.PublishInput{
		TopicArn: aws.String(f.topic.String()), Subject: aws.String("hello"), Message: aws.String("to <all> & everyone"),
		MessageAttributes: map[string]snstypes.MessageAttributeValue{"lang": {DataType: aws.String("String"), StringValue: aws.String("en")}},
	}); err != nil {
		log.Fatalln(err)
	}
	w := tabwriter.NewWriter(os.Stdout, 6, 8, 1, '.', 0)
	for _, s := range f.subs {
		n, err := f.Receive(ctx, s)
		if err != nil || n == nil {
			fmt.Fprintf(w, "%s\t%v\n", s.name, err)
			continue
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", s.name, n.Type, n.Subject, strings.ToUpper(n.Message))
	}
	w.Flush()
}
