package cloudwatch

import (
	"math"
	"slices"
	"sort"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

// series is one metric and its samples, in the order of their times.
type series struct {
	namespace, name string
	dimensions      []types.Dimension
	samples         []Sample
	last            time.Time // when it was last written to
}

// retention is how long samples are kept, listed how long a metric that gets
// no more is still listed.
const (
	retention = 455 * 24 * time.Hour
	listed    = 14 * 24 * time.Hour
)

// add puts a sample in its place: at the end, mostly.
func (s *series) add(x Sample, now time.Time) {
	i := len(s.samples)
	if i > 0 && x.At.Before(s.samples[i-1].At) {
		i = sort.Search(len(s.samples), func(i int) bool { return s.samples[i].At.After(x.At) })
	}
	s.samples = slices.Insert(s.samples, i, x)
	s.last = now
	if old := sort.Search(len(s.samples), func(i int) bool { return now.Sub(s.samples[i].At) < retention }); old > len(s.samples)/2 {
		s.samples = slices.Clone(s.samples[old:])
	}
}

func (s *series) between(from, to time.Time) []Sample {
	i := sort.Search(len(s.samples), func(i int) bool { return !s.samples[i].At.Before(from) })
	j := sort.Search(len(s.samples), func(i int) bool { return !s.samples[i].At.Before(to) })
	return s.samples[i:max(i, j)]
}

// samples gives the measurements of a metric, of its source where it has one.
func (c *Cloud) samples(r *region, namespace, name string, dimensions []types.Dimension, from, to time.Time) []Sample {
	for _, s := range c.sources {
		if s.Namespace() == namespace {
			return s.Samples(r.name, name, dimensions, from, to)
		}
	}
	if s := r.series[metricKey(namespace, name, dimensions)]; s != nil {
		return s.between(from, to)
	}
	return nil
}

// bucket is what was measured in one period, in one unit.
type bucket struct {
	at                   time.Time
	unit                 types.StandardUnit
	count, sum, min, max float64
	values               []Weighted
	whole                bool // all values are known
}

// add takes a sample in.
func (b *bucket) add(x Sample) {
	if b.count == 0 {
		b.min, b.max, b.whole = x.Min, x.Max, true
	}
	b.count += x.Count
	b.sum += x.Sum
	b.min, b.max = math.Min(b.min, x.Min), math.Max(b.max, x.Max)
	b.values = append(b.values, x.Values...)
	b.whole = b.whole && len(x.Values) > 0
}

// gather puts samples into periods that begin at multiples of period.
func gather(samples []Sample, period time.Duration, unit types.StandardUnit) []*bucket {
	type key struct {
		at   int64
		unit types.StandardUnit
	}
	at := map[key]*bucket{}
	var out []*bucket
	for _, x := range samples {
		if unit != "" && x.Unit != unit {
			continue
		}
		t := floor(x.At, period)
		k := key{t.Unix(), x.Unit}
		b := at[k]
		if b == nil {
			b = &bucket{at: t, unit: x.Unit}
			at[k] = b
			out = append(out, b)
		}
		b.add(x)
	}
	return out
}

// floor is the last multiple of period, counted from 1970, up to t.
func floor(t time.Time, period time.Duration) time.Time {
	n := int64(period / time.Second)
	s := t.Unix()
	m := s % n
	if m < 0 {
		m += n
	}
	return time.Unix(s-m, 0).UTC()
}

// statistic gives one statistic of the bucket.
func (b *bucket) statistic(s types.Statistic) float64 {
	switch s {
	case types.StatisticAverage:
		return b.sum / b.count
	case types.StatisticMinimum:
		return b.min
	case types.StatisticMaximum:
		return b.max
	case types.StatisticSampleCount:
		return b.count
	}
	return b.sum
}

// percentile gives the value that p per cent of the values are at or below,
// false where the values are not known.
func (b *bucket) percentile(p float64) (float64, bool) {
	if !b.whole {
		if b.min == b.max { // all are the same
			return b.min, true
		}
		return 0, false
	}
	values := slices.Clone(b.values)
	slices.SortFunc(values, func(x, y Weighted) int {
		switch {
		case x.Value < y.Value:
			return -1
		case x.Value > y.Value:
			return 1
		}
		return 0
	})
	need, seen := p/100*b.count, 0.0
	for _, v := range values {
		if seen += v.Count; seen >= need {
			return v.Value, true
		}
	}
	return b.max, true
}

func (s *series) metric() types.Metric {
	return types.Metric{Namespace: aws.String(s.namespace), MetricName: aws.String(s.name), Dimensions: s.dimensions}
}
