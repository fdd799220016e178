package cloudwatch

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

// MetricAlarm watches a metric and acts when it crosses a threshold
// (boto: MetricAlarm).
type MetricAlarm struct {
	Name                    string
	ARN                     string
	Description             string
	Metric                  string // its name
	Namespace               string
	Dimensions              map[string][]string
	Statistic               string
	Comparison              string // in words when just made, as a sign from DescribeAlarms: boto's habit
	Threshold               float64
	Period                  int // seconds
	EvaluationPeriods       int
	Unit                    string
	StateValue              string // "OK", "ALARM", "INSUFFICIENT_DATA"
	StateReason             string
	ActionsEnabled          bool
	AlarmActions            []string
	OKActions               []string
	InsufficientDataActions []string
	Connection              *Connection
	Raw                     types.MetricAlarm
}

// String prints the alarm as boto does.
func (a *MetricAlarm) String() string {
	return fmt.Sprintf("MetricAlarm:%s[%s(%s) %s %s]", a.Name, a.Metric, a.Statistic, a.Comparison, number(a.Threshold))
}

// number prints a float as Python does: 80.0.
func number(f float64) string {
	s := strconv.FormatFloat(f, 'g', -1, 64)
	if !strings.ContainsAny(s, ".einN") {
		s += ".0"
	}
	return s
}

var comparisons = map[string]string{
	">=": string(types.ComparisonOperatorGreaterThanOrEqualToThreshold),
	">":  string(types.ComparisonOperatorGreaterThanThreshold),
	"<":  string(types.ComparisonOperatorLessThanThreshold),
	"<=": string(types.ComparisonOperatorLessThanOrEqualToThreshold),
}

func sign(operator string) string {
	for s, words := range comparisons {
		if words == operator {
			return s
		}
	}
	return operator
}

func (c *Connection) alarm(raw types.MetricAlarm) *MetricAlarm {
	return &MetricAlarm{
		Name: aws.ToString(raw.AlarmName), ARN: aws.ToString(raw.AlarmArn), Description: aws.ToString(raw.AlarmDescription),
		Metric: aws.ToString(raw.MetricName), Namespace: aws.ToString(raw.Namespace), Dimensions: dimensionMap(raw.Dimensions),
		Statistic: string(raw.Statistic), Comparison: sign(string(raw.ComparisonOperator)), Threshold: aws.ToFloat64(raw.Threshold),
		Period: int(aws.ToInt32(raw.Period)), EvaluationPeriods: int(aws.ToInt32(raw.EvaluationPeriods)), Unit: string(raw.Unit),
		StateValue: string(raw.StateValue), StateReason: aws.ToString(raw.StateReason), ActionsEnabled: aws.ToBool(raw.ActionsEnabled),
		AlarmActions: raw.AlarmActions, OKActions: raw.OKActions, InsufficientDataActions: raw.InsufficientDataActions,
		Connection: c, Raw: raw,
	}
}

// CreateAlarmOption is an argument of CreateAlarm.
type CreateAlarmOption interface {
	createAlarm(*sdk.PutMetricAlarmInput) error
}

type alarmOption func(*sdk.PutMetricAlarmInput)

func (f alarmOption) createAlarm(in *sdk.PutMetricAlarmInput) error { f(in); return nil }

// Description tells people what an alarm is for (boto: description).
//
// Example: metric.CreateAlarm("few cats", "<", 2, 60, 1, "Average", Description("feed them"))
func Description(text string) CreateAlarmOption {
	return alarmOption(func(in *sdk.PutMetricAlarmInput) { in.AlarmDescription = aws.String(text) })
}

// Enabled, when false, makes an alarm that does not act (boto: enabled).
//
// Example: metric.CreateAlarm("few cats", "<", 2, 60, 1, "Average", Enabled(false))
func Enabled(yes bool) CreateAlarmOption {
	return alarmOption(func(in *sdk.PutMetricAlarmInput) { in.ActionsEnabled = &yes })
}

// AlarmActions are ARNs, such as a topic's, to act on when the alarm rings
// (boto: alarm_actions).
//
// Example: metric.CreateAlarm("few cats", "<", 2, 60, 1, "Average", AlarmActions(topic))
func AlarmActions(arns ...string) CreateAlarmOption {
	return alarmOption(func(in *sdk.PutMetricAlarmInput) { in.AlarmActions = append(in.AlarmActions, arns...) })
}

// OKActions are ARNs to act on when all is well again (boto: ok_actions).
//
// Example: metric.CreateAlarm("few cats", "<", 2, 60, 1, "Average", OKActions(topic))
func OKActions(arns ...string) CreateAlarmOption {
	return alarmOption(func(in *sdk.PutMetricAlarmInput) { in.OKActions = append(in.OKActions, arns...) })
}

// InsufficientDataActions are ARNs to act on when values fail to come
// (boto: insufficient_data_actions).
//
// Example: metric.CreateAlarm("few cats", "<", 2, 60, 1, "Average", InsufficientDataActions(topic))
func InsufficientDataActions(arns ...string) CreateAlarmOption {
	return alarmOption(func(in *sdk.PutMetricAlarmInput) {
		in.InsufficientDataActions = append(in.InsufficientDataActions, arns...)
	})
}

func (o UnitOption) createAlarm(in *sdk.PutMetricAlarmInput) error {
	in.Unit = types.StandardUnit(o.name)
	return nil
}

func (o DimensionsOption) createAlarm(in *sdk.PutMetricAlarmInput) error {
	in.Dimensions = o.list
	return o.err
}

