package cloudwatch

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"pawsh/sandbox/core"
)

// alarm is one metric alarm.
type alarm struct {
	name, description string
	in                *cloudwatch.PutMetricAlarmInput // as it was put
	period            time.Duration
	need              int // datapoints to alarm
	percentile        float64
	actionsOn         bool
	updated           time.Time // its configuration

	state      types.StateValue
	reason     string
	reasonData string
	changed    time.Time // its state
	judged     time.Time `store:"lazy"` // up to when it has been evaluated
	history    []types.AlarmHistoryItem
}

// maxHistory is how many events of an alarm are kept.
const maxHistory = 1000

func (a *alarm) note(kind types.HistoryItemType, at time.Time, summary, data string) {
	a.history = append(a.history, types.AlarmHistoryItem{AlarmName: aws.String(a.name), AlarmType: types.AlarmTypeMetricAlarm, HistoryItemType: kind,
		Timestamp: aws.Time(at), HistorySummary: aws.String(summary), HistoryData: aws.String(data)})
	if len(a.history) > maxHistory {
		a.history = slices.Clone(a.history[len(a.history)-maxHistory:])
	}
}

func validation(format string, a ...any) error { return fail("ValidationError", format, a...) }

var topicForm = regexp.MustCompile(`^arn:aws:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+$`)

// checkActions takes topics only; other services are not built.
func checkActions(lists ...[]string) error {
	for _, list := range lists {
		if len(list) > 5 {
			return validation("An alarm can have at most 5 actions for each state")
		}
		for _, arn := range list {
			switch {
			case topicForm.MatchString(arn):
			case strings.HasPrefix(arn, "arn:aws:"):
				return fail("NotImplemented", "The alarm action %s is not implemented", arn)
			default:
				return validation("Invalid arn syntax: %s", arn)
			}
		}
	}
	return nil
}

// checkAlarm refuses what is no alarm on one metric.
func checkAlarm(in *cloudwatch.PutMetricAlarmInput) error {
	switch {
	case aws.ToString(in.AlarmName) == "":
		return missing("AlarmName")
	case len(*in.AlarmName) > 255:
		return validation("1 validation error detected: Value at 'alarmName' failed to satisfy constraint: Member must have length less than or equal to 255")
	case len(in.Metrics) > 0 || in.ThresholdMetricId != nil || in.EvaluationCriteria != nil:
		return fail("NotImplemented", "PutMetricAlarm on expressions is not implemented")
	case in.MetricName == nil:
		return missing("MetricName")
	case in.Namespace == nil:
		return missing("Namespace")
	case in.EvaluationPeriods == nil:
		return missing("EvaluationPeriods")
	case in.Threshold == nil:
		return missing("Threshold")
	case !finite(*in.Threshold):
		return badValue("The value %v for parameter Threshold is invalid.", *in.Threshold)
	case *in.EvaluationPeriods < 1:
		return badValue("The parameter EvaluationPeriods must be greater than 0.")
	case comparisons[in.ComparisonOperator].test == nil:
		return validation("1 validation error detected: Value '%s' at 'comparisonOperator' failed to satisfy constraint: Member must satisfy enum value set: [GreaterThanOrEqualToThreshold, GreaterThanThreshold, LessThanThreshold, LessThanOrEqualToThreshold]", in.ComparisonOperator)
	case in.Statistic == "" && in.ExtendedStatistic == nil:
		return missing("Statistic")
	case in.Statistic != "" && in.ExtendedStatistic != nil:
		return fail("InvalidParameterCombination", "The parameters Statistic and ExtendedStatistic are mutually exclusive.")
	case in.Statistic != "" && !slices.Contains(in.Statistic.Values(), in.Statistic):
		return badValue("The value %s for parameter Statistic is invalid.", in.Statistic)
	case in.Unit != "" && !slices.Contains(in.Unit.Values(), in.Unit):
		return badValue("The value %s for parameter Unit is invalid.", in.Unit)
	case in.DatapointsToAlarm != nil && (*in.DatapointsToAlarm < 1 || *in.DatapointsToAlarm > *in.EvaluationPeriods):
		return validation("DatapointsToAlarm must be between 1 and EvaluationPeriods (%d)", *in.EvaluationPeriods)
	case in.TreatMissingData != nil && !slices.Contains([]string{"breaching", "notBreaching", "ignore", "missing"}, *in.TreatMissingData):
		return validation("The value %s is unsupported for parameter TreatMissingData", *in.TreatMissingData)
	}
	if err := checkDimensions(in.Dimensions, "PutMetricAlarm"); err != nil {
		return err
	}
	return checkActions(in.AlarmActions, in.OKActions, in.InsufficientDataActions)
}

