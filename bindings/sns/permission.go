package sns

import (
	"crypto/md5"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sns"

	"pawsh/bindings/sqs"
)

// AddPermission lets other accounts do things with a topic, such as "Publish":
// AddPermission (boto: add_permission). Code NotFound.
//
// Example: sns.AddPermission(topic, "partners", []string{"123456789012"}, []string{"Publish"})
func (c *Connection) AddPermission(topic, label string, accountIDs, actions []string) (Response, error) {
	out, err := c.Client.AddPermission(c.ctx(), &sdk.AddPermissionInput{
		TopicArn: aws.String(topic), Label: aws.String(label), AWSAccountId: accountIDs, ActionName: actions,
	})
	if err != nil {
		return nil, fmt.Errorf("add permission %q to topic %s: %w", label, topic, err)
	}
	return response("AddPermission", out.ResultMetadata, nil), nil
}

// RemovePermission takes that back: RemovePermission (boto: remove_permission).
//
// Example: sns.AddPermission(topic, "partners", []string{"123456789012"}, []string{"Publish"}); sns.RemovePermission(topic, "partners")
func (c *Connection) RemovePermission(topic, label string) (Response, error) {
	out, err := c.Client.RemovePermission(c.ctx(), &sdk.RemovePermissionInput{TopicArn: aws.String(topic), Label: aws.String(label)})
	if err != nil {
		return nil, fmt.Errorf("remove permission %q of topic %s: %w", label, topic, err)
	}
	return response("RemovePermission", out.ResultMetadata, nil), nil
}

// SubscribeSQSQueue has a topic's messages sent to a queue, and lets the topic
// send them there by the queue's policy, whose other statements stay: Subscribe
// (boto: subscribe_sqs_queue). It also reads and sets the queue's attributes.
//
// Example: sns.SubscribeSQSQueue(topic, queue)
func (c *Connection) SubscribeSQSQueue(topic string, queue *sqs.Queue) (Response, error) {
	r, err := c.Subscribe(topic, "sqs", queue.ARN)
	if err != nil {
		return nil, err
	}
	attributes, err := queue.GetAttributes()
	if err != nil {
		return nil, err
	}
	policy := map[string]any{"Version": "2008-10-17"}
	if text := attributes["Policy"]; text != "" {
		if err := json.Unmarshal([]byte(text), &policy); err != nil {
			return nil, fmt.Errorf("policy of queue %q: %w", queue.Name, err)
		}
	}
	// One statement a topic, as boto names it.
	id := fmt.Sprintf("%x", md5.Sum([]byte(topic+queue.ARN)))
	statements, _ := policy["Statement"].([]any)
	for _, s := range statements {
		if one, ok := s.(map[string]any); ok && one["Sid"] == id {
			return r, nil
		}
	}
	policy["Statement"] = append(statements, map[string]any{
		"Sid": id, "Effect": "Allow", "Principal": map[string]string{"AWS": "*"}, "Action": "SQS:SendMessage", "Resource": queue.ARN,
		"Condition": map[string]any{"StringLike": map[string]string{"aws:SourceArn": topic}},
	})
	text, err := json.Marshal(policy)
	if err != nil {
		return nil, fmt.Errorf("policy of queue %q: %w", queue.Name, err)
	}
	if _, err := queue.SetAttribute("Policy", string(text)); err != nil {
		return nil, err
	}
	return r, nil
}
