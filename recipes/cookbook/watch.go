package cookbook

import (
	"fmt"
	"time"

	"pawsh/bindings/boto"
	"pawsh/bindings/cloudwatch"
)

// CPU turns on detailed monitoring of an instance and gives the averages of its
// CPU use, in percent, by minute over the last time, an hour unless given. AWS
// knows the first of them minutes after the instance has started.
// Operations: MonitorInstances, ListMetrics, GetMetricStatistics.
func CPU(instanceID string, last ...time.Duration) ([]*cloudwatch.Datapoint, error) {
	m, err := instanceMetric(instanceID, "CPUUtilization")
	if err != nil {
		return nil, err
	}
	end := time.Now().UTC().Add(time.Minute)
	return m.Query(end.Add(-or(first(last), time.Hour)), end, "Average", cloudwatch.Unit("Percent"), cloudwatch.Period(60))
}

// instanceMetric monitors an instance and finds a metric of it.
func instanceMetric(instanceID, name string) (*cloudwatch.Metric, error) {
	c, err := boto.ConnectEC2()
	if err != nil {
		return nil, err
	}
	i, err := instance(c, instanceID)
	if err != nil {
		return nil, err
	}
	if _, err := i.Monitor(); err != nil {
		return nil, err
	}
	cw, err := boto.ConnectCloudWatch()
	if err != nil {
		return nil, err
	}
	list, err := cw.ListMetrics(cloudwatch.Dimensions(map[string]string{"InstanceId": instanceID}), cloudwatch.MetricName(name))
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("instance %s has no metric %s yet: the first appears some minutes after its start", instanceID, name)
	}
	return list[0], nil
}

// Alarm says when EasyAlarm's alarm goes off.
type Alarm struct {
	Name        string   // of alarm and topic
	Emails      []string // that are told
	Metric      string   // "CPUUtilization" unless given
	Comparison  string   // ">", ">=", "<" or "<="; ">=" unless given
	Threshold   float64  // in the metric's unit
	Period      int      // seconds; 300 unless given
	EvalPeriods int      // how many periods in a row; 2 unless given
	Statistic   string   // "Average" unless given
}

// EasyAlarm has people told by e-mail when a metric of an instance crosses a
// threshold: it makes a topic, subscribes the addresses and makes the alarm.
// Each address gets a message that it must confirm. Done again it changes the
// alarm and makes nothing twice. When the alarm can't be made a topic that is
// new is deleted. Operations: DescribeInstances, MonitorInstances, CreateTopic,
// Subscribe, ListMetrics, PutMetricAlarm.
func EasyAlarm(instanceID string, a Alarm) (_ *cloudwatch.MetricAlarm, err error) {
	if a.Name == "" {
		return nil, fmt.Errorf("alarm on %s: Name is missing", instanceID)
	}
	m, err := instanceMetric(instanceID, or(a.Metric, "CPUUtilization"))
	if err != nil {
		return nil, err
	}
	sns, err := boto.ConnectSNS()
	if err != nil {
		return nil, err
	}
	topics, err := sns.GetAllTopics()
	if err != nil {
		return nil, err
	}
	made, err := sns.CreateTopic(a.Name) // finds one that is there
	if err != nil {
		return nil, err
	}
	arn := made.TopicARN()
	var undo undoing
	defer func() { undo.after(&err) }()
	known := false
	for _, t := range topics {
		known = known || t.ARN == arn
	}
	if !known {
		undo.add(func() error { _, err := sns.DeleteTopic(arn); return err })
	}
	subscribed, err := sns.GetAllSubscriptionsByTopic(arn)
	if err != nil {
		return nil, err
	}
	has := map[string]bool{}
	for _, s := range subscribed {
		has[s.Endpoint] = true
	}
	for _, address := range a.Emails {
		if has[address] {
			continue
		}
		if _, err := sns.Subscribe(arn, "email", address); err != nil {
			return nil, fmt.Errorf("subscribe %s: %w", address, err)
		}
	}
	return m.CreateAlarm(a.Name, or(a.Comparison, ">="), a.Threshold, or(a.Period, 300), or(a.EvalPeriods, 2),
		or(a.Statistic, "Average"), cloudwatch.AlarmActions(arn), cloudwatch.OKActions(arn))
}

// RecordDiskUsage stores the use of an instance's disk, in percent, as a metric
// of one's own: namespace "PAWS", name "DiskUsage", by the instance. On the
// instance itself leave the id empty: the metadata service tells it.
// Operation: PutMetricData.
func RecordDiskUsage(instanceID string, percent float64) (bool, error) {
	if instanceID == "" {
		md, err := boto.GetInstanceMetadata()
		if err != nil {
			return false, err
		}
		instanceID, _ = md["instance-id"].(string) // the service always has it
	}
	cw, err := boto.ConnectCloudWatch()
	if err != nil {
		return false, err
	}
	return cw.PutMetricData("PAWS", "DiskUsage", percent, cloudwatch.Unit("Percent"),
		cloudwatch.Dimensions(map[string]string{"InstanceId": instanceID}))
}
