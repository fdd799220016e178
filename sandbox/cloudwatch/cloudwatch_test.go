package cloudwatch_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/smithy-go"

	"pawsh/sandbox/cloudwatch"
	"pawsh/sandbox/core"
	"pawsh/sandbox/wire"
)

type keys struct{}

func (keys) LookupKey(context.Context, string) (wire.Key, bool) {
	return wire.Key{Secret: "secret", AccountID: core.DefaultAccountID, Kind: "root"}, true
}

// world is a CloudWatch on loopback with a clock of its own; it keeps what
// alarms told.
type world struct {
	*testing.T
	*sdk.Client
	cloud *cloudwatch.Cloud
	url   string

	mu   sync.Mutex
	now  time.Time
	told []string
}

func (w *world) Notify(topic, subject, message string) error {
	if strings.HasSuffix(topic, ":gone") {
		return errors.New("Topic does not exist")
	}
	w.told = append(w.told, subject)
	return nil
}

// source is a service with one metric that rises by one a minute.
type source struct{}

func (source) Namespace() string { return "AWS/EC2" }

func (source) Metrics(string) []types.Metric {
	return []types.Metric{{Namespace: aws.String("AWS/EC2"), MetricName: aws.String("CPUUtilization"), Dimensions: dims("InstanceId", "i-1")}}
}

func (source) Samples(_, name string, _ []types.Dimension, from, to time.Time) []cloudwatch.Sample {
	var out []cloudwatch.Sample
	for at := from.Truncate(time.Minute); at.Before(to); at = at.Add(time.Minute) {
		v := at.Sub(start).Minutes()
		out = append(out, cloudwatch.Sample{At: at, Unit: types.StandardUnitPercent, Count: 1, Sum: v, Min: v, Max: v})
	}
	return out
}

var start = time.Date(2026, 1, 2, 3, 4, 0, 0, time.UTC)

func newWorld(t *testing.T, sources ...cloudwatch.Source) *world {
	w := &world{T: t, now: start}
	w.cloud = cloudwatch.New(core.New(w.clock, nil, ""), w, sources...)
	service := wire.CloudWatch()
	service.Authenticate(&wire.Verifier{Keys: keys{}})
	w.cloud.Register(service)
	server := httptest.NewServer(service)
	t.Cleanup(server.Close)
	w.url = server.URL
	w.Client = w.in("us-east-1")
	return w
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func (w *world) in(region string) *sdk.Client {
	return sdk.New(sdk.Options{Region: region, BaseEndpoint: aws.String(w.url), RetryMaxAttempts: 1, Credentials: credentials.NewStaticCredentialsProvider("AKID", "secret", "")})
}

func ctx() context.Context { return context.Background() }

func must[T any](w *world) func(T, error) T {
	return func(v T, err error) T {
		w.Helper()
		if err != nil {
			w.Fatal(err)
		}
		return v
	}
}

func (w *world) refused(what string, err error, code, text string) {
	w.Helper()
	var e smithy.APIError
	if !errors.As(err, &e) || e.ErrorCode() != code || !strings.Contains(e.ErrorMessage(), text) {
		w.Errorf("%s: %v\nwant %s: ...%s...", what, err, code, text)
	}
}

func dims(pairs ...string) []types.Dimension {
	var out []types.Dimension
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, types.Dimension{Name: aws.String(pairs[i]), Value: aws.String(pairs[i+1])})
	}
	return out
}

func (w *world) put(name string, value float64, pairs ...string) {
	w.Helper()
	must[*sdk.PutMetricDataOutput](w)(w.PutMetricData(ctx(), &sdk.PutMetricDataInput{Namespace: aws.String("paws"),
		MetricData: []types.MetricDatum{{MetricName: &name, Value: &value, Dimensions: dims(pairs...), Unit: types.StandardUnitPercent}}}))
}

