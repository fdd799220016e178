package cloudwatch

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"pawsh/sandbox/core"
)

// AWS's bounds on metric data.
const (
	maxData       = 1000
	maxDimensions = 30
	maxValues     = 150
	maxPoints     = 1440
	listPage      = 500
	oldest        = 14 * 24 * time.Hour
	newest        = 2 * time.Hour
)

func putMetricData(q *call, in *cloudwatch.PutMetricDataInput) (*cloudwatch.PutMetricDataOutput, error) {
	namespace := aws.ToString(in.Namespace)
	switch {
	case namespace == "":
		return nil, missing("Namespace")
	case strings.HasPrefix(namespace, "AWS/"):
		return nil, badValue("The value AWS/ for parameter Namespace is invalid.")
	case strings.HasPrefix(namespace, ":") || len(namespace) > 255:
		return nil, badValue("The value %s for parameter Namespace is invalid.", namespace)
	case len(in.EntityMetricData) > 0:
		return nil, fail("NotImplemented", "PutMetricData with entities is not implemented")
	case len(in.MetricData) == 0:
		return nil, missing("MetricData")
	case len(in.MetricData) > maxData:
		return nil, badValue("The collection MetricData must not have a size greater than %d.", maxData)
	}
	samples := make([]Sample, len(in.MetricData))
	for i := range in.MetricData {
		s, err := q.sample(&in.MetricData[i], i+1)
		if err != nil {
			return nil, err
		}
		samples[i] = s
	}
	for i, d := range in.MetricData {
		k := metricKey(namespace, *d.MetricName, d.Dimensions)
		s := q.series[k]
		if s == nil {
			s = &series{namespace: namespace, name: *d.MetricName, dimensions: d.Dimensions}
			q.series[k] = s
		}
		s.add(samples[i], q.now)
	}
	q.c.judgeAll(q.region, q.now) // an alarm that looks at it need not wait for the minute
	return nil, nil
}

// sample checks one datum and makes it ours.
func (q *call) sample(d *types.MetricDatum, n int) (Sample, error) {
	where := "MetricData.member." + strconv.Itoa(n)
	if aws.ToString(d.MetricName) == "" {
		return Sample{}, missing(where + ".MetricName")
	}
	if err := checkDimensions(d.Dimensions, where); err != nil {
		return Sample{}, err
	}
	if d.Unit != "" && !slices.Contains(d.Unit.Values(), d.Unit) {
		return Sample{}, badValue("The parameter %s.Unit must be a value in the set [ %v ].", where, d.Unit.Values())
	}
	s := Sample{At: q.now, Unit: d.Unit}
	if s.Unit == "" {
		s.Unit = types.StandardUnitNone
	}
	if d.Timestamp != nil {
		s.At = d.Timestamp.UTC()
		if q.now.Sub(s.At) > oldest || s.At.Sub(q.now) > newest {
			return Sample{}, badValue("The parameter %s.Timestamp must specify a time within the past two weeks or the next two hours.", where)
		}
	}
	forms := 0
	for _, there := range []bool{d.Value != nil, len(d.Values) > 0, d.StatisticValues != nil} {
		if there {
			forms++
		}
	}
	switch {
	case forms == 0:
		return Sample{}, missing(where + ".Value")
	case forms > 1:
		return Sample{}, fail("InvalidParameterCombination", "The parameters %s.Value, %s.Values and %s.StatisticValues are mutually exclusive and you have specified more than one.", where, where, where)
	case d.StatisticValues != nil:
		v := d.StatisticValues
		for name, f := range map[string]*float64{"SampleCount": v.SampleCount, "Sum": v.Sum, "Minimum": v.Minimum, "Maximum": v.Maximum} {
			if f == nil {
				return Sample{}, missing(where + ".StatisticValues." + name)
			}
			if !finite(*f) {
				return Sample{}, badValue("The value %v for parameter %s.StatisticValues.%s is invalid.", *f, where, name)
			}
		}
		if *v.SampleCount <= 0 || *v.Minimum > *v.Maximum {
			return Sample{}, badValue("The parameters %s.StatisticValues.Maximum must be greater than or equal to Minimum, and SampleCount must be greater than 0.", where)
		}
		s.Count, s.Sum, s.Min, s.Max = *v.SampleCount, *v.Sum, *v.Minimum, *v.Maximum
		return s, nil
	case d.Value != nil:
		return s.with([]float64{*d.Value}, nil, where)
	}
	return s.with(d.Values, d.Counts, where)
}