// CreateAlarm makes an alarm on the metric, or changes the one of that name:
// PutMetricAlarm (boto: create_alarm). comparison is >=, >, < or <=; period is
// in seconds; statistic is "Average" or its like. Options: AlarmActions,
// OKActions, InsufficientDataActions, Description, Enabled, Unit, Dimensions.
//
// Example: metric.CreateAlarm("few cats", "<", 2, 60, 1, "Average")
func (m *Metric) CreateAlarm(name, comparison string, threshold float64, period, evaluationPeriods int, statistic string, opts ...CreateAlarmOption) (*MetricAlarm, error) {
	operator := comparison
	if words, ok := comparisons[comparison]; ok {
		operator = words
	}
	in := &sdk.PutMetricAlarmInput{
		AlarmName: aws.String(name), MetricName: aws.String(m.Name), Namespace: aws.String(m.Namespace), Dimensions: m.rawDimensions(),
		ComparisonOperator: types.ComparisonOperator(operator), Threshold: aws.Float64(threshold), Statistic: types.Statistic(statistic),
		Period: aws.Int32(int32(period)), EvaluationPeriods: aws.Int32(int32(evaluationPeriods)),
	}
	for _, o := range opts {
		if err := o.createAlarm(in); err != nil {
			return nil, fmt.Errorf("create alarm %q: %w", name, err)
		}
	}
	if _, err := m.Connection.Client.PutMetricAlarm(m.Connection.ctx(), in); err != nil {
		return nil, fmt.Errorf("create alarm %q: %w", name, err)
	}
	a := m.Connection.alarm(types.MetricAlarm{
		AlarmName: in.AlarmName, AlarmDescription: in.AlarmDescription, MetricName: in.MetricName, Namespace: in.Namespace,
		Dimensions: in.Dimensions, ComparisonOperator: in.ComparisonOperator, Threshold: in.Threshold, Statistic: in.Statistic,
		Period: in.Period, EvaluationPeriods: in.EvaluationPeriods, Unit: in.Unit, ActionsEnabled: in.ActionsEnabled,
		AlarmActions: in.AlarmActions, OKActions: in.OKActions, InsufficientDataActions: in.InsufficientDataActions,
	})
	a.Comparison = operator
	a.ActionsEnabled = in.ActionsEnabled == nil || *in.ActionsEnabled
	return a, nil
}

// DescribeAlarms lists alarms, those of the names given or all:
// DescribeAlarms, all pages (boto: describe_alarms).
//
// Example: cw.DescribeAlarms()
func (c *Connection) DescribeAlarms(alarmNames ...string) ([]*MetricAlarm, error) {
	list := []*MetricAlarm{}
	for p := sdk.NewDescribeAlarmsPaginator(c.Client, &sdk.DescribeAlarmsInput{AlarmNames: alarmNames}); p.HasMorePages(); {
		page, err := p.NextPage(c.ctx())
		if err != nil {
			return nil, fmt.Errorf("describe alarms: %w", err)
		}
		for _, raw := range page.MetricAlarms {
			list = append(list, c.alarm(raw))
		}
	}
	return list, nil
}

// DescribeAlarms lists the alarms on the metric: DescribeAlarmsForMetric
// (boto: describe_alarms).
//
// Example: metric.DescribeAlarms()
func (m *Metric) DescribeAlarms() ([]*MetricAlarm, error) {
	c := m.Connection
	out, err := c.Client.DescribeAlarmsForMetric(c.ctx(), &sdk.DescribeAlarmsForMetricInput{
		MetricName: aws.String(m.Name), Namespace: aws.String(m.Namespace), Dimensions: m.rawDimensions(),
	})
	if err != nil {
		return nil, fmt.Errorf("describe alarms of metric %s: %w", m.Name, err)
	}
	list := []*MetricAlarm{}
	for _, raw := range out.MetricAlarms {
		list = append(list, c.alarm(raw))
	}
	return list, nil
}

// DeleteAlarms removes alarms: DeleteAlarms (boto: delete_alarms). Code
// ResourceNotFound.
//
// Example: cw.DeleteAlarms("many cats")
func (c *Connection) DeleteAlarms(alarms ...string) (bool, error) {
	if _, err := c.Client.DeleteAlarms(c.ctx(), &sdk.DeleteAlarmsInput{AlarmNames: alarms}); err != nil {
		return false, fmt.Errorf("delete alarms %s: %w", strings.Join(alarms, " "), err)
	}
	return true, nil
}

// SetAlarmState puts an alarm into a state, "OK", "ALARM" or
// "INSUFFICIENT_DATA", to try its actions: SetAlarmState
// (boto: set_alarm_state). Code ResourceNotFound.
//
// Example: cw.SetAlarmState("many cats", "to see what happens", "ALARM")
func (c *Connection) SetAlarmState(alarmName, stateReason, stateValue string) (bool, error) {
	_, err := c.Client.SetAlarmState(c.ctx(), &sdk.SetAlarmStateInput{
		AlarmName: aws.String(alarmName), StateReason: aws.String(stateReason), StateValue: types.StateValue(stateValue),
	})
	if err != nil {
		return false, fmt.Errorf("set state of alarm %q: %w", alarmName, err)
	}
	return true, nil
}

// Delete removes the alarm: DeleteAlarms (boto: delete).
//
// Example: alarm.Delete()
func (a *MetricAlarm) Delete() (bool, error) { return a.Connection.DeleteAlarms(a.Name) }

// SetState puts the alarm into a state: SetAlarmState (boto: set_state).
//
// Example: alarm.SetState("ALARM", "to see what happens")
func (a *MetricAlarm) SetState(value, reason string) (bool, error) {
	ok, err := a.Connection.SetAlarmState(a.Name, reason, value)
	if err == nil {
		a.StateValue, a.StateReason = value, reason
	}
	return ok, err
}