func (w *world) metrics(in *sdk.ListMetricsInput) string {
	w.Helper()
	var out []string
	for _, m := range must[*sdk.ListMetricsOutput](w)(w.ListMetrics(ctx(), in)).Metrics {
		s := *m.MetricName
		for _, d := range m.Dimensions {
			s += "," + *d.Name + "=" + *d.Value
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func TestListMetrics(t *testing.T) {
	t.Parallel()
	w := newWorld(t, source{})
	w.put("disk", 1, "host", "a", "path", "/")
	w.put("disk", 1, "path", "/", "host", "a") // the same, its dimensions in another order
	w.put("disk", 2, "host", "b")
	w.put("load", 3)
	filter := func(name, value string) []types.DimensionFilter {
		f := types.DimensionFilter{Name: &name}
		if value != "" {
			f.Value = &value
		}
		return []types.DimensionFilter{f}
	}
	for _, tt := range []struct {
		in   sdk.ListMetricsInput
		want string
	}{
		{sdk.ListMetricsInput{Namespace: aws.String("paws")}, "disk,host=a,path=/ disk,host=b load"},
		{sdk.ListMetricsInput{MetricName: aws.String("load")}, "load"},
		{sdk.ListMetricsInput{Dimensions: filter("host", "")}, "disk,host=a,path=/ disk,host=b"},
		{sdk.ListMetricsInput{Dimensions: filter("host", "b")}, "disk,host=b"},
		{sdk.ListMetricsInput{Dimensions: filter("InstanceId", "i-1")}, "CPUUtilization,InstanceId=i-1"},
		{sdk.ListMetricsInput{Namespace: aws.String("none")}, ""},
	} {
		if got := w.metrics(&tt.in); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.in, got, tt.want)
		}
	}
	if got := must[*sdk.ListMetricsOutput](w)(w.in("eu-west-1").ListMetrics(ctx(), &sdk.ListMetricsInput{Namespace: aws.String("paws")})).Metrics; len(got) != 0 {
		t.Errorf("in another region: %v", got)
	}
	w.pass(15 * 24 * time.Hour)
	if got := w.metrics(&sdk.ListMetricsInput{Namespace: aws.String("paws")}); got != "" {
		t.Errorf("two weeks later: %q", got)
	}
}

func TestPutMetricDataRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one := func(change func(*types.MetricDatum)) []types.MetricDatum {
		d := types.MetricDatum{MetricName: aws.String("m"), Value: aws.Float64(1)}
		change(&d)
		return []types.MetricDatum{d}
	}
	for _, tt := range []struct {
		namespace string
		data      []types.MetricDatum
		code      string
		text      string
	}{
		{"AWS/EC2", one(func(*types.MetricDatum) {}), "InvalidParameterValue", "The value AWS/ for parameter Namespace is invalid."},
		{"paws", one(func(d *types.MetricDatum) { d.Value = nil }), "MissingParameter", "MetricData.member.1.Value"},
		{"paws", one(func(d *types.MetricDatum) { d.Values = []float64{1} }), "InvalidParameterCombination", "mutually exclusive"},
		{"paws", one(func(d *types.MetricDatum) { d.Timestamp = aws.Time(start.Add(-15 * 24 * time.Hour)) }), "InvalidParameterValue", "two weeks"},
		{"paws", one(func(d *types.MetricDatum) { d.Unit = "Cats" }), "InvalidParameterValue", "Unit"},
		{"paws", one(func(d *types.MetricDatum) { d.Dimensions = dims("a", "b", "a", "c") }), "InvalidParameterValue", "more than once"},
		{"paws", one(func(d *types.MetricDatum) { d.Value, d.Values, d.Counts = nil, []float64{1, 2}, []float64{1} }), "InvalidParameterValue", "same size"},
		{"paws", one(func(d *types.MetricDatum) {
			d.Value, d.StatisticValues = nil, &types.StatisticSet{SampleCount: aws.Float64(1), Sum: aws.Float64(1), Minimum: aws.Float64(2), Maximum: aws.Float64(1)}
		}), "InvalidParameterValue", "greater than or equal to Minimum"},
	} {
		_, err := w.PutMetricData(ctx(), &sdk.PutMetricDataInput{Namespace: &tt.namespace, MetricData: tt.data})
		w.refused(tt.text, err, tt.code, tt.text)
	}
	if got := w.metrics(&sdk.ListMetricsInput{}); got != "" {
		t.Errorf("refused, but listed: %s", got)
	}
}