// putMetricAlarm makes an alarm, or changes one: that begins anew.
func putMetricAlarm(q *call, in *cloudwatch.PutMetricAlarmInput) (*cloudwatch.PutMetricAlarmOutput, error) {
	if err := checkAlarm(in); err != nil {
		return nil, err
	}
	period, err := checkPeriod(in.Period)
	if err != nil {
		return nil, err
	}
	if total := period * time.Duration(*in.EvaluationPeriods); total > 24*time.Hour && period < time.Hour || total > 7*24*time.Hour {
		return nil, validation("Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400), or a week for periods of an hour and more.")
	}
	kept := *in
	a := &alarm{name: *in.AlarmName, description: aws.ToString(in.AlarmDescription), in: &kept, period: period, need: int(*in.EvaluationPeriods), actionsOn: in.ActionsEnabled == nil || *in.ActionsEnabled,
		updated: q.now, state: types.StateValueInsufficientData, reason: "Unchecked: Initial alarm creation", changed: q.now, judged: q.now}
	if in.DatapointsToAlarm != nil {
		a.need = int(*in.DatapointsToAlarm)
	}
	if in.ExtendedStatistic != nil {
		if a.percentile, err = parsePercentile(*in.ExtendedStatistic); err != nil {
			return nil, err
		}
	}
	what := "created"
	if old := q.alarms[a.name]; old != nil {
		a.history, a.state, a.reason, a.reasonData, a.changed = old.history, old.state, old.reason, old.reasonData, old.changed
		what = "updated"
	}
	q.alarms[a.name] = a
	a.note(types.HistoryItemTypeConfigurationUpdate, q.now, fmt.Sprintf("Alarm %q %s", a.name, what), "{}")
	q.c.judge(q.region, a, q.now)
	return nil, nil
}

func (r *region) alarmARN(c *Cloud, a *alarm) string {
	return "arn:aws:cloudwatch:" + r.name + ":" + c.env.AccountID() + ":alarm:" + a.name
}

func (q *call) view(a *alarm) types.MetricAlarm {
	in := a.in
	lists := func(s []string) []string {
		if s == nil {
			return []string{}
		}
		return s
	}
	v := types.MetricAlarm{
		AlarmName: aws.String(a.name), AlarmArn: aws.String(q.alarmARN(q.c, a)), AlarmDescription: in.AlarmDescription, ActionsEnabled: aws.Bool(a.actionsOn),
		AlarmConfigurationUpdatedTimestamp: aws.Time(a.updated), AlarmActions: lists(in.AlarmActions), OKActions: lists(in.OKActions),
		InsufficientDataActions: lists(in.InsufficientDataActions), ComparisonOperator: in.ComparisonOperator, DatapointsToAlarm: in.DatapointsToAlarm,
		Dimensions: in.Dimensions, EvaluationPeriods: in.EvaluationPeriods, ExtendedStatistic: in.ExtendedStatistic, MetricName: in.MetricName,
		Namespace: in.Namespace, Period: in.Period, Statistic: in.Statistic, Threshold: in.Threshold, TreatMissingData: in.TreatMissingData, Unit: in.Unit,
		EvaluateLowSampleCountPercentile: in.EvaluateLowSampleCountPercentile,
		StateReason:                      aws.String(a.reason), StateUpdatedTimestamp: aws.Time(a.changed), StateTransitionedTimestamp: aws.Time(a.changed), StateValue: a.state,
	}
	if a.reasonData != "" {
		v.StateReasonData = aws.String(a.reasonData)
	}
	if v.Dimensions == nil {
		v.Dimensions = []types.Dimension{}
	}
	return v
}

