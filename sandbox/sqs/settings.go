package sqs

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// settings are the attributes of a queue that its owner sets.
type settings struct {
	visibility, retention, delay, wait time.Duration
	maxSize                            int
	policy, redriveText, redriveAllow  string
	kmsKey                             string
	kmsReuse                           int
	sse                                bool
	redrive                            redrive
}

// redrive is where a message goes that was received too often.
type redrive struct {
	Target     string      `json:"deadLetterTargetArn"`
	MaxReceive json.Number `json:"maxReceiveCount"`
	max        int
}

func defaults() settings {
	return settings{visibility: 30 * time.Second, retention: 345600 * time.Second, maxSize: 1 << 20, kmsReuse: 300, sse: true}
}

// text gives a settable attribute as it is told.
func (s *settings) text(name string) string {
	seconds := func(d time.Duration) string { return strconv.Itoa(int(d / time.Second)) }
	switch types.QueueAttributeName(name) {
	case types.QueueAttributeNameVisibilityTimeout:
		return seconds(s.visibility)
	case types.QueueAttributeNameMessageRetentionPeriod:
		return seconds(s.retention)
	case types.QueueAttributeNameDelaySeconds:
		return seconds(s.delay)
	case types.QueueAttributeNameReceiveMessageWaitTimeSeconds:
		return seconds(s.wait)
	case types.QueueAttributeNameMaximumMessageSize:
		return strconv.Itoa(s.maxSize)
	case types.QueueAttributeNamePolicy:
		return s.policy
	case types.QueueAttributeNameRedrivePolicy:
		return s.redriveText
	case types.QueueAttributeNameRedriveAllowPolicy:
		return s.redriveAllow
	case types.QueueAttributeNameKmsMasterKeyId:
		return s.kmsKey
	case types.QueueAttributeNameKmsDataKeyReusePeriodSeconds:
		if s.kmsKey == "" {
			return ""
		}
		return strconv.Itoa(s.kmsReuse)
	case types.QueueAttributeNameSqsManagedSseEnabled:
		return strconv.FormatBool(s.sse)
	}
	return ""
}

// parseSettings changes s by the attributes of a request.
func (c *Cloud) parseSettings(s settings, attributes map[string]string, region string) (settings, error) {
	bad := func(name string) error {
		return fail("InvalidAttributeValue", "Invalid value for the parameter %s.", name)
	}
	number := func(name, text string, low, high int) (int, error) {
		n, err := strconv.Atoi(text)
		if err != nil || n < low || n > high {
			return 0, bad(name)
		}
		return n, nil
	}
	for name, text := range attributes {
		var err error
		var n int
		seconds := func(d *time.Duration, low, high int) {
			if n, err = number(name, text, low, high); err == nil {
				*d = time.Duration(n) * time.Second
			}
		}
		switch types.QueueAttributeName(name) {
		case types.QueueAttributeNameVisibilityTimeout:
			seconds(&s.visibility, 0, 43200)
		case types.QueueAttributeNameMessageRetentionPeriod:
			seconds(&s.retention, 60, 1209600)
		case types.QueueAttributeNameDelaySeconds:
			seconds(&s.delay, 0, maxDelay)
		case types.QueueAttributeNameReceiveMessageWaitTimeSeconds:
			seconds(&s.wait, 0, maxWait)
		case types.QueueAttributeNameMaximumMessageSize:
			s.maxSize, err = number(name, text, 1024, 1<<20)
		case types.QueueAttributeNameKmsDataKeyReusePeriodSeconds:
			s.kmsReuse, err = number(name, text, 60, 86400)
		case types.QueueAttributeNamePolicy, types.QueueAttributeNameRedriveAllowPolicy:
			if text != "" && !json.Valid([]byte(text)) {
				return s, bad(name)
			}
			if name == "Policy" {
				s.policy = text
			} else {
				s.redriveAllow = text
			}
		case types.QueueAttributeNameRedrivePolicy:
			s.redriveText = text
			s.redrive, err = c.parseRedrive(text, region)
		case types.QueueAttributeNameKmsMasterKeyId:
			s.kmsKey = text
		case types.QueueAttributeNameSqsManagedSseEnabled:
			if s.sse, err = strconv.ParseBool(text); err != nil {
				return s, bad(name)
			}
		case types.QueueAttributeNameFifoQueue:
			if text != "false" {
				return s, bad(name)
			}
		default:
			return s, fail("InvalidAttributeName", "Unknown Attribute %s.", name)
		}
		if err != nil {
			return s, err
		}
	}
	return s, nil
}

func (c *Cloud) parseRedrive(text, region string) (redrive, error) {
	if text == "" {
		return redrive{}, nil
	}
	var r redrive
	bad := func(reason string) error { return badValue(text, "RedrivePolicy", reason) }
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		return r, bad("Redrive policy is not a valid JSON map.")
	}
	n, err := r.MaxReceive.Int64()
	if err != nil || n < 1 || n > 1000 {
		return r, bad("Invalid value for maxReceiveCount: " + r.MaxReceive.String() + ", valid values are from 1 to 1000 both inclusive.")
	}
	r.max = int(n)
	if c.byARN(r.Target) == nil || c.byARN(r.Target).region != region {
		return r, bad("Dead letter target does not exist.")
	}
	return r, nil
}

func (c *Cloud) byARN(arn string) *queue {
	for _, queues := range c.regions {
		for _, q := range queues {
			if q.arn == arn {
				return q
			}
		}
	}
	return nil
}

// attribute gives any attribute of the queue as text, "" for one without value.
func (q *queue) attribute(name types.QueueAttributeName) string {
	switch name {
	case types.QueueAttributeNameQueueArn:
		return q.arn
	case types.QueueAttributeNameCreatedTimestamp:
		return fmt.Sprint(q.created.Unix())
	case types.QueueAttributeNameLastModifiedTimestamp:
		return fmt.Sprint(q.modified.Unix())
	case types.QueueAttributeNameApproximateNumberOfMessages:
		return fmt.Sprint(q.ready.Len())
	case types.QueueAttributeNameApproximateNumberOfMessagesDelayed:
		return fmt.Sprint(q.delayed)
	case types.QueueAttributeNameApproximateNumberOfMessagesNotVisible:
		return fmt.Sprint(q.hidden.Len() - q.delayed)
	}
	return q.settings.text(string(name))
}

func (c *Cloud) getQueueAttributes(ctx context.Context, in *sqs.GetQueueAttributesInput) (*sqs.GetQueueAttributesOutput, error) {
	q, err := c.find(ctx, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	all := types.QueueAttributeName("").Values()
	names := in.AttributeNames
	for _, n := range names {
		if !slices.Contains(all, n) {
			return nil, fail("InvalidAttributeName", "Unknown Attribute %s.", n)
		}
	}
	if slices.Contains(names, types.QueueAttributeNameAll) {
		names = all
	}
	out := &sqs.GetQueueAttributesOutput{}
	for _, n := range names {
		if text := q.attribute(n); text != "" {
			if out.Attributes == nil {
				out.Attributes = map[string]string{}
			}
			out.Attributes[string(n)] = text
		}
	}
	return out, nil
}

func (c *Cloud) setQueueAttributes(ctx context.Context, in *sqs.SetQueueAttributesInput) (*sqs.SetQueueAttributesOutput, error) {
	q, err := c.find(ctx, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	if len(in.Attributes) == 0 {
		return nil, missing("Attribute.Name")
	}
	settings, err := c.parseSettings(q.settings, in.Attributes, q.region)
	if err != nil {
		return nil, err
	}
	q.settings, q.modified = settings, c.env.Now()
	return nil, nil
}