func TestStatistics(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, v := range []float64{1, 2, 3, 10} {
		w.put("m", v)
		w.pass(20 * time.Second)
	}
	must[*sdk.PutMetricDataOutput](w)(w.PutMetricData(ctx(), &sdk.PutMetricDataInput{Namespace: aws.String("paws"), MetricData: []types.MetricDatum{
		{MetricName: aws.String("m"), Timestamp: aws.Time(start.Add(5 * time.Minute)), Unit: types.StandardUnitPercent, StatisticValues: &types.StatisticSet{SampleCount: aws.Float64(4), Sum: aws.Float64(20), Minimum: aws.Float64(2), Maximum: aws.Float64(9)}},
		{MetricName: aws.String("m"), Timestamp: aws.Time(start.Add(-time.Minute)), Unit: types.StandardUnitPercent, Values: []float64{7, 8}, Counts: []float64{3, 1}},
		{MetricName: aws.String("m"), Value: aws.Float64(1), Unit: types.StandardUnitSeconds},
	}}))
	ask := func(in sdk.GetMetricStatisticsInput) (*sdk.GetMetricStatisticsOutput, error) {
		if in.MetricName == nil {
			in.MetricName = aws.String("m")
		}
		in.Namespace = aws.String("paws")
		if in.StartTime == nil {
			in.StartTime, in.EndTime = aws.Time(start.Add(-time.Hour)), aws.Time(start.Add(time.Hour))
		}
		return w.GetMetricStatistics(ctx(), &in)
	}
	out := must[*sdk.GetMetricStatisticsOutput](w)(ask(sdk.GetMetricStatisticsInput{Period: aws.Int32(60), Unit: types.StandardUnitPercent, Statistics: types.Statistic("").Values()}))
	var got []string
	for _, d := range out.Datapoints {
		got = append(got, fmt.Sprintf("%s n=%v sum=%v avg=%v min=%v max=%v", d.Timestamp.Format("15:04"), *d.SampleCount, *d.Sum, *d.Average, *d.Minimum, *d.Maximum))
	}
	want := "03:03 n=4 sum=29 avg=7.25 min=7 max=8\n03:04 n=3 sum=6 avg=2 min=1 max=3\n03:05 n=1 sum=10 avg=10 min=10 max=10\n03:09 n=4 sum=20 avg=5 min=2 max=9"
	if s := strings.Join(got, "\n"); s != want {
		t.Errorf("got\n%s\nwant\n%s", s, want)
	}
	if n := len(must[*sdk.GetMetricStatisticsOutput](w)(ask(sdk.GetMetricStatisticsInput{Period: aws.Int32(7200), Statistics: []types.Statistic{"Sum"}})).Datapoints); n != 2 {
		t.Errorf("%d datapoints, one a unit expected", n)
	}
	p := must[*sdk.GetMetricStatisticsOutput](w)(ask(sdk.GetMetricStatisticsInput{Period: aws.Int32(60), Unit: types.StandardUnitPercent, ExtendedStatistics: []string{"p50"}})).Datapoints
	if p[1].ExtendedStatistics["p50"] != 2 || p[0].ExtendedStatistics["p50"] != 7 {
		t.Errorf("percentiles %v %v", p[0].ExtendedStatistics, p[1].ExtendedStatistics)
	}
	data := must[*sdk.GetMetricDataOutput](w)(w.GetMetricData(ctx(), &sdk.GetMetricDataInput{StartTime: aws.Time(start), EndTime: aws.Time(start.Add(2 * time.Minute)), MetricDataQueries: []types.MetricDataQuery{{Id: aws.String("q"),
		MetricStat: &types.MetricStat{Metric: &types.Metric{Namespace: aws.String("paws"), MetricName: aws.String("m")}, Period: aws.Int32(60), Stat: aws.String("Maximum"), Unit: types.StandardUnitPercent}}}})).MetricDataResults
	if fmt.Sprint(data[0].Values) != "[10 3]" {
		t.Errorf("data %v", data[0].Values)
	}
	sum := []types.Statistic{"Sum"}
	for _, tt := range []struct {
		in         sdk.GetMetricStatisticsInput
		code, text string
	}{
		{sdk.GetMetricStatisticsInput{Period: aws.Int32(61), Statistics: sum}, "InvalidParameterValue", "multiple of 60"},
		{sdk.GetMetricStatisticsInput{Period: aws.Int32(60)}, "MissingParameter", "Statistics"},
		{sdk.GetMetricStatisticsInput{Period: aws.Int32(60), Statistics: sum, ExtendedStatistics: []string{"p9"}}, "InvalidParameterCombination", "mutually exclusive"},
		{sdk.GetMetricStatisticsInput{Period: aws.Int32(60), ExtendedStatistics: []string{"p101"}}, "InvalidParameterValue", "p101"},
		{sdk.GetMetricStatisticsInput{Period: aws.Int32(60), Statistics: sum, StartTime: aws.Time(start), EndTime: aws.Time(start)}, "InvalidParameterValue", "StartTime must be less"},
		{sdk.GetMetricStatisticsInput{Period: aws.Int32(60), Statistics: sum, StartTime: aws.Time(start), EndTime: aws.Time(start.Add(48 * time.Hour))}, "InvalidParameterCombination", "up to 2,880 datapoints"},
	} {
		_, err := ask(tt.in)
		w.refused(tt.text, err, tt.code, tt.text)
	}
}

