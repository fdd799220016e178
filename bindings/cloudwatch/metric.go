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

// Metric is something that is measured over time (boto: Metric).
type Metric struct {
	Name       string
	Namespace  string
	Dimensions map[string][]string // a dimension's name to its values
	Connection *Connection
	Raw        types.Metric
}

// String prints the metric as boto does.
func (m *Metric) String() string { return "Metric:" + m.Name }

func (c *Connection) metric(raw types.Metric) *Metric {
	return &Metric{
		Name: aws.ToString(raw.MetricName), Namespace: aws.ToString(raw.Namespace),
		Dimensions: dimensionMap(raw.Dimensions), Connection: c, Raw: raw,
	}
}

func dimensionMap(raw []types.Dimension) map[string][]string {
	m := map[string][]string{}
	for _, d := range raw {
		name := aws.ToString(d.Name)
		m[name] = append(m[name], aws.ToString(d.Value))
	}
	return m
}

// ListMetricsOption is an argument of ListMetrics.
type ListMetricsOption interface {
	listMetrics(*sdk.ListMetricsInput) error
}

type listOption func(*sdk.ListMetricsInput)

func (f listOption) listMetrics(in *sdk.ListMetricsInput) error { f(in); return nil }

// MetricName lists only metrics of a name (boto: metric_name).
//
// Example: cw.ListMetrics(MetricName("CPUUtilization"))
func MetricName(name string) ListMetricsOption {
	return listOption(func(in *sdk.ListMetricsInput) { in.MetricName = aws.String(name) })
}

// Namespace lists only metrics of a namespace, such as "AWS/EC2"
// (boto: namespace).
//
// Example: cw.ListMetrics(Namespace("AWS/EC2"))
func Namespace(name string) ListMetricsOption {
	return listOption(func(in *sdk.ListMetricsInput) { in.Namespace = aws.String(name) })
}

// DimensionsOption is what Dimensions gives.
type DimensionsOption struct {
	list []types.Dimension
	err  error
}

// Dimensions tells whose metric is meant, by a map of names to values: a
// map[string]string or map[string][]string (boto: dimensions).
//
// Example: cw.ListMetrics(Dimensions(map[string]string{"InstanceId": instance.ID}))
func Dimensions(dimensions any) DimensionsOption {
	values := map[string][]string{}
	switch m := dimensions.(type) {
	case map[string]string:
		for name, v := range m {
			values[name] = []string{v}
		}
	case map[string][]string:
		values = m
	case map[string]any:
		for name, v := range m {
			switch v := v.(type) {
			case string:
				values[name] = []string{v}
			case []string:
				values[name] = v
			default:
				return DimensionsOption{err: fmt.Errorf("dimension %q: a value is text or a list of it, not a %T", name, v)}
			}
		}
	default:
		return DimensionsOption{err: fmt.Errorf("dimensions are a map of names to values, such as map[string]string{\"InstanceId\": id}, not a %T", dimensions)}
	}
	var o DimensionsOption
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, v := range values[name] {
			o.list = append(o.list, types.Dimension{Name: aws.String(name), Value: aws.String(v)})
		}
	}
	return o
}

func (o DimensionsOption) listMetrics(in *sdk.ListMetricsInput) error {
	for _, d := range o.list {
		in.Dimensions = append(in.Dimensions, types.DimensionFilter{Name: d.Name, Value: d.Value})
	}
	return o.err
}

// ListMetrics lists metrics: ListMetrics, all pages (boto: list_metrics).
// Options: Dimensions, MetricName, Namespace.
//
// Example: cw.ListMetrics(Namespace("Paws"))
func (c *Connection) ListMetrics(opts ...ListMetricsOption) ([]*Metric, error) {
	in := &sdk.ListMetricsInput{}
	for _, o := range opts {
		if err := o.listMetrics(in); err != nil {
			return nil, fmt.Errorf("list metrics: %w", err)
		}
	}
	list := []*Metric{}
	for p := sdk.NewListMetricsPaginator(c.Client, in); p.HasMorePages(); {
		page, err := p.NextPage(c.ctx())
		if err != nil {
			return nil, fmt.Errorf("list metrics: %w", err)
		}
		for _, raw := range page.Metrics {
			list = append(list, c.metric(raw))
		}
	}
	return list, nil
}