func (r *region) sortedAlarms() []*alarm {
	list := make([]*alarm, 0, len(r.alarms))
	for _, a := range r.alarms {
		list = append(list, a)
	}
	slices.SortFunc(list, func(a, b *alarm) int { return strings.Compare(a.name, b.name) })
	return list
}

func describeAlarms(q *call, in *cloudwatch.DescribeAlarmsInput) (*cloudwatch.DescribeAlarmsOutput, error) {
	if len(in.AlarmNames) > 0 && in.AlarmNamePrefix != nil {
		return nil, validation("AlarmNames and AlarmNamePrefix are mutually exclusive")
	}
	if in.StateValue != "" && !slices.Contains(in.StateValue.Values(), in.StateValue) {
		return nil, badValue("The value %s for parameter StateValue is invalid.", in.StateValue)
	}
	var list []*alarm
	for _, a := range q.sortedAlarms() {
		switch {
		case len(in.AlarmNames) > 0 && !slices.Contains(in.AlarmNames, a.name),
			!strings.HasPrefix(a.name, aws.ToString(in.AlarmNamePrefix)),
			in.StateValue != "" && in.StateValue != a.state,
			len(in.AlarmTypes) > 0 && !slices.Contains(in.AlarmTypes, types.AlarmTypeMetricAlarm),
			in.ActionPrefix != nil && !hasAction(a, *in.ActionPrefix):
			continue
		}
		list = append(list, a)
	}
	limit, err := pageLimit(in.MaxRecords, 100)
	if err != nil {
		return nil, err
	}
	list, next, ok := core.Page(list, aws.ToString(in.NextToken), limit)
	if !ok {
		return nil, fail("InvalidNextToken", "Invalid nextToken")
	}
	out := &cloudwatch.DescribeAlarmsOutput{MetricAlarms: []types.MetricAlarm{}}
	if next != "" {
		out.NextToken = &next
	}
	for _, a := range list {
		out.MetricAlarms = append(out.MetricAlarms, q.view(a))
	}
	return out, nil
}

func pageLimit(n *int32, high int) (int, error) {
	if n == nil {
		return min(50, high), nil
	}
	if *n < 1 || int(*n) > high {
		return 0, badValue("The value %d for parameter MaxRecords must be between 1 and %d.", *n, high)
	}
	return int(*n), nil
}

func hasAction(a *alarm, prefix string) bool {
	for _, list := range [][]string{a.in.AlarmActions, a.in.OKActions, a.in.InsufficientDataActions} {
		if slices.ContainsFunc(list, func(arn string) bool { return strings.HasPrefix(arn, prefix) }) {
			return true
		}
	}
	return false
}

func describeAlarmsForMetric(q *call, in *cloudwatch.DescribeAlarmsForMetricInput) (*cloudwatch.DescribeAlarmsForMetricOutput, error) {
	if in.MetricName == nil || in.Namespace == nil {
		return nil, missing("MetricName and Namespace")
	}
	want := metricKey(*in.Namespace, *in.MetricName, in.Dimensions)
	out := &cloudwatch.DescribeAlarmsForMetricOutput{MetricAlarms: []types.MetricAlarm{}}
	for _, a := range q.sortedAlarms() {
		switch {
		case metricKey(*a.in.Namespace, *a.in.MetricName, a.in.Dimensions) != want,
			in.Period != nil && *in.Period != *a.in.Period,
			in.Statistic != "" && in.Statistic != a.in.Statistic,
			in.Unit != "" && in.Unit != a.in.Unit:
			continue
		}
		out.MetricAlarms = append(out.MetricAlarms, q.view(a))
	}
	return out, nil
}