func (w *world) alarm(name string, change ...func(*sdk.PutMetricAlarmInput)) {
	w.Helper()
	in := &sdk.PutMetricAlarmInput{AlarmName: &name, Namespace: aws.String("paws"), MetricName: aws.String("load"), ComparisonOperator: types.ComparisonOperatorGreaterThanOrEqualToThreshold,
		Threshold: aws.Float64(80), Period: aws.Int32(60), EvaluationPeriods: aws.Int32(1), Statistic: types.StatisticAverage,
		AlarmActions: []string{"arn:aws:sns:us-east-1:123456789012:paws"}, OKActions: []string{"arn:aws:sns:us-east-1:123456789012:gone"}}
	for _, c := range change {
		c(in)
	}
	must[*sdk.PutMetricAlarmOutput](w)(w.PutMetricAlarm(ctx(), in))
}

func (w *world) state(name string) types.MetricAlarm {
	w.Helper()
	return must[*sdk.DescribeAlarmsOutput](w)(w.DescribeAlarms(ctx(), &sdk.DescribeAlarmsInput{AlarmNames: []string{name}})).MetricAlarms[0]
}

func TestAlarmLife(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.alarm("cpu-high")
	if a := w.state("cpu-high"); a.StateValue != "INSUFFICIENT_DATA" || *a.StateReason != "Unchecked: Initial alarm creation" || *a.AlarmArn != "arn:aws:cloudwatch:us-east-1:123456789012:alarm:cpu-high" || !*a.ActionsEnabled {
		t.Errorf("new: %+v", a)
	}
	w.put("load", 10)
	if a := w.state("cpu-high"); a.StateValue != "OK" {
		t.Errorf("low: %s %s", a.StateValue, *a.StateReason)
	}
	w.pass(time.Minute)
	w.put("load", 99)
	a := w.state("cpu-high")
	if a.StateValue != "ALARM" || *a.StateReason != "Threshold Crossed: 1 out of the last 1 datapoint [99.0 (02/01/26 03:05:00)] was greater than or equal to the threshold (80.0) (minimum 1 datapoint for OK -> ALARM transition)." {
		t.Errorf("high: %s %s", a.StateValue, *a.StateReason)
	}
	if fmt.Sprint(w.told) != `[ALARM: "cpu-high" in US East (N. Virginia)]` {
		t.Errorf("told %q", w.told)
	}
	w.pass(10 * time.Minute)
	if a := w.state("cpu-high"); a.StateValue != "INSUFFICIENT_DATA" || !strings.HasPrefix(*a.StateReason, "Insufficient Data: 1 datapoint was unknown.") {
		t.Errorf("silent: %s %s", a.StateValue, *a.StateReason)
	}
	var history []string
	for _, h := range must[*sdk.DescribeAlarmHistoryOutput](w)(w.DescribeAlarmHistory(ctx(), &sdk.DescribeAlarmHistoryInput{AlarmName: aws.String("cpu-high"), ScanBy: types.ScanByTimestampAscending})).AlarmHistoryItems {
		history = append(history, *h.HistorySummary)
	}
	want := `Alarm "cpu-high" created|Alarm updated from INSUFFICIENT_DATA to OK|Failed to execute action arn:aws:sns:us-east-1:123456789012:gone. Received error: "Topic does not exist"|Alarm updated from OK to ALARM|Successfully executed action arn:aws:sns:us-east-1:123456789012:paws|Alarm updated from ALARM to INSUFFICIENT_DATA`
	if got := strings.Join(history, "|"); got != want {
		t.Errorf("history\n%s\nwant\n%s", got, want)
	}
}

