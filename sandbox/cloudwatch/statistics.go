package cloudwatch

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

// checkPeriod refuses periods that are none: short ones of high resolution,
// or whole minutes.
func checkPeriod(n *int32) (time.Duration, error) {
	switch {
	case n == nil:
		return 0, missing("Period")
	case *n <= 0:
		return 0, badValue("The parameter Period must be greater than 0.")
	case !slices.Contains([]int32{1, 5, 10, 20, 30}, *n) && *n%60 != 0:
		return 0, badValue("The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60.")
	}
	return time.Duration(*n) * time.Second, nil
}

var percentileForm = regexp.MustCompile(`^p([0-9]{1,2}(\.[0-9]{1,10})?|100)$`)

// parsePercentile reads p99.9.
func parsePercentile(s string) (float64, error) {
	m := percentileForm.FindStringSubmatch(s)
	if m == nil {
		return 0, badValue("The value %s for parameter ExtendedStatistics is not supported.", s)
	}
	return strconv.ParseFloat(m[1], 64)
}

func getMetricStatistics(q *call, in *cloudwatch.GetMetricStatisticsInput) (*cloudwatch.GetMetricStatisticsOutput, error) {
	for _, w := range []struct {
		name  string
		there bool
	}{{"Namespace", in.Namespace != nil}, {"MetricName", in.MetricName != nil}, {"StartTime", in.StartTime != nil}, {"EndTime", in.EndTime != nil}} {
		if !w.there {
			return nil, missing(w.name)
		}
	}
	period, err := checkPeriod(in.Period)
	if err != nil {
		return nil, err
	}
	switch {
	case !in.StartTime.Before(*in.EndTime):
		return nil, badValue("The parameter StartTime must be less than the parameter EndTime.")
	case len(in.Statistics)+len(in.ExtendedStatistics) == 0:
		return nil, missing("Statistics")
	case len(in.Statistics) > 0 && len(in.ExtendedStatistics) > 0:
		return nil, fail("InvalidParameterCombination", "The parameters Statistics and ExtendedStatistics are mutually exclusive.")
	}
	if n := int64((in.EndTime.Sub(*in.StartTime) + period - 1) / period); n > maxPoints {
		return nil, fail("InvalidParameterCombination", "You have requested up to %s datapoints, which exceeds the limit of 1,440. You may reduce the datapoints requested by increasing Period, or decreasing the time range.", thousands(n))
	}
	for _, s := range in.Statistics {
		if !slices.Contains(s.Values(), s) {
			return nil, badValue("The parameter Statistics.member.1 must be a value in the set [ Average, Maximum, Minimum, SampleCount, Sum ].")
		}
	}
	percentiles := map[string]float64{}
	for _, s := range in.ExtendedStatistics {
		if percentiles[s], err = parsePercentile(s); err != nil {
			return nil, err
		}
	}
	samples := q.c.samples(q.region, *in.Namespace, *in.MetricName, in.Dimensions, floor(*in.StartTime, period), *in.EndTime)
	out := &cloudwatch.GetMetricStatisticsOutput{Label: in.MetricName, Datapoints: []types.Datapoint{}}
	for _, b := range gather(samples, period, in.Unit) {
		out.Datapoints = append(out.Datapoints, datapoint(b, in.Statistics, percentiles))
	}
	return out, nil
}

// thousands writes 2,880.
func thousands(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func datapoint(b *bucket, statistics []types.Statistic, percentiles map[string]float64) types.Datapoint {
	d := types.Datapoint{Timestamp: aws.Time(b.at), Unit: b.unit}
	for _, s := range statistics {
		v := aws.Float64(b.statistic(s))
		switch s {
		case types.StatisticAverage:
			d.Average = v
		case types.StatisticMinimum:
			d.Minimum = v
		case types.StatisticMaximum:
			d.Maximum = v
		case types.StatisticSampleCount:
			d.SampleCount = v
		case types.StatisticSum:
			d.Sum = v
		}
	}
	for name, p := range percentiles {
		if v, ok := b.percentile(p); ok {
			if d.ExtendedStatistics == nil {
				d.ExtendedStatistics = map[string]float64{}
			}
			d.ExtendedStatistics[name] = v
		}
	}
	return d
}

const maxQueries = 500

// getMetricData answers queries for single metrics; expressions are refused.
func getMetricData(q *call, in *cloudwatch.GetMetricDataInput) (*cloudwatch.GetMetricDataOutput, error) {
	switch {
	case in.StartTime == nil:
		return nil, missing("StartTime")
	case in.EndTime == nil:
		return nil, missing("EndTime")
	case !in.StartTime.Before(*in.EndTime):
		return nil, fail("ValidationError", "The parameter EndTime must be greater than StartTime")
	case len(in.MetricDataQueries) == 0:
		return nil, missing("MetricDataQueries")
	case len(in.MetricDataQueries) > maxQueries:
		return nil, fail("ValidationError", "The collection MetricDataQueries must not have a size greater than %d.", maxQueries)
	case in.NextToken != nil:
		return nil, fail("InvalidNextToken", "Invalid nextToken")
	}
	out := &cloudwatch.GetMetricDataOutput{MetricDataResults: []types.MetricDataResult{}}
	for _, w := range in.MetricDataQueries {
		if w.MetricStat == nil {
			return nil, fail("NotImplemented", "GetMetricData with expressions is not implemented")
		}
		r, err := q.metricData(w, *in.StartTime, *in.EndTime)
		if err != nil {
			return nil, err
		}
		if in.ScanBy != types.ScanByTimestampAscending {
			slices.Reverse(r.Timestamps)
			slices.Reverse(r.Values)
		}
		if w.ReturnData == nil || *w.ReturnData {
			out.MetricDataResults = append(out.MetricDataResults, *r)
		}
	}
	return out, nil
}

func (q *call) metricData(w types.MetricDataQuery, from, to time.Time) (*types.MetricDataResult, error) {
	m := w.MetricStat
	if w.Id == nil || m.Metric == nil || m.Metric.MetricName == nil || m.Metric.Namespace == nil || m.Stat == nil {
		return nil, fail("ValidationError", "A query needs an Id, and its MetricStat a Metric with namespace and name and a Stat")
	}
	period, err := checkPeriod(m.Period)
	if err != nil {
		return nil, err
	}
	stat := types.Statistic(*m.Stat)
	p := 0.0
	extended := !slices.Contains(stat.Values(), stat)
	if extended {
		if p, err = parsePercentile(*m.Stat); err != nil {
			return nil, err
		}
	}
	r := &types.MetricDataResult{Id: w.Id, Label: w.Label, StatusCode: types.StatusCodeComplete, Timestamps: []time.Time{}, Values: []float64{}}
	if r.Label == nil {
		r.Label = m.Metric.MetricName
	}
	samples := q.c.samples(q.region, *m.Metric.Namespace, *m.Metric.MetricName, m.Metric.Dimensions, floor(from, period), to)
	for _, b := range gather(samples, period, m.Unit) {
		v, ok := b.statistic(stat), true
		if extended {
			v, ok = b.percentile(p)
		}
		if ok {
			r.Timestamps, r.Values = append(r.Timestamps, b.at), append(r.Values, v)
		}
	}
	return r, nil
}
