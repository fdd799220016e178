package sqs

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// MessageClass is how messages are put on the wire.
type MessageClass int

// The classes that boto has (boto: Message, RawMessage).
const (
	EncodedMessage MessageClass = iota // base64, boto's default
	RawMessage                         // as they are
)

// SetMessageClass chooses how messages are put on the wire and read
// (boto: set_message_class).
//
// Example: queue.SetMessageClass(RawMessage)
func (q *Queue) SetMessageClass(messageClass MessageClass) { q.raw = messageClass == RawMessage }

// Dump reads all messages into a file, a separator after each, a line break
// unless sep is given, and removes each once it is written: ReceiveMessage,
// DeleteMessage (boto: dump). It gives how many there were. Messages that are
// hidden, because somebody has just read them, stay.
//
// Example: queue.Dump("orders.txt")
func (q *Queue) Dump(fileName string, sep ...string) (n int, err error) {
	f, err := os.OpenFile(fileName, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
	if err != nil {
		return 0, fmt.Errorf("dump queue %q: %w", q.Name, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	end := "\n"
	if len(sep) > 0 {
		end = sep[0]
	}
	for {
		list, err := q.GetMessages(NumMessages(10))
		if err != nil || len(list) == 0 {
			return n, err
		}
		for _, m := range list {
			if _, err := io.WriteString(f, m.Body+end); err != nil {
				return n, fmt.Errorf("dump queue %q: %w", q.Name, err)
			}
			if _, err := q.DeleteMessage(m); err != nil {
				return n, err
			}
			n++
		}
	}
}

// Clear removes all messages one by one, so that none that is hidden is lost,
// and gives how many there were: ReceiveMessage, DeleteMessage (boto: clear).
//
// Example: queue.Clear()
func (q *Queue) Clear() (n int, err error) {
	for {
		list, err := q.GetMessages(NumMessages(10))
		if err != nil || len(list) == 0 {
			return n, err
		}
		for _, m := range list {
			if _, err := q.DeleteMessage(m); err != nil {
				return n, err
			}
			n++
		}
	}
}