func TestAlarmsSeeWhatTheClockPassed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, source{})
	w.alarm("rising", func(in *sdk.PutMetricAlarmInput) {
		in.Namespace, in.MetricName, in.Dimensions, in.OKActions = aws.String("AWS/EC2"), aws.String("CPUUtilization"), dims("InstanceId", "i-1"), nil
		in.EvaluationPeriods = aws.Int32(3)
	})
	w.pass(82*time.Minute + 30*time.Second)
	w.cloud.Settle() // as another service does before it looks at itself
	if len(w.told) != 1 {
		t.Fatalf("told %q", w.told)
	}
	a := w.state("rising")
	if a.StateValue != "ALARM" || !a.StateUpdatedTimestamp.Equal(start.Add(82*time.Minute)) {
		t.Errorf("%s at %v", a.StateValue, a.StateUpdatedTimestamp)
	}
}

func TestMissingData(t *testing.T) {
	t.Parallel()
	for treat, want := range map[string]types.StateValue{"missing": "INSUFFICIENT_DATA", "notBreaching": "OK", "breaching": "ALARM", "ignore": "INSUFFICIENT_DATA"} {
		t.Run(treat, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.alarm("a", func(in *sdk.PutMetricAlarmInput) { in.TreatMissingData = &treat })
			w.pass(time.Minute)
			if a := w.state("a"); a.StateValue != want {
				t.Errorf("%s: %s", a.StateValue, *a.StateReason)
			}
		})
	}
}

