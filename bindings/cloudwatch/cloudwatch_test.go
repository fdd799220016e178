package cloudwatch_test

import (
	"fmt"
	"testing"
	"time"

	"pawsh/bindings/cloudwatch"
	"pawsh/bindings/session/sessiontest"
)

func xml(operation, result string) string {
	return "<" + operation + "Response><" + operation + "Result>" + result + "</" + operation + "Result></" + operation + "Response>"
}

const (
	metric = "<member><MetricName>CPUUtilization</MetricName><Namespace>AWS/EC2</Namespace><Dimensions><member><Name>InstanceId</Name><Value>i-1</Value></member></Dimensions></member>"
	alarm  = "<member><AlarmName>busy</AlarmName><MetricName>CPUUtilization</MetricName><Namespace>AWS/EC2</Namespace><Statistic>Average</Statistic><ComparisonOperator>LessThanThreshold</ComparisonOperator><Threshold>0.5</Threshold><Period>60</Period><EvaluationPeriods>2</EvaluationPeriods><StateValue>OK</StateValue><ActionsEnabled>true</ActionsEnabled></member>"
)

func connect(t *testing.T, answers map[string][]string) (*sessiontest.Script, *cloudwatch.Connection) {
	t.Helper()
	s := sessiontest.New(t, answers)
	c, err := cloudwatch.Connect(s.Env)
	if err != nil {
		t.Fatal(err)
	}
	return s, c
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	s, c := connect(t, map[string][]string{
		"ListMetrics":         {xml("ListMetrics", "<Metrics>"+metric+"</Metrics><NextToken>two</NextToken>"), xml("ListMetrics", "<Metrics>"+metric+"</Metrics>")},
		"GetMetricStatistics": {xml("GetMetricStatistics", "<Label>CPUUtilization</Label><Datapoints><member><Timestamp>2026-11-22T10:01:00Z</Timestamp><Average>42.5</Average><Unit>Percent</Unit></member><member><Timestamp>2026-11-22T10:00:00Z</Timestamp><Average>3</Average><Unit>Percent</Unit></member></Datapoints>")},
	})
	list, err := c.ListMetrics(cloudwatch.Dimensions(map[string]string{"InstanceId": "i-1"}), cloudwatch.MetricName("CPUUtilization"), cloudwatch.Namespace("AWS/EC2"))
	if err != nil || fmt.Sprint(list) != "[Metric:CPUUtilization Metric:CPUUtilization]" || fmt.Sprint(list[0].Dimensions) != "map[InstanceId:[i-1]]" {
		t.Fatalf("metrics %v, %v", list, err)
	}
	s.Form("ListMetrics", map[string]string{"Dimensions.member.1.Name": "InstanceId", "Dimensions.member.1.Value": "i-1", "MetricName": "CPUUtilization", "Namespace": "AWS/EC2", "NextToken": "two"})
	end := time.Date(2026, 11, 22, 11, 0, 0, 0, time.UTC)
	points, err := list[0].Query(end.Add(-time.Hour), end, []string{"Average", "Sum"}, cloudwatch.Unit("Percent"), cloudwatch.Period(300))
	if err != nil || len(points) != 2 || points[0].Average != 3 || points[1].String() != "{Timestamp: 2026-11-22T10:01:00Z, Average: 42.5, Unit: Percent}" {
		t.Errorf("points %v, %v", points, err)
	}
	s.Form("GetMetricStatistics", map[string]string{
		"StartTime": "2026-11-22T10:00:00Z", "EndTime": "2026-11-22T11:00:00Z", "Statistics.member.1": "Average", "Statistics.member.2": "Sum",
		"Period": "300", "Unit": "Percent", "Dimensions.member.1.Value": "i-1",
	})
	if _, err := list[0].Query(end, end, 7); err == nil {
		t.Error("a number was taken as statistics")
	}
	if _, err := c.ListMetrics(cloudwatch.Dimensions("i-1")); err == nil {
		t.Error("text was taken as dimensions")
	}
}

