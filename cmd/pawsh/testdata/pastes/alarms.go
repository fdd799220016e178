// want: 1 5 2.80 5
// want: 14 5 5 Milliseconds true
// want: 0 <nil>
// want: Latency Page /
// want: slow-100 Latency GreaterThanOrEqualToThreshold INSUFFICIENT_DATA
// want: slow-250.5 Latency GreaterThanOrEqualToThreshold INSUFFICIENT_DATA
// want: none
// then: a := CloudWatchActions{Client: cw.Client, Namespace: "Later"}
// then: a.Put(ctx, "n", types.StandardUnitCount, nil, Series{{time.Now(), 2}})
// then: a.Alarm(ctx, "x", "n", 1).AlarmName
// want: "x"
// then: Series{{Value: 4}, {Value: 8}}.Stats()
// want: 4 8 6
package main

import (
	"context"
	"fmt"
	"log"
	"math"
	"os"
	"strings"
	"text/template"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

type (
	// Sample is one value of a metric.
	Sample struct {
		At    time.Time
		Value float64
	}
	// Series is the samples of a metric in the order of time.
	Series []Sample
	// Dimensions are names and values.
	Dimensions map[string]string
)

func (s Series) Len() int { return len(s) }

func (s Series) Stats() (lo, hi, mean float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, x := range s {
		lo, hi = math.Min(lo, x.Value), max(hi, x.Value)
		mean += x.Value / float64(len(s))
	}
	return lo, hi, mean
}

func (d Dimensions) list() []types.Dimension {
	var out []types.Dimension
	for k, v := range d {
		out = append(out, types.Dimension{Name: aws.String(k), Value: aws.String(v)})
	}
	return out
}

type CloudWatchActions struct {
	Client    *cloudwatch.Client
	Namespace string
}

func (a CloudWatchActions) Put(ctx context.Context, name string, unit types.StandardUnit, d Dimensions, s Series) error {
	data := make([]types.MetricDatum, s.Len())
	for i := range s {
		data[i] = types.MetricDatum{MetricName: &name, Unit: unit, Timestamp: &s[i].At, Value: &s[i].Value, Dimensions: d.list()}
	}
	_, err := a.Client.PutMetricData(ctx, &cloudwatch.PutMetricDataInput{Namespace: &a.Namespace, MetricData: data})
	return err
}

func (a CloudWatchActions) Statistics(ctx context.Context, name string, d Dimensions, from, to time.Time, period time.Duration) ([]types.Datapoint, error) {
	out, err := a.Client.GetMetricStatistics(ctx, &cloudwatch.GetMetricStatisticsInput{
		Namespace: &a.Namespace, MetricName: &name, Dimensions: d.list(),
		StartTime: &from, EndTime: &to, Period: aws.Int32(int32(period / time.Second)),
		Statistics: []types.Statistic{types.StatisticSum, types.StatisticMaximum, types.StatisticSampleCount},
	})
	if err != nil {
		return nil, err
	}
	return out.Datapoints, nil
}

func (a CloudWatchActions) Alarm(ctx context.Context, name, metric string, threshold float64) (types.MetricAlarm, error) {
	_, err := a.Client.PutMetricAlarm(ctx, &cloudwatch.PutMetricAlarmInput{
		AlarmName: &name, Namespace: &a.Namespace, MetricName: &metric,
		ComparisonOperator: types.ComparisonOperatorGreaterThanOrEqualToThreshold,
		EvaluationPeriods:  aws.Int32(1), Period: aws.Int32(60), Statistic: types.StatisticAverage, Threshold: aws.Float64(threshold),
	})
	if err != nil {
		return types.MetricAlarm{}, err
	}
	out, err := a.Client.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{AlarmNames: []string{name}})
	if err != nil || len(out.MetricAlarms) != 1 {
		return types.MetricAlarm{}, fmt.Errorf("alarm %s: %v", name, err)
	}
	return out.MetricAlarms[0], nil
}

const page = `{{define "alarm"}}{{.AlarmName}} {{.MetricName}} {{.ComparisonOperator}} {{.StateValue}}{{end -}}
{{range .}}{{template "alarm" .}}
{{else}}none
{{end}}`

func main() {
	ctx := context.Background()
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		log.Fatal(err)
	}
	a := CloudWatchActions{Client: cloudwatch.NewFromConfig(cfg), Namespace: "Paws/Web"}
	start := time.Now().Add(-10 * time.Minute).Truncate(5 * time.Minute)
	var s Series
	for i, v := range []float64{3, 1, 4, 1, 5} {
		s = append(s, Sample{start.Add(time.Duration(i) * time.Second), v})
	}
	lo, hi, mean := s.Stats()
	fmt.Printf("%g %g %.2f %d\n", lo, hi, mean, s.Len())
	d := Dimensions{"Page": "/"}
	if err := a.Put(ctx, "Latency", types.StandardUnitMilliseconds, d, s); err != nil {
		log.Fatal(err)
	}
	points, err := a.Statistics(ctx, "Latency", d, start, start.Add(5*time.Minute), 5*time.Minute)
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range points {
		fmt.Println(*p.Sum, *p.Maximum, *p.SampleCount, p.Unit, p.Timestamp.Equal(start))
	}
	none, err := a.Statistics(ctx, "Latency", nil, start, start.Add(time.Hour), time.Minute)
	fmt.Println(len(none), err)
	list, err := a.Client.ListMetrics(ctx, &cloudwatch.ListMetricsInput{Namespace: aws.String("Paws/Web")})
	if err != nil {
		log.Fatal(err)
	}
	for _, m := range list.Metrics {
		for _, dim := range m.Dimensions {
			fmt.Println(*m.MetricName, *dim.Name, *dim.Value)
		}
	}
	var alarms []types.MetricAlarm
	for _, n := range []float64{100, 250.5} {
		alarm, err := a.Alarm(ctx, fmt.Sprint("slow-", n), "Latency", n)
		if err != nil {
			log.Fatal(err)
		}
		alarms = append(alarms, alarm)
	}
	t := template.Must(template.New("page").Parse(page))
	var b strings.Builder
	if err := t.Execute(&b, alarms); err != nil {
		log.Fatal(err)
	}
	fmt.Fprint(os.Stdout, b.String())
	t.Execute(os.Stdout, nil)
}
