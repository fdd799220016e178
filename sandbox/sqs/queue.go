package sqs

import (
	"container/heap"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"pawsh/sandbox/store"
)

// queue is one standard queue. Its messages are either ready to be received,
// in the order they came, or hidden until their time: delayed, or received by
// somebody who has not deleted them yet.
type queue struct {
	name, region, arn string
	created, modified time.Time
	purged            time.Time
	settings          settings
	tags              map[string]string

	seq     int64
	touched *store.Touched      `store:"-"` // the cloud's
	ready   messages            `store:"-"`
	hidden  messages            `store:"-"`
	handles map[string]*message `store:"-"` // by the receipt of the last receive
	delayed int                 `store:"-"` // of the hidden ones
	arrival chan struct{}       `store:"-"` // closed when a message comes or the queue goes
}

// message is one message on its way.
type message struct {
	handle     store.Handle
	queue      *queue
	id, body   string
	seq        int64
	sent       time.Time
	shows      time.Time // when a hidden message is ready again
	attributes map[string]types.MessageAttributeValue
	system     map[string]types.MessageSystemAttributeValue
	sender     string
	received   int
	first      time.Time
	receipt    string
	delayed    bool
	index      int `store:"-"` // in its heap
}

// messages is a heap of messages.
type messages struct {
	list []*message
	less func(a, b *message) bool `store:"-"`
}

func (m *messages) Len() int           { return len(m.list) }
func (m *messages) Less(i, j int) bool { return m.less(m.list[i], m.list[j]) }
func (m *messages) Swap(i, j int) {
	m.list[i], m.list[j] = m.list[j], m.list[i]
	m.list[i].index, m.list[j].index = i, j
}

// Push adds a message, for container/heap.
func (m *messages) Push(x any) {
	x.(*message).index = len(m.list)
	m.list = append(m.list, x.(*message))
}

// Pop takes the last message away, for container/heap.
func (m *messages) Pop() any {
	last := m.list[len(m.list)-1]
	m.list[len(m.list)-1] = nil
	m.list = m.list[:len(m.list)-1]
	return last
}

func (m *messages) top() *message {
	if len(m.list) == 0 {
		return nil
	}
	return m.list[0]
}

func bySeq(a, b *message) bool   { return a.seq < b.seq }
func byShows(a, b *message) bool { return a.shows.Before(b.shows) }

// Handle is the message's place on disk.
func (m *message) Handle() *store.Handle { return &m.handle }

// restored puts back a message: it is hidden until it is looked at, when it
// ever was.
func (q *queue) restored(m *message) {
	if m.receipt != "" {
		q.handles[m.receipt] = m
	}
	if m.shows.IsZero() {
		heap.Push(&q.ready, m)
		return
	}
	if m.delayed {
		q.delayed++
	}
	heap.Push(&q.hidden, m)
}

// empty forgets all messages.
func (q *queue) empty() {
	for _, list := range [][]*message{q.ready.list, q.hidden.list} {
		for _, m := range list {
			q.touched.Drop(m)
		}
	}
	q.ready = messages{less: bySeq}
	q.hidden = messages{less: byShows}
	q.handles = map[string]*message{}
	q.delayed = 0
}

// wake lets those who wait for a message look again.
func (q *queue) wake() {
	close(q.arrival)
	q.arrival = make(chan struct{})
}

// add puts a message in, hidden for delay.
func (q *queue) add(m *message, now time.Time, delay time.Duration) {
	q.seq++
	m.seq, m.queue = q.seq, q
	q.touched.Keep(m)
	if m.sent.IsZero() { // a dead letter keeps its age
		m.sent = now
	}
	if delay > 0 {
		m.shows, m.delayed = now.Add(delay), true
		q.delayed++
		heap.Push(&q.hidden, m)
	} else {
		heap.Push(&q.ready, m)
	}
	q.wake()
}

// settle does what time has brought: hidden messages are ready again, old
// ones are forgotten.
func (q *queue) settle(now time.Time) {
	for m := q.hidden.top(); m != nil && !m.shows.After(now); m = q.hidden.top() {
		heap.Pop(&q.hidden)
		if m.delayed {
			m.delayed = false
			q.delayed--
			q.touched.Keep(m)
		}
		heap.Push(&q.ready, m)
	}
	for m := q.ready.top(); m != nil && now.Sub(m.sent) >= q.settings.retention; m = q.ready.top() {
		heap.Pop(&q.ready)
		delete(q.handles, m.receipt)
		q.touched.Drop(m)
	}
}

// take receives the next ready message and hides it.
func (q *queue) take(now time.Time, hide time.Duration, receipt string) *message {
	m := heap.Pop(&q.ready).(*message)
	q.touched.Keep(m)
	delete(q.handles, m.receipt)
	m.receipt = receipt
	q.handles[receipt] = m
	if m.received++; m.received == 1 {
		m.first = now
	}
	m.shows = now.Add(hide)
	if hide > 0 {
		heap.Push(&q.hidden, m)
	} else {
		heap.Push(&q.ready, m)
	}
	return m
}

// drop takes a message away for good.
func (q *queue) drop(m *message) {
	q.touched.Drop(m)
	delete(q.handles, m.receipt)
	if m.index < len(q.hidden.list) && q.hidden.list[m.index] == m {
		heap.Remove(&q.hidden, m.index)
	} else if m.index < len(q.ready.list) && q.ready.list[m.index] == m {
		heap.Remove(&q.ready, m.index)
	}
}

// inFlight says whether the message is hidden because somebody received it.
func (q *queue) inFlight(m *message) bool {
	return !m.delayed && m.index < len(q.hidden.list) && q.hidden.list[m.index] == m
}

// hide moves the time at which a hidden message is ready again.
func (q *queue) hide(m *message, until time.Time) {
	m.shows = until
	q.touched.Keep(m)
	heap.Fix(&q.hidden, m.index)
}