func TestPutMetricData(t *testing.T) {
	t.Parallel()
	s, c := connect(t, map[string][]string{"PutMetricData": {xml("PutMetricData", "")}})
	at := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	if ok, err := c.PutMetricData("paws", "disk", 42.5, cloudwatch.Unit("Percent"), cloudwatch.Timestamp(at), cloudwatch.Dimensions(map[string][]string{"a": {"1", "2"}}), cloudwatch.MoreValues(43)); !ok || err != nil {
		t.Errorf("put %v, %v", ok, err)
	}
	s.Form("PutMetricData", map[string]string{
		"Namespace": "paws", "MetricData.member.1.MetricName": "disk", "MetricData.member.1.Value": "42.5", "MetricData.member.1.Unit": "Percent",
		"MetricData.member.1.Timestamp": "2026-11-22T10:00:00Z", "MetricData.member.1.Dimensions.member.2.Value": "2",
		"MetricData.member.2.Value": "43", "MetricData.member.2.MetricName": "disk",
	})
	if _, err := c.PutMetricData("paws", "disk", 0, cloudwatch.StatisticValues(map[string]float64{"sum": 6, "minimum": 1, "maximum": 3, "samplecount": 3})); err != nil {
		t.Error(err)
	}
	s.Form("PutMetricData", map[string]string{"MetricData.member.1.Value": "", "MetricData.member.1.StatisticValues.Sum": "6", "MetricData.member.1.StatisticValues.SampleCount": "3"})
}

func TestAlarms(t *testing.T) {
	t.Parallel()
	s, c := connect(t, map[string][]string{
		"PutMetricAlarm":          {xml("PutMetricAlarm", "")},
		"DescribeAlarms":          {xml("DescribeAlarms", "<MetricAlarms>"+alarm+"</MetricAlarms>")},
		"DescribeAlarmsForMetric": {xml("DescribeAlarmsForMetric", "<MetricAlarms>"+alarm+"</MetricAlarms>")},
		"SetAlarmState":           {xml("SetAlarmState", "")},
		"DeleteAlarms":            {xml("DeleteAlarms", "")},
	})
	m := &cloudwatch.Metric{Name: "CPUUtilization", Namespace: "AWS/EC2", Dimensions: map[string][]string{"InstanceId": {"i-1"}}, Connection: c}
	a, err := m.CreateAlarm("busy", ">=", 80, 60, 2, "Average", cloudwatch.AlarmActions("arn:1"), cloudwatch.OKActions("arn:2"), cloudwatch.Description("hot"), cloudwatch.Enabled(true))
	if err != nil {
		t.Fatal(err)
	}
	if a.String() != "MetricAlarm:busy[CPUUtilization(Average) GreaterThanOrEqualToThreshold 80.0]" || !a.ActionsEnabled {
		t.Errorf("alarm %v", a)
	}
	s.Form("PutMetricAlarm", map[string]string{
		"AlarmName": "busy", "ComparisonOperator": "GreaterThanOrEqualToThreshold", "Threshold": "80", "Period": "60", "EvaluationPeriods": "2",
		"Statistic": "Average", "AlarmActions.member.1": "arn:1", "OKActions.member.1": "arn:2", "AlarmDescription": "hot", "Dimensions.member.1.Value": "i-1",
	})
	for name, list := range map[string]func() ([]*cloudwatch.MetricAlarm, error){
		"all": func() ([]*cloudwatch.MetricAlarm, error) { return c.DescribeAlarms("busy") }, "of the metric": m.DescribeAlarms,
	} {
		if got, err := list(); err != nil || fmt.Sprint(got) != "[MetricAlarm:busy[CPUUtilization(Average) < 0.5]]" || got[0].Period != 60 || got[0].StateValue != "OK" {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	if ok, err := a.SetState("ALARM", "a try"); !ok || err != nil || a.StateValue != "ALARM" {
		t.Errorf("set state %v, %v", ok, err)
	}
	s.Form("SetAlarmState", map[string]string{"AlarmName": "busy", "StateValue": "ALARM", "StateReason": "a try"})
	if ok, err := a.Delete(); !ok || err != nil {
		t.Errorf("delete %v, %v", ok, err)
	}
	s.Form("DeleteAlarms", map[string]string{"AlarmNames.member.1": "busy"})
}