// PutMetricDataOption is an argument of PutMetricData.
type PutMetricDataOption interface{ putMetricData(*datum) error }

type datum struct {
	types.MetricDatum
	more []float64
}

type datumOption func(*datum)

func (f datumOption) putMetricData(d *datum) error { f(d); return nil }

// Timestamp is when a value was measured; now unless given (boto: timestamp).
//
// Example: cw.PutMetricData("Paws", "Cats", 3, Timestamp(time.Now().Add(-time.Minute)))
func Timestamp(t time.Time) PutMetricDataOption {
	return datumOption(func(d *datum) { d.Timestamp = aws.Time(t) })
}

// MoreValues stores more values of the same metric, each as a point of its
// own (boto: a list as value).
//
// Example: cw.PutMetricData("Paws", "Cats", 3, MoreValues(4, 5))
func MoreValues(values ...float64) PutMetricDataOption {
	return datumOption(func(d *datum) { d.more = append(d.more, values...) })
}

// StatisticValues stores a summary instead of a value: the keys are sum,
// minimum, maximum and samplecount (boto: statistics).
//
// Example: cw.PutMetricData("Paws", "Cats", 0, StatisticValues(map[string]float64{"samplecount": 2, "sum": 7, "minimum": 3, "maximum": 4}))
func StatisticValues(statistics map[string]float64) PutMetricDataOption {
	return datumOption(func(d *datum) {
		s := &types.StatisticSet{}
		for name, v := range statistics {
			switch strings.ToLower(name) {
			case "sum":
				s.Sum = aws.Float64(v)
			case "minimum":
				s.Minimum = aws.Float64(v)
			case "maximum":
				s.Maximum = aws.Float64(v)
			case "samplecount":
				s.SampleCount = aws.Float64(v)
			}
		}
		d.StatisticValues, d.Value = s, nil
	})
}

func (o DimensionsOption) putMetricData(d *datum) error {
	d.Dimensions = append(d.Dimensions, o.list...)
	return o.err
}

// UnitOption is what Unit gives.
type UnitOption struct{ name string }

// Unit is what is counted: "Percent", "Bytes", "Count", ... (boto: unit).
//
// Example: cw.PutMetricData("Paws", "Cats", 3, Unit("Count"))
func Unit(name string) UnitOption { return UnitOption{name} }

func (o UnitOption) putMetricData(d *datum) error {
	d.Unit = types.StandardUnit(o.name)
	return nil
}

// PutMetricData stores a value of a metric of your own: PutMetricData
// (boto: put_metric_data). Options: Timestamp, Unit, Dimensions, MoreValues,
// StatisticValues. Codes InvalidParameterValue, MissingParameter.
//
// Example: cw.PutMetricData("Paws", "Cats", 3)
func (c *Connection) PutMetricData(namespace, name string, value float64, opts ...PutMetricDataOption) (bool, error) {
	d := datum{MetricDatum: types.MetricDatum{MetricName: aws.String(name), Value: aws.Float64(value)}}
	for _, o := range opts {
		if err := o.putMetricData(&d); err != nil {
			return false, fmt.Errorf("put metric data %q: %w", name, err)
		}
	}
	in := &sdk.PutMetricDataInput{Namespace: aws.String(namespace), MetricData: []types.MetricDatum{d.MetricDatum}}
	for _, v := range d.more {
		point := d.MetricDatum
		point.Value = aws.Float64(v)
		in.MetricData = append(in.MetricData, point)
	}
	if _, err := c.Client.PutMetricData(c.ctx(), in); err != nil {
		return false, fmt.Errorf("put metric data %q: %w", name, err)
	}
	return true, nil
}
