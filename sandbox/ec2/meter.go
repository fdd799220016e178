package ec2

import (
	"hash/fnv"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"pawsh/sandbox/cloudwatch"
)

// Meter is what EC2 measures of its machines, for CloudWatch: every five
// minutes, or every minute with detailed monitoring. The emulated machines
// have nothing to do but to boot, and that is what their figures show: the
// first minute is busy, the rest all but idle. The same question always gets
// the same answer.
type Meter struct{ c *Cloud }

// Meter returns c's measurements as a source of CloudWatch.
func (c *Cloud) Meter() Meter { return Meter{c} }

var _ cloudwatch.Source = Meter{}

// span is a time in which a machine was switched on; off is zero while it is.
type span struct{ on, off time.Time }

// gauge is one metric of a machine: its unit, and its value in a period that
// begins at a time, where busy says whether the machine booted in it.
type gauge struct {
	name  string
	unit  cwtypes.StandardUnit
	value func(noise float64, period time.Duration, busy bool) float64
}

var gauges = []gauge{
	{"CPUUtilization", cwtypes.StandardUnitPercent, func(n float64, _ time.Duration, busy bool) float64 {
		if busy {
			return 35 + 30*n
		}
		return 0.1 + 1.4*n
	}},
	{"NetworkIn", cwtypes.StandardUnitBytes, traffic(240, 2<<20)},
	{"NetworkOut", cwtypes.StandardUnitBytes, traffic(180, 64<<10)},
	{"StatusCheckFailed", cwtypes.StandardUnitCount, healthy},
	{"StatusCheckFailed_Instance", cwtypes.StandardUnitCount, healthy},
	{"StatusCheckFailed_System", cwtypes.StandardUnitCount, healthy},
}

// traffic is idle chatter of so many bytes a second, and what a boot fetches.
func traffic(perSecond, boot float64) func(float64, time.Duration, bool) float64 {
	return func(n float64, period time.Duration, busy bool) float64 {
		v := perSecond * period.Seconds() * (0.5 + n)
		if busy {
			v += boot * (0.5 + n)
		}
		return float64(int64(v))
	}
}

func healthy(float64, time.Duration, bool) float64 { return 0 }

// Namespace is that of EC2's metrics.
func (Meter) Namespace() string { return "AWS/EC2" }

// unlisted says after what time without data a metric is no longer listed.
const unlisted = 14 * 24 * time.Hour

// Metrics lists the metrics of the machines that have been on of late.
func (m Meter) Metrics(region string) []cwtypes.Metric {
	m.c.mu.Lock()
	defer m.c.mu.Unlock()
	r := m.c.regions[region]
	if r == nil {
		return nil
	}
	now := m.c.env.Now()
	var out []cwtypes.Metric
	for _, x := range r.instances {
		last := x.spans[len(x.spans)-1]
		if !last.off.IsZero() && now.Sub(last.off) > unlisted || now.Before(last.on.Add(bootTime)) && len(x.spans) == 1 {
			continue
		}
		for _, g := range gauges {
			out = append(out, cwtypes.Metric{Namespace: aws.String(m.Namespace()), MetricName: aws.String(g.name),
				Dimensions: []cwtypes.Dimension{{Name: aws.String("InstanceId"), Value: aws.String(x.id)}}})
		}
	}
	return out
}

// Samples gives the measurements of one metric of one machine.
func (m Meter) Samples(region, name string, dimensions []cwtypes.Dimension, from, to time.Time) []cloudwatch.Sample {
	m.c.mu.Lock()
	defer m.c.mu.Unlock()
	r := m.c.regions[region]
	if r == nil || len(dimensions) != 1 || aws.ToString(dimensions[0].Name) != "InstanceId" {
		return nil
	}
	x := r.byID[aws.ToString(dimensions[0].Value)]
	if x == nil {
		return nil
	}
	for _, g := range gauges {
		if g.name == name {
			return x.measure(g, from, to, m.c.env.Now())
		}
	}
	return nil
}

// measure gives the samples of a gauge: one for every period in which the
// machine was up, at the period's beginning.
func (x *instance) measure(g gauge, from, to, now time.Time) []cloudwatch.Sample {
	if to.After(now) {
		to = now.Add(1)
	}
	var out []cloudwatch.Sample
	var last time.Time
	for _, s := range x.spans {
		up, down := s.on.Add(bootTime), s.off
		if down.IsZero() || down.After(to) {
			down = to
		}
		at := up
		if from.After(at) {
			at = from
		}
		for ; at.Before(down); at = at.Truncate(time.Minute).Add(time.Minute) {
			period := x.resolution(at)
			begin := at.Truncate(period)
			if begin.Before(from) || !begin.After(last) {
				continue
			}
			booting := !up.Before(begin) && up.Before(begin.Add(period))
			v := g.value(noise(x.id, g.name, begin), period, booting)
			out = append(out, cloudwatch.Sample{At: begin, Unit: g.unit, Count: 1, Sum: v, Min: v, Max: v, Values: []cloudwatch.Weighted{{Value: v, Count: 1}}})
			last = begin
		}
	}
	return out
}

// resolution is how often the machine was measured at a time.
func (x *instance) resolution(at time.Time) time.Duration {
	detailed := x.monitored
	if at.Before(x.monitorSince) {
		detailed = !detailed
	}
	if detailed {
		return time.Minute
	}
	return 5 * time.Minute
}

// noise is a number from 0 to 1 that is always the same.
func noise(id, name string, at time.Time) float64 {
	h := fnv.New64a()
	h.Write([]byte(id + name + strconv.FormatInt(at.Unix(), 10)))
	v := h.Sum64()
	v ^= v >> 33 // the last bytes of the input move the low bits most
	v *= 0xff51afd7ed558ccd
	return float64(v>>11) / (1 << 53)
}
