package sqs

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// batchLimit is how many messages one call takes.
const batchLimit = 10

// BatchResults tells what became of each message of a batch
// (boto: BatchResults).
type BatchResults struct {
	Results []string      // ids of the messages that went well
	Errors  []*BatchError // the others
}

// BatchError tells why one message of a batch failed.
type BatchError struct{ ID, Code, Message string }

// String prints the message's place in the batch, and why.
func (e *BatchError) String() string { return "<BatchError: " + e.ID + " " + e.Code + ">" }

// WriteBatch puts several messages into the queue, ten a request:
// SendMessageBatch (boto: write_batch). A message that fails is told in the
// result; its id there is its place in the list, from 0.
//
// Example: queue.WriteBatch("one", "two", "three")
func (q *Queue) WriteBatch(messages ...string) (*BatchResults, error) {
	all := &BatchResults{}
	for start := 0; start < len(messages); start += batchLimit {
		in := &sdk.SendMessageBatchInput{QueueUrl: aws.String(q.URL)}
		for i, body := range messages[start:min(start+batchLimit, len(messages))] {
			in.Entries = append(in.Entries, types.SendMessageBatchRequestEntry{Id: aws.String(strconv.Itoa(start + i)), MessageBody: aws.String(q.encode(body))})
		}
		out, err := q.Connection.Client.SendMessageBatch(q.Connection.ctx(), in)
		if err != nil {
			return all, fmt.Errorf("write %d messages to queue %q: %w", len(in.Entries), q.Name, err)
		}
		for _, r := range out.Successful {
			all.Results = append(all.Results, aws.ToString(r.MessageId))
		}
		all.failed(out.Failed)
	}
	return all, nil
}

func (b *BatchResults) failed(list []types.BatchResultErrorEntry) {
	for _, f := range list {
		b.Errors = append(b.Errors, &BatchError{ID: aws.ToString(f.Id), Code: aws.ToString(f.Code), Message: aws.ToString(f.Message)})
	}
}

// DeleteMessageBatch removes several messages that were read, ten a request:
// DeleteMessageBatch (boto: delete_message_batch).
//
// Example: queue.DeleteMessageBatch([]*Message{message})
func (q *Queue) DeleteMessageBatch(messages []*Message) (*BatchResults, error) {
	all := &BatchResults{}
	for start := 0; start < len(messages); start += batchLimit {
		in := &sdk.DeleteMessageBatchInput{QueueUrl: aws.String(q.URL)}
		for i, m := range messages[start:min(start+batchLimit, len(messages))] {
			in.Entries = append(in.Entries, types.DeleteMessageBatchRequestEntry{Id: aws.String(strconv.Itoa(start + i)), ReceiptHandle: aws.String(m.ReceiptHandle)})
		}
		out, err := q.Connection.Client.DeleteMessageBatch(q.Connection.ctx(), in)
		if err != nil {
			return all, fmt.Errorf("delete %d messages of queue %q: %w", len(in.Entries), q.Name, err)
		}
		for _, r := range out.Successful {
			if n, err := strconv.Atoi(aws.ToString(r.Id)); err == nil && n < len(messages) {
				all.Results = append(all.Results, messages[n].ID)
			}
		}
		all.failed(out.Failed)
	}
	return all, nil
}

// LoadFromFilename puts each part of a file into the queue as a message, parts
// being what a separator ends, a line break unless sep is given, and gives how
// many there were: SendMessageBatch (boto: load_from_filename). It reads what
// Dump writes.
//
// Example: queue.Dump("orders.txt"); queue.LoadFromFilename("orders.txt")
func (q *Queue) LoadFromFilename(fileName string, sep ...string) (n int, err error) {
	f, err := os.Open(fileName)
	if err != nil {
		return 0, fmt.Errorf("load queue %q: %w", q.Name, err)
	}
	defer f.Close()
	end := []byte("\n")
	if len(sep) > 0 && sep[0] != "" {
		end = []byte(sep[0])
	}
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 2<<20) // more than SQS takes
	sc.Split(func(data []byte, atEOF bool) (int, []byte, error) {
		if i := bytes.Index(data, end); i >= 0 {
			return i + len(end), data[:i], nil
		}
		if atEOF && len(data) > 0 {
			return len(data), data, nil
		}
		return 0, nil, nil
	})
	for sc.Scan() {
		// One a call: ten of the greatest size are more than a request takes.
		if _, err := q.Write(sc.Text()); err != nil {
			return n, err
		}
		n++
	}
	if err := sc.Err(); err != nil {
		return n, fmt.Errorf("load queue %q: %w", q.Name, err)
	}
	return n, nil
}

// AddPermission lets another account do something with the queue, such as
// "SendMessage": AddPermission (boto: add_permission).
//
// Example: queue.AddPermission("partners", "123456789012", "SendMessage")
func (q *Queue) AddPermission(label, awsAccountID, actionName string) (bool, error) {
	_, err := q.Connection.Client.AddPermission(q.Connection.ctx(), &sdk.AddPermissionInput{
		QueueUrl: aws.String(q.URL), Label: aws.String(label), AWSAccountIds: []string{awsAccountID}, Actions: []string{actionName},
	})
	if err != nil {
		return false, fmt.Errorf("add permission %q to queue %q: %w", label, q.Name, err)
	}
	return true, nil
}

// RemovePermission takes that back: RemovePermission (boto: remove_permission).
//
// Example: queue.AddPermission("partners", "123456789012", "SendMessage"); queue.RemovePermission("partners")
func (q *Queue) RemovePermission(label string) (bool, error) {
	_, err := q.Connection.Client.RemovePermission(q.Connection.ctx(), &sdk.RemovePermissionInput{QueueUrl: aws.String(q.URL), Label: aws.String(label)})
	if err != nil {
		return false, fmt.Errorf("remove permission %q of queue %q: %w", label, q.Name, err)
	}
	return true, nil
}

// GetDeadLetterSourceQueues lists the queues whose undeliverable messages go to
// this one: ListDeadLetterSourceQueues, all pages
// (boto: get_dead_letter_source_queues).
//
// Example: sqs.GetDeadLetterSourceQueues(queue)
func (c *Connection) GetDeadLetterSourceQueues(queue *Queue) ([]*Queue, error) {
	list := []*Queue{}
	for p := sdk.NewListDeadLetterSourceQueuesPaginator(c.Client, &sdk.ListDeadLetterSourceQueuesInput{QueueUrl: aws.String(queue.URL)}); p.HasMorePages(); {
		page, err := p.NextPage(c.ctx())
		if err != nil {
			return nil, fmt.Errorf("list sources of dead letter queue %q: %w", queue.Name, err)
		}
		for _, url := range page.QueueUrls {
			list = append(list, c.queue(url))
		}
	}
	return list, nil
}

// PurgeQueue removes all messages of a queue: PurgeQueue (boto: purge_queue).
//
// Example: sqs.PurgeQueue(queue)
func (c *Connection) PurgeQueue(queue *Queue) (bool, error) { return queue.Purge() }