func TestAlarmsByName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, n := range []string{"b", "a", "c"} {
		w.alarm(n)
	}
	must[*sdk.SetAlarmStateOutput](w)(w.SetAlarmState(ctx(), &sdk.SetAlarmStateInput{AlarmName: aws.String("b"), StateValue: types.StateValueAlarm, StateReason: aws.String("a test")}))
	if got := must[*sdk.DescribeAlarmsOutput](w)(w.DescribeAlarms(ctx(), &sdk.DescribeAlarmsInput{StateValue: types.StateValueAlarm})).MetricAlarms; len(got) != 1 || *got[0].AlarmName != "b" {
		t.Errorf("in alarm: %v", got)
	}
	w.pass(time.Minute)
	if a := w.state("b"); a.StateValue != "INSUFFICIENT_DATA" {
		t.Errorf("a minute later: %s", a.StateValue)
	}
	must[*sdk.DisableAlarmActionsOutput](w)(w.DisableAlarmActions(ctx(), &sdk.DisableAlarmActionsInput{AlarmNames: []string{"a", "none"}}))
	if *w.state("a").ActionsEnabled {
		t.Error("actions still on")
	}
	told := len(w.told)
	must[*sdk.SetAlarmStateOutput](w)(w.SetAlarmState(ctx(), &sdk.SetAlarmStateInput{AlarmName: aws.String("a"), StateValue: types.StateValueAlarm, StateReason: aws.String("a test")}))
	if len(w.told) != told {
		t.Error("told with actions off")
	}
	p := sdk.NewDescribeAlarmsPaginator(w, &sdk.DescribeAlarmsInput{MaxRecords: aws.Int32(2)})
	n := 0
	for p.HasMorePages() {
		n += len(must[*sdk.DescribeAlarmsOutput](w)(p.NextPage(ctx())).MetricAlarms)
	}
	if n != 3 {
		t.Errorf("%d alarms", n)
	}
	ofMetric := must[*sdk.DescribeAlarmsForMetricOutput](w)(w.DescribeAlarmsForMetric(ctx(), &sdk.DescribeAlarmsForMetricInput{Namespace: aws.String("paws"), MetricName: aws.String("load")})).MetricAlarms
	if len(ofMetric) != 3 {
		t.Errorf("for the metric: %d", len(ofMetric))
	}
	_, err := w.DeleteAlarms(ctx(), &sdk.DeleteAlarmsInput{AlarmNames: []string{"a", "none"}})
	w.refused("delete one that is not there", err, "ResourceNotFound", "")
	must[*sdk.DeleteAlarmsOutput](w)(w.DeleteAlarms(ctx(), &sdk.DeleteAlarmsInput{AlarmNames: []string{"a", "b"}}))
	if got := must[*sdk.DescribeAlarmsOutput](w)(w.DescribeAlarms(ctx(), &sdk.DescribeAlarmsInput{})).MetricAlarms; len(got) != 1 {
		t.Errorf("left: %d", len(got))
	}
	_, err = w.SetAlarmState(ctx(), &sdk.SetAlarmStateInput{AlarmName: aws.String("none"), StateValue: "OK", StateReason: aws.String("x")})
	w.refused("set none", err, "ResourceNotFound", "")
}

func TestPutMetricAlarmRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, tt := range []struct {
		code, text string
		change     func(*sdk.PutMetricAlarmInput)
	}{
		{"MissingParameter", "Threshold", func(in *sdk.PutMetricAlarmInput) { in.Threshold = nil }},
		{"MissingParameter", "Statistic", func(in *sdk.PutMetricAlarmInput) { in.Statistic = "" }},
		{"MissingParameter", "Period", func(in *sdk.PutMetricAlarmInput) { in.Period = nil }},
		{"ValidationError", "comparisonOperator", func(in *sdk.PutMetricAlarmInput) { in.ComparisonOperator = ">" }},
		{"InvalidParameterValue", "EvaluationPeriods", func(in *sdk.PutMetricAlarmInput) { in.EvaluationPeriods = aws.Int32(0) }},
		{"ValidationError", "DatapointsToAlarm", func(in *sdk.PutMetricAlarmInput) { in.DatapointsToAlarm = aws.Int32(2) }},
		{"ValidationError", "TreatMissingData", func(in *sdk.PutMetricAlarmInput) { in.TreatMissingData = aws.String("maybe") }},
		{"ValidationError", "Invalid arn syntax: cats", func(in *sdk.PutMetricAlarmInput) { in.AlarmActions = []string{"cats"} }},
		{"NotImplemented", "ec2:stop", func(in *sdk.PutMetricAlarmInput) { in.AlarmActions = []string{"arn:aws:automate:us-east-1:ec2:stop"} }},
		{"ValidationError", "across more than a day", func(in *sdk.PutMetricAlarmInput) { in.EvaluationPeriods = aws.Int32(1441) }},
	} {
		in := &sdk.PutMetricAlarmInput{AlarmName: aws.String("a"), Namespace: aws.String("paws"), MetricName: aws.String("load"), ComparisonOperator: types.ComparisonOperatorLessThanThreshold,
			Threshold: aws.Float64(80), Period: aws.Int32(60), EvaluationPeriods: aws.Int32(1), Statistic: types.StatisticAverage}
		tt.change(in)
		_, err := w.PutMetricAlarm(ctx(), in)
		w.refused(tt.text, err, tt.code, tt.text)
	}
}
