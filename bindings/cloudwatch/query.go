package cloudwatch

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

// Datapoint is the statistics of a metric over one period (boto: Datapoint).
// Those that were not asked for are 0.
type Datapoint struct {
	Timestamp   time.Time
	Average     float64
	Sum         float64
	Minimum     float64
	Maximum     float64
	SampleCount float64
	Unit        string
	Raw         types.Datapoint
}

// String prints the data point as the dict it is in boto, with what was asked
// for.
func (d *Datapoint) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "{Timestamp: %s", d.Timestamp.UTC().Format(time.RFC3339))
	for _, s := range []struct {
		name  string
		value *float64
	}{{"Average", d.Raw.Average}, {"Sum", d.Raw.Sum}, {"Minimum", d.Raw.Minimum}, {"Maximum", d.Raw.Maximum}, {"SampleCount", d.Raw.SampleCount}} {
		if s.value != nil {
			fmt.Fprintf(&b, ", %s: %s", s.name, number(*s.value))
		}
	}
	return b.String() + ", Unit: " + d.Unit + "}"
}

// QueryOption is an argument of Query.
type QueryOption interface {
	query(*sdk.GetMetricStatisticsInput)
}

func (o UnitOption) query(in *sdk.GetMetricStatisticsInput) { in.Unit = types.StandardUnit(o.name) }

type queryOption func(*sdk.GetMetricStatisticsInput)

func (f queryOption) query(in *sdk.GetMetricStatisticsInput) { f(in) }

// Period is how many seconds one data point spans, 60 unless given
// (boto: period).
//
// Example: metric.Query(time.Now().Add(-time.Hour), time.Now(), "Average", Period(300))
func Period(seconds int) QueryOption {
	return queryOption(func(in *sdk.GetMetricStatisticsInput) { in.Period = aws.Int32(int32(seconds)) })
}

// Query gives the metric's statistics between two times, oldest first:
// GetMetricStatistics (boto: query). statistics is "Average", "Sum",
// "Minimum", "Maximum" or "SampleCount", or a []string of them. Options: Unit,
// Period. Code InvalidParameterCombination: more than 1,440 points.
//
// Example: metric.Query(time.Now().Add(-time.Hour), time.Now(), "Average")
func (m *Metric) Query(startTime, endTime time.Time, statistics any, opts ...QueryOption) ([]*Datapoint, error) {
	in := &sdk.GetMetricStatisticsInput{
		Namespace: aws.String(m.Namespace), MetricName: aws.String(m.Name), Dimensions: m.rawDimensions(),
		StartTime: aws.Time(startTime), EndTime: aws.Time(endTime), Period: aws.Int32(60),
	}
	switch s := statistics.(type) {
	case string:
		in.Statistics = []types.Statistic{types.Statistic(s)}
	case []string:
		for _, name := range s {
			in.Statistics = append(in.Statistics, types.Statistic(name))
		}
	default:
		return nil, fmt.Errorf("query metric %s: statistics are text or a list of it, not a %T", m.Name, statistics)
	}
	for _, o := range opts {
		o.query(in)
	}
	out, err := m.Connection.Client.GetMetricStatistics(m.Connection.ctx(), in)
	if err != nil {
		return nil, fmt.Errorf("query metric %s: %w", m.Name, err)
	}
	list := []*Datapoint{}
	for _, raw := range out.Datapoints {
		list = append(list, &Datapoint{
			Timestamp: aws.ToTime(raw.Timestamp), Average: aws.ToFloat64(raw.Average), Sum: aws.ToFloat64(raw.Sum),
			Minimum: aws.ToFloat64(raw.Minimum), Maximum: aws.ToFloat64(raw.Maximum), SampleCount: aws.ToFloat64(raw.SampleCount),
			Unit: string(raw.Unit), Raw: raw,
		})
	}
	slices.SortFunc(list, func(a, b *Datapoint) int { return a.Timestamp.Compare(b.Timestamp) })
	return list, nil
}

func (m *Metric) rawDimensions() []types.Dimension { return Dimensions(m.Dimensions).list }
