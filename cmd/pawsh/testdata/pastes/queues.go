// want: queue paws
// want: received 2
// want: *types.QueueDoesNotExist AWS.SimpleQueueService.NonExistentQueue
// want: topic paws
// want: account 123456789012
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
)

type SqsActions struct{ SqsClient *sqs.Client }

func (actor SqsActions) GetMessages(ctx context.Context, queueURL string, max, wait int32) ([]types.Message, error) {
	var messages []types.Message
	result, err := actor.SqsClient.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
		QueueUrl: aws.String(queueURL), MaxNumberOfMessages: max, WaitTimeSeconds: wait,
	})
	if err != nil {
		log.Printf("couldn't get messages from queue %v: %v", queueURL, err)
	} else {
		messages = result.Messages
	}
	return messages, err
}

func (actor SqsActions) Send(ctx context.Context, queueURL string, bodies ...string) error {
	entries := make([]types.SendMessageBatchRequestEntry, len(bodies))
	for i := range bodies {
		entries[i] = types.SendMessageBatchRequestEntry{Id: aws.String(fmt.Sprintf("m%d", i)), MessageBody: aws.String(bodies[i])}
	}
	_, err := actor.SqsClient.SendMessageBatch(ctx, &sqs.SendMessageBatchInput{QueueUrl: &queueURL, Entries: entries})
	return err
}

func main() {
	ctx := context.Background()
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		log.Fatal(err)
	}
	actor := SqsActions{sqs.NewFromConfig(cfg)}
	q, err := actor.SqsClient.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String("paws"), Attributes: map[string]string{"VisibilityTimeout": "30"}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("queue", (*q.QueueUrl)[strings.LastIndex(*q.QueueUrl, "/")+1:])
	if err := actor.Send(ctx, *q.QueueUrl, "one", "two"); err != nil {
		log.Fatal(err)
	}
	got, err := actor.GetMessages(ctx, *q.QueueUrl, 10, 0)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("received", len(got))
	_, err = actor.SqsClient.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String("nothing")})
	var missing *types.QueueDoesNotExist
	var api smithy.APIError
	if errors.As(err, &missing) && errors.As(err, &api) {
		fmt.Printf("%T %s\n", missing, api.ErrorCode())
	} else {
		fmt.Println(err)
	}
	topic, err := sns.NewFromConfig(cfg).CreateTopic(ctx, &sns.CreateTopicInput{Name: aws.String("paws")})
	if err != nil {
		log.Fatal(err)
	}
	parts := strings.Split(*topic.TopicArn, ":")
	fmt.Println("topic", parts[len(parts)-1])
	id, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("account", *id.Account)
}
