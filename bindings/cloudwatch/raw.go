package cloudwatch

import (
	"slices"

	sdk "github.com/aws/aws-sdk-go-v2/service/cloudwatch"

	"pawsh/bindings/session"
)

// Raw gives a connection like this one on whose calls set is run with the SDK's
// own input before it is sent, for what boto never knew. Each set is a
// func(*cloudwatch.PutMetricDataInput), or of another operation's input; every call that
// sends that operation is changed, also those of resources it gives.
//
// Example: cw.Raw(func(in *sdk.ListMetricsInput) { in.RecentlyActive = "PT3H" }).ListMetrics()
func (c *Connection) Raw(set ...any) (*Connection, error) {
	step, err := session.RawInput(set...)
	if err != nil {
		return nil, err
	}
	d := *c
	d.Client = sdk.New(c.Client.Options(), func(o *sdk.Options) {
		o.APIOptions = append(slices.Clone(o.APIOptions), step)
	})
	return &d, nil
}

// raw is a function that sets what boto never knew, as an option. It has the
// methods of all options, each with its own input for parameter: so it is an
// option of the one call that sends that input, and of no other.
type raw[In any] func(*In)

func (f raw[In]) createAlarm(in *In) error { f(in); return nil }

func (f raw[In]) listMetrics(in *In) error { f(in); return nil }

func (f raw[In]) query(in *In) { f(in) }

// RawPutMetricAlarm sets the SDK's own input of the call: PutMetricAlarm.
//
// Example: metric.CreateAlarm("few cats", "<", 2, 60, 1, "Average", RawPutMetricAlarm(func(in *sdk.PutMetricAlarmInput) { in.TreatMissingData = aws.String("breaching") }))
func RawPutMetricAlarm(set func(*sdk.PutMetricAlarmInput)) CreateAlarmOption {
	return raw[sdk.PutMetricAlarmInput](set)
}

// RawListMetrics sets the SDK's own input of the call: ListMetrics.
//
// Example: cw.ListMetrics(RawListMetrics(func(in *sdk.ListMetricsInput) { in.RecentlyActive = "PT3H" }))
func RawListMetrics(set func(*sdk.ListMetricsInput)) ListMetricsOption {
	return raw[sdk.ListMetricsInput](set)
}

// RawGetMetricStatistics sets the SDK's own input of the call: GetMetricStatistics.
//
// Example: metric.Query(time.Now().Add(-time.Hour), time.Now(), "Average", RawGetMetricStatistics(func(in *sdk.GetMetricStatisticsInput) { in.Unit = "Count" }))
func RawGetMetricStatistics(set func(*sdk.GetMetricStatisticsInput)) QueryOption {
	return raw[sdk.GetMetricStatisticsInput](set)
}
