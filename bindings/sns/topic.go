package sns

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	sdk "github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/smithy-go/middleware"
)

// Response is an answer in the nested form that boto gives SNS's:
// r["CreateTopicResponse"]["CreateTopicResult"]["TopicArn"].
type Response map[string]map[string]map[string]string

// response builds the answer to an operation.
func response(operation string, meta middleware.Metadata, result map[string]string) Response {
	id, _ := awsmiddleware.GetRequestIDMetadata(meta)
	r := map[string]map[string]string{"ResponseMetadata": {"RequestId": id}}
	if result != nil {
		r[operation+"Result"] = result
	}
	return Response{operation + "Response": r}
}

// find looks for a name in whatever result there is.
func (r Response) find(name string) string {
	for _, outer := range r {
		for _, inner := range outer {
			if v, ok := inner[name]; ok {
				return v
			}
		}
	}
	return ""
}

// TopicARN is the ARN of the topic that was made.
//
// Example: sns.CreateTopic("news").TopicARN()
func (r Response) TopicARN() string { return r.find("TopicArn") }

// SubscriptionARN is the ARN of the subscription, "pending confirmation" until
// its owner agrees.
//
// Example: sns.Subscribe(topic, "email", "paws@example.com").SubscriptionARN()
func (r Response) SubscriptionARN() string { return r.find("SubscriptionArn") }

// MessageID is the id of the message that was published.
//
// Example: sns.Publish(topic, "hello").MessageID()
func (r Response) MessageID() string { return r.find("MessageId") }

// CreateTopic makes a topic, or finds the one of that name: CreateTopic
// (boto: create_topic). Response.TopicARN tells its ARN. Code
// InvalidParameter.
//
// Example: topic := sns.CreateTopic("news").TopicARN()
func (c *Connection) CreateTopic(topic string) (Response, error) {
	out, err := c.Client.CreateTopic(c.ctx(), &sdk.CreateTopicInput{Name: aws.String(topic)})
	if err != nil {
		return nil, fmt.Errorf("create topic %q: %w", topic, err)
	}
	return response("CreateTopic", out.ResultMetadata, map[string]string{"TopicArn": aws.ToString(out.TopicArn)}), nil
}

// DeleteTopic removes a topic and its subscriptions: DeleteTopic
// (boto: delete_topic).
//
// Example: sns.DeleteTopic(topic)
func (c *Connection) DeleteTopic(topic string) (Response, error) {
	out, err := c.Client.DeleteTopic(c.ctx(), &sdk.DeleteTopicInput{TopicArn: aws.String(topic)})
	if err != nil {
		return nil, fmt.Errorf("delete topic %s: %w", topic, err)
	}
	return response("DeleteTopic", out.ResultMetadata, nil), nil
}

// Topic is a topic by its ARN.
type Topic struct {
	ARN        string
	Connection *Connection
	Raw        types.Topic
}

// String prints the topic by its ARN.
func (t *Topic) String() string { return "Topic:" + t.ARN }

// GetAllTopics lists the topics: ListTopics, all pages
// (boto: get_all_topics).
//
// Example: sns.GetAllTopics()
func (c *Connection) GetAllTopics() ([]*Topic, error) {
	list := []*Topic{}
	for p := sdk.NewListTopicsPaginator(c.Client, &sdk.ListTopicsInput{}); p.HasMorePages(); {
		page, err := p.NextPage(c.ctx())
		if err != nil {
			return nil, fmt.Errorf("get all topics: %w", err)
		}
		for _, t := range page.Topics {
			list = append(list, &Topic{ARN: aws.ToString(t.TopicArn), Connection: c, Raw: t})
		}
	}
	return list, nil
}

// GetTopicAttributes gives what a topic is set to: GetTopicAttributes
// (boto: get_topic_attributes). Code NotFound.
//
// Example: sns.GetTopicAttributes(topic)["Owner"]
func (c *Connection) GetTopicAttributes(topic string) (map[string]string, error) {
	out, err := c.Client.GetTopicAttributes(c.ctx(), &sdk.GetTopicAttributesInput{TopicArn: aws.String(topic)})
	if err != nil {
		return nil, fmt.Errorf("get attributes of topic %s: %w", topic, err)
	}
	return out.Attributes, nil
}

// SetTopicAttributes sets one: SetTopicAttributes
// (boto: set_topic_attributes). Code NotFound.
//
// Example: sns.SetTopicAttributes(topic, "DisplayName", "Paws")
func (c *Connection) SetTopicAttributes(topic, attrName, attrValue string) (Response, error) {
	out, err := c.Client.SetTopicAttributes(c.ctx(), &sdk.SetTopicAttributesInput{
		TopicArn: aws.String(topic), AttributeName: aws.String(attrName), AttributeValue: aws.String(attrValue),
	})
	if err != nil {
		return nil, fmt.Errorf("set attribute %s of topic %s: %w", attrName, topic, err)
	}
	return response("SetTopicAttributes", out.ResultMetadata, nil), nil
}

// Publish sends a message to a topic's subscribers: Publish (boto: publish).
// subject may be left out. Code NotFound.
//
// Example: sns.Publish(topic, "The disk is full.", "Disk")
func (c *Connection) Publish(topic, message string, subject ...string) (Response, error) {
	in := &sdk.PublishInput{TopicArn: aws.String(topic), Message: aws.String(message)}
	if len(subject) > 0 {
		in.Subject = aws.String(subject[0])
	}
	out, err := c.Client.Publish(c.ctx(), in)
	if err != nil {
		return nil, fmt.Errorf("publish to %s: %w", topic, err)
	}
	return response("Publish", out.ResultMetadata, map[string]string{"MessageId": aws.ToString(out.MessageId)}), nil
}
