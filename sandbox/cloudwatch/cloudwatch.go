// Package cloudwatch emulates CloudWatch: metrics, their statistics, and
// alarms on them, each region apart.
//
// Nothing runs by itself. Alarms are evaluated when somebody looks: for every
// minute that the injected clock has passed since, so that an alarm that
// would have fired meanwhile has, and has told whom it tells. The package
// speaks no protocol.
package cloudwatch

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"pawsh/sandbox/core"
	"pawsh/sandbox/store"
	"pawsh/sandbox/wire"
)

// Sample is one measurement, or several of the same time taken together.
type Sample struct {
	At                   time.Time
	Unit                 types.StandardUnit
	Count, Sum, Min, Max float64
	// Values are the single values with how often each was measured, where
	// they are known: percentiles need them.
	Values []Weighted
}

// Weighted is a value and how often it was measured.
type Weighted struct{ Value, Count float64 }

// Source is a service that measures itself, such as EC2. Its methods are
// called under the lock of a Cloud and must not call back.
type Source interface {
	// Namespace is the metrics' namespace, such as AWS/EC2.
	Namespace() string
	// Metrics lists the metrics of a region: name and dimensions.
	Metrics(region string) []types.Metric
	// Samples gives the measurements of one metric from one time to another,
	// the latter excluded, in their order.
	Samples(region, name string, dimensions []types.Dimension, from, to time.Time) []Sample
}

// Notifier is told of alarms that change: SNS.
type Notifier interface {
	// Notify publishes to a topic.
	Notify(topicARN, subject, message string) error
}

// Cloud is the CloudWatch of one account in all regions. It is safe for
// concurrent use.
type Cloud struct {
	env     *core.Env `store:"-"`
	notify  Notifier  `store:"-"`
	sources []Source  `store:"-"`

	mu      store.Mutex // guards all below
	regions map[string]*region
}

// region is the state of one region.
type region struct {
	name   string
	series map[string]*series
	alarms map[string]*alarm
}

// New returns a cloud without data of its own, whose alarms tell notify.
func New(env *core.Env, notify Notifier, sources ...Source) *Cloud {
	return &Cloud{env: env, notify: notify, sources: sources, regions: map[string]*region{}}
}

// Register makes c answer the operations of s that are built.
func (c *Cloud) Register(s *wire.Service) {
	handle(s, c, "PutMetricData", putMetricData)
	handle(s, c, "ListMetrics", listMetrics)
	handle(s, c, "GetMetricStatistics", getMetricStatistics)
	handle(s, c, "GetMetricData", getMetricData)
	handle(s, c, "PutMetricAlarm", putMetricAlarm)
	handle(s, c, "DescribeAlarms", describeAlarms)
	handle(s, c, "DescribeAlarmsForMetric", describeAlarmsForMetric)
	handle(s, c, "DescribeAlarmHistory", describeAlarmHistory)
	handle(s, c, "DeleteAlarms", deleteAlarms)
	handle(s, c, "SetAlarmState", setAlarmState)
	handle(s, c, "EnableAlarmActions", enableAlarmActions)
	handle(s, c, "DisableAlarmActions", disableAlarmActions)
}

// Settle evaluates the alarms of all regions up to now. Services that alarms
// act upon call it before they look at themselves (Watch does).
func (c *Cloud) Settle() {
	now := c.env.Now()
	c.mu.RLock()
	due := false
	for _, r := range c.regions {
		for _, a := range r.alarms {
			due = due || !floor(a.judged, minute).Add(minute).After(now)
		}
	}
	c.mu.RUnlock()
	if !due {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, r := range c.regions {
		c.settle(r, now)
	}
}

// Watch surrounds the calls of a service that alarms act upon.
func (c *Cloud) Watch(ctx context.Context, _ string, _ any, next wire.Next) (any, error) {
	c.Settle()
	return next(ctx)
}

// call is one request at work on its region, under the lock.
type call struct {
	c *Cloud
	*region
	now time.Time
}

func (c *Cloud) enter(ctx context.Context) *call {
	name := wire.CallerFrom(ctx).Region
	if name == "" {
		name = core.DefaultRegion
	}
	r := c.regions[name]
	if r == nil {
		r = &region{name: name, series: map[string]*series{}, alarms: map[string]*alarm{}}
		c.regions[name] = r
	}
	q := &call{c: c, region: r, now: c.env.Now()}
	c.settle(r, q.now)
	return q
}

func handle[I, O any](s *wire.Service, c *Cloud, op string, h func(*call, *I) (*O, error)) {
	wire.Handle(s, op, func(ctx context.Context, in *I) (*O, error) {
		c.mu.Lock()
		defer c.mu.Unlock()
		return h(c.enter(ctx), in)
	})
}

func fail(code, format string, a ...any) error {
	return wire.Errorf(code, http.StatusBadRequest, format, a...)
}

func missing(parameter string) error {
	return fail("MissingParameter", "The parameter %s is required.", parameter)
}

func badValue(format string, a ...any) error { return fail("InvalidParameterValue", format, a...) }

// metricKey names a metric in a map: its dimensions in their order by name.
func metricKey(namespace, name string, dimensions []types.Dimension) string {
	parts := []string{namespace, name}
	var dims []string
	for _, d := range dimensions {
		dims = append(dims, aws.ToString(d.Name)+"\x01"+aws.ToString(d.Value))
	}
	slices.Sort(dims)
	return strings.Join(append(parts, dims...), "\x00")
}