// deleteAlarms deletes all of the alarms, or none when one is not there.
func deleteAlarms(q *call, in *cloudwatch.DeleteAlarmsInput) (*cloudwatch.DeleteAlarmsOutput, error) {
	if len(in.AlarmNames) == 0 {
		return nil, missing("AlarmNames")
	}
	if len(in.AlarmNames) > 100 {
		return nil, validation("The collection AlarmNames must not have a size greater than 100.")
	}
	for _, n := range in.AlarmNames {
		if q.alarms[n] == nil {
			return nil, unknownAlarm(n)
		}
	}
	for _, n := range in.AlarmNames {
		delete(q.alarms, n)
	}
	return nil, nil
}

func unknownAlarm(name string) error {
	return fail("ResourceNotFound", "Alarm %s does not exist", name)
}

func setAlarmState(q *call, in *cloudwatch.SetAlarmStateInput) (*cloudwatch.SetAlarmStateOutput, error) {
	a := q.alarms[aws.ToString(in.AlarmName)]
	switch {
	case a == nil:
		return nil, unknownAlarm(aws.ToString(in.AlarmName))
	case !slices.Contains(in.StateValue.Values(), in.StateValue):
		return nil, badValue("The value %s for parameter StateValue is invalid.", in.StateValue)
	case in.StateReason == nil:
		return nil, missing("StateReason")
	}
	q.c.change(q.region, a, q.now, in.StateValue, *in.StateReason, aws.ToString(in.StateReasonData))
	return nil, nil
}

// setActions passes over alarms that are not there, as AWS does.
func (q *call) setActions(names []string, on bool) {
	for _, n := range names {
		if a := q.alarms[n]; a != nil {
			a.actionsOn = on
		}
	}
}

func enableAlarmActions(q *call, in *cloudwatch.EnableAlarmActionsInput) (*cloudwatch.EnableAlarmActionsOutput, error) {
	q.setActions(in.AlarmNames, true)
	return nil, nil
}

func disableAlarmActions(q *call, in *cloudwatch.DisableAlarmActionsInput) (*cloudwatch.DisableAlarmActionsOutput, error) {
	q.setActions(in.AlarmNames, false)
	return nil, nil
}

func describeAlarmHistory(q *call, in *cloudwatch.DescribeAlarmHistoryInput) (*cloudwatch.DescribeAlarmHistoryOutput, error) {
	var list []types.AlarmHistoryItem
	for _, a := range q.sortedAlarms() {
		if in.AlarmName != nil && *in.AlarmName != a.name {
			continue
		}
		for _, h := range a.history {
			if in.HistoryItemType != "" && in.HistoryItemType != h.HistoryItemType || in.StartDate != nil && h.Timestamp.Before(*in.StartDate) || in.EndDate != nil && h.Timestamp.After(*in.EndDate) {
				continue
			}
			list = append(list, h)
		}
	}
	slices.SortStableFunc(list, func(a, b types.AlarmHistoryItem) int { return a.Timestamp.Compare(*b.Timestamp) })
	if in.ScanBy != types.ScanByTimestampAscending {
		slices.Reverse(list)
	}
	limit, err := pageLimit(in.MaxRecords, 100)
	if err != nil {
		return nil, err
	}
	list, next, ok := core.Page(list, aws.ToString(in.NextToken), limit)
	if !ok {
		return nil, fail("InvalidNextToken", "Invalid nextToken")
	}
	out := &cloudwatch.DescribeAlarmHistoryOutput{AlarmHistoryItems: list}
	if next != "" {
		out.NextToken = &next
	}
	return out, nil
}
