// want: {"id":1,"customer":"c01","items":[{"sku":"nut","qty":1,"price":0.5},{"sku":"bolt","qty":2,"price":0.25}],"placed":"2024-03-01T12:30:00Z"}
// want: [12 11 9 8 6 4 3 2 1] 6.5 0
// want: map[done:9 poison:2 syntax at 20:1]
// then: q := sqs.Client.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String("later")}).QueueUrl
// then: sqs.Client.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: q, MessageBody: aws.String(`{"id": 3}`)}).MessageId != nil
// want: true
// then: var seen []Order
// then: c := &Consumer{client: sqs.Client, queueURL: *q, workers: 1, handler: HandlerFunc(func(_ context.Context, o Order) error { seen = append(seen, o); return nil })}
// then: c.Run(ctx)
// then: seen[0].ID
// want: 3
// then: c.stats
// want: {"done": 1}
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"
	"sort"
	"strconv"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

type Order struct {
	ID       int               `json:"id"`
	Customer string            `json:"customer"`
	Items    []Item            `json:"items,omitempty"`
	Placed   time.Time         `json:"placed"`
	Labels   map[string]string `json:"labels,omitempty"`
}

type Item struct {
	SKU      string  `json:"sku"`
	Quantity int     `json:"qty"`
	Price    float64 `json:"price"`
}

func (o Order) Total() (sum float64) {
	for _, it := range o.Items {
		sum += it.Price * float64(it.Quantity)
	}
	return
}

// Handler handles one order.
type Handler interface {
	Handle(ctx context.Context, o Order) error
}

// HandlerFunc is a function as a Handler.
type HandlerFunc func(context.Context, Order) error

// Handle calls f.
func (f HandlerFunc) Handle(ctx context.Context, o Order) error { return f(ctx, o) }

var ErrPoison = errors.New("poison message")

// Consumer reads a queue with some workers until the context ends or the
// queue is empty.
type Consumer struct {
	client   *sqs.Client
	queueURL string
	handler  Handler
	workers  int

	mu    sync.Mutex
	stats map[string]int
}

func (c *Consumer) count(what string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stats == nil {
		c.stats = make(map[string]int)
	}
	c.stats[what]++
}

func (c *Consumer) Run(ctx context.Context) error {
	messages := make(chan types.Message, c.workers)
	var wg sync.WaitGroup
	for range c.workers {
		wg.Go(func() {
			for m := range messages {
				c.process(ctx, m)
			}
		})
	}
	defer wg.Wait()
	defer close(messages)
	for empty := 0; empty < 2; {
		out, err := c.client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
			QueueUrl: aws.String(c.queueURL), MaxNumberOfMessages: 10,
			MessageAttributeNames: []string{"All"},
		})
		if err != nil {
			return fmt.Errorf("receive: %w", err)
		}
		if len(out.Messages) == 0 {
			empty++
			continue
		}
		for _, m := range out.Messages {
			select {
			case messages <- m:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	return nil
}

func (c *Consumer) process(ctx context.Context, m types.Message) {
	var o Order
	err := json.Unmarshal([]byte(aws.ToString(m.Body)), &o)
	if err == nil {
		err = c.handler.Handle(ctx, o)
	}
	var syntax *json.SyntaxError
	switch {
	case err == nil:
		c.count("done")
	case errors.Is(err, ErrPoison):
		c.count("poison")
	case errors.As(err, &syntax):
		c.count("syntax at " + strconv.FormatInt(syntax.Offset, 10))
	default:
		c.count("failed")
		return
	}
	if _, err := c.client.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: &c.queueURL, ReceiptHandle: m.ReceiptHandle}); err != nil {
		log.Printf("delete %s: %v", *m.MessageId, err)
	}
}

func main() {
	ctx := context.Background()
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		log.Fatal(err)
	}
	client := sqs.NewFromConfig(cfg)
	q, err := client.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String("orders")})
	if err != nil {
		log.Fatal(err)
	}
	placed := time.Date(2024, time.February, 29, 12, 30, 0, 0, time.UTC)
	for i := 1; i <= 12; i++ {
		body, err := json.Marshal(Order{ID: i, Customer: fmt.Sprintf("c%02d", i), Placed: placed.AddDate(0, 0, i),
			Items: []Item{{"nut", i, 0.5}, {SKU: "bolt", Quantity: 2, Price: 0.25}}})
		if err != nil {
			log.Fatal(err)
		}
		if i == 7 {
			body = body[:20]
		}
		if i == 1 {
			fmt.Println(string(body))
		}
		if _, err := client.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: q.QueueUrl, MessageBody: aws.String(string(body)),
			MessageAttributes: map[string]types.MessageAttributeValue{"n": {DataType: aws.String("Number"), StringValue: aws.String(strconv.Itoa(i))}}}); err != nil {
			log.Fatal(err)
		}
	}
	var mu sync.Mutex
	totals := map[int]float64{}
	c := &Consumer{client: client, queueURL: *q.QueueUrl, workers: 4, handler: HandlerFunc(func(_ context.Context, o Order) error {
		if o.ID%5 == 0 {
			return fmt.Errorf("order %d of %s: %w", o.ID, o.Customer, ErrPoison)
		}
		mu.Lock()
		totals[o.ID] = o.Total()
		mu.Unlock()
		return nil
	})}
	if err := c.Run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	ids := make([]int, 0, len(totals))
	for id := range totals {
		ids = append(ids, id)
	}
	sort.Sort(sort.Reverse(sort.IntSlice(ids)))
	fmt.Println(ids, totals[12], totals[7])
	fmt.Println(c.stats)
}