func finite(f float64) bool { return !math.IsNaN(f) && !math.IsInf(f, 0) }

// with fills a sample with single values.
func (s Sample) with(values, counts []float64, where string) (Sample, error) {
	if len(values) > maxValues {
		return s, badValue("The collection %s.Values must not have a size greater than %d.", where, maxValues)
	}
	if len(counts) > 0 && len(counts) != len(values) {
		return s, badValue("The parameters %s.Values and %s.Counts must be of the same size.", where, where)
	}
	for i, v := range values {
		n := 1.0
		if len(counts) > 0 {
			n = counts[i]
		}
		if !finite(v) || !finite(n) || n <= 0 {
			return s, badValue("The value %v for parameter %s.Value is invalid.", v, where)
		}
		if i == 0 {
			s.Min, s.Max = v, v
		}
		s.Min, s.Max = math.Min(s.Min, v), math.Max(s.Max, v)
		s.Count += n
		s.Sum += v * n
		s.Values = append(s.Values, Weighted{v, n})
	}
	return s, nil
}

func checkDimensions(dims []types.Dimension, where string) error {
	if len(dims) > maxDimensions {
		return badValue("The collection %s.Dimensions must not have a size greater than %d.", where, maxDimensions)
	}
	seen := map[string]bool{}
	for i, d := range dims {
		name := aws.ToString(d.Name)
		if name == "" || aws.ToString(d.Value) == "" {
			return badValue("The parameter %s.Dimensions.member.%d must have a Name and a Value.", where, i+1)
		}
		if seen[name] {
			return badValue("The dimension %s is given more than once.", name)
		}
		seen[name] = true
	}
	return nil
}

// listMetrics lists what has been measured of late, in a stable order.
func listMetrics(q *call, in *cloudwatch.ListMetricsInput) (*cloudwatch.ListMetricsOutput, error) {
	var all []types.Metric
	for _, s := range q.c.sources {
		all = append(all, s.Metrics(q.name)...)
	}
	for _, s := range q.series {
		if q.now.Sub(s.last) < listed {
			all = append(all, s.metric())
		}
	}
	var list []types.Metric
	for _, m := range all {
		if in.Namespace != nil && *in.Namespace != *m.Namespace || in.MetricName != nil && *in.MetricName != *m.MetricName || !hasDimensions(m.Dimensions, in.Dimensions) {
			continue
		}
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b types.Metric) int {
		return strings.Compare(metricKey(*a.Namespace, *a.MetricName, a.Dimensions), metricKey(*b.Namespace, *b.MetricName, b.Dimensions))
	})
	page, next, ok := core.Page(list, aws.ToString(in.NextToken), listPage)
	if !ok {
		return nil, fail("InvalidNextToken", "Invalid nextToken")
	}
	out := &cloudwatch.ListMetricsOutput{Metrics: page}
	if out.Metrics == nil {
		out.Metrics = []types.Metric{}
	}
	if next != "" {
		out.NextToken = &next
	}
	return out, nil
}

// hasDimensions reports whether have has all of want; a filter without a
// value takes any.
func hasDimensions(have []types.Dimension, want []types.DimensionFilter) bool {
	for _, w := range want {
		if !slices.ContainsFunc(have, func(d types.Dimension) bool {
			return *d.Name == aws.ToString(w.Name) && (w.Value == nil || *w.Value == *d.Value)
		}) {
			return false
		}
	}
	return true
}
