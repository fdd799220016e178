package cloudwatch

import (
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

// EnableAlarmActions lets alarms act again: EnableAlarmActions
// (boto: enable_alarm_actions).
//
// Example: cw.EnableAlarmActions("many cats")
func (c *Connection) EnableAlarmActions(alarmNames ...string) (bool, error) {
	if _, err := c.Client.EnableAlarmActions(c.ctx(), &sdk.EnableAlarmActionsInput{AlarmNames: alarmNames}); err != nil {
		return false, fmt.Errorf("enable actions of %s: %w", strings.Join(alarmNames, " "), err)
	}
	return true, nil
}

// DisableAlarmActions keeps alarms from acting: DisableAlarmActions
// (boto: disable_alarm_actions).
//
// Example: cw.DisableAlarmActions("many cats")
func (c *Connection) DisableAlarmActions(alarmNames ...string) (bool, error) {
	if _, err := c.Client.DisableAlarmActions(c.ctx(), &sdk.DisableAlarmActionsInput{AlarmNames: alarmNames}); err != nil {
		return false, fmt.Errorf("disable actions of %s: %w", strings.Join(alarmNames, " "), err)
	}
	return true, nil
}

// AlarmHistoryItem is something that happened to an alarm
// (boto: AlarmHistoryItem).
type AlarmHistoryItem struct {
	Name      string
	TimeStamp time.Time
	ItemType  string // "StateUpdate", "ConfigurationUpdate", "Action"
	Summary   string
	Data      string // JSON
	Raw       types.AlarmHistoryItem
}

// String prints the item as boto does.
func (i *AlarmHistoryItem) String() string {
	return "AlarmHistory:" + i.Name + "[" + i.Summary + " at " + i.TimeStamp.UTC().Format(time.RFC3339) + "]"
}

// DescribeAlarmHistory lists what happened to an alarm, or to all for "":
// DescribeAlarmHistory, all pages (boto: describe_alarm_history).
//
// Example: cw.DescribeAlarmHistory("many cats")
func (c *Connection) DescribeAlarmHistory(alarmName string) ([]*AlarmHistoryItem, error) {
	in := &sdk.DescribeAlarmHistoryInput{}
	if alarmName != "" {
		in.AlarmName = aws.String(alarmName)
	}
	list := []*AlarmHistoryItem{}
	for p := sdk.NewDescribeAlarmHistoryPaginator(c.Client, in); p.HasMorePages(); {
		page, err := p.NextPage(c.ctx())
		if err != nil {
			return nil, fmt.Errorf("describe history of alarm %q: %w", alarmName, err)
		}
		for _, i := range page.AlarmHistoryItems {
			list = append(list, &AlarmHistoryItem{
				Name: aws.ToString(i.AlarmName), TimeStamp: aws.ToTime(i.Timestamp), ItemType: string(i.HistoryItemType),
				Summary: aws.ToString(i.HistorySummary), Data: aws.ToString(i.HistoryData), Raw: i,
			})
		}
	}
	return list, nil
}

// PutMetricAlarm makes an alarm as it stands, or changes the one of its name:
// PutMetricAlarm (boto: put_metric_alarm).
//
// Example: cw.PutMetricAlarm(alarm)
func (c *Connection) PutMetricAlarm(alarm *MetricAlarm) (bool, error) {
	operator := alarm.Comparison
	if words, ok := comparisons[operator]; ok {
		operator = words
	}
	_, err := c.Client.PutMetricAlarm(c.ctx(), &sdk.PutMetricAlarmInput{
		AlarmName: aws.String(alarm.Name), AlarmDescription: aws.String(alarm.Description), MetricName: aws.String(alarm.Metric),
		Namespace: aws.String(alarm.Namespace), Dimensions: Dimensions(alarm.Dimensions).list, ComparisonOperator: types.ComparisonOperator(operator),
		Threshold: aws.Float64(alarm.Threshold), Statistic: types.Statistic(alarm.Statistic), Period: aws.Int32(int32(alarm.Period)),
		EvaluationPeriods: aws.Int32(int32(alarm.EvaluationPeriods)), Unit: types.StandardUnit(alarm.Unit), ActionsEnabled: aws.Bool(alarm.ActionsEnabled),
		AlarmActions: alarm.AlarmActions, OKActions: alarm.OKActions, InsufficientDataActions: alarm.InsufficientDataActions,
	})
	if err != nil {
		return false, fmt.Errorf("put alarm %q: %w", alarm.Name, err)
	}
	alarm.Connection = c
	return true, nil
}

// CreateAlarm is PutMetricAlarm: PutMetricAlarm (boto: create_alarm).
//
// Example: cw.CreateAlarm(&MetricAlarm{Name: "no cats", Metric: "Cats", Namespace: "Paws", Statistic: "Average", Comparison: "<", Threshold: 1, Period: 60, EvaluationPeriods: 1})
func (c *Connection) CreateAlarm(alarm *MetricAlarm) (bool, error) { return c.PutMetricAlarm(alarm) }

// UpdateAlarm is PutMetricAlarm: PutMetricAlarm (boto: update_alarm).
//
// Example: alarm.Threshold = 20; cw.UpdateAlarm(alarm)
func (c *Connection) UpdateAlarm(alarm *MetricAlarm) (bool, error) { return c.PutMetricAlarm(alarm) }

// Update stores what has been changed in the alarm's fields: PutMetricAlarm
// (boto: update).
//
// Example: alarm.Threshold = 20; alarm.Update()
func (a *MetricAlarm) Update() (bool, error) { return a.Connection.PutMetricAlarm(a) }

// EnableActions lets the alarm act again: EnableAlarmActions
// (boto: enable_actions).
//
// Example: alarm.EnableActions()
func (a *MetricAlarm) EnableActions() (bool, error) {
	ok, err := a.Connection.EnableAlarmActions(a.Name)
	a.ActionsEnabled = a.ActionsEnabled || ok
	return ok, err
}

// DisableActions keeps the alarm from acting: DisableAlarmActions
// (boto: disable_actions).
//
// Example: alarm.DisableActions()
func (a *MetricAlarm) DisableActions() (bool, error) {
	ok, err := a.Connection.DisableAlarmActions(a.Name)
	a.ActionsEnabled = a.ActionsEnabled && !ok
	return ok, err
}

// AddAlarmAction adds an ARN to act on when the alarm rings, here only until
// Update (boto: add_alarm_action).
//
// Example: alarm.AddAlarmAction(topic); alarm.Update()
func (a *MetricAlarm) AddAlarmAction(arn string) { a.AlarmActions = append(a.AlarmActions, arn) }

// AddOKAction adds an ARN to act on when all is well again, here only until
// Update (boto: add_ok_action).
//
// Example: alarm.AddOKAction(topic); alarm.Update()
func (a *MetricAlarm) AddOKAction(arn string) { a.OKActions = append(a.OKActions, arn) }

// AddInsufficientDataAction adds an ARN to act on when values fail to come,
// here only until Update (boto: add_insufficient_data_action).
//
// Example: alarm.AddInsufficientDataAction(topic); alarm.Update()
func (a *MetricAlarm) AddInsufficientDataAction(arn string) {
	a.InsufficientDataActions = append(a.InsufficientDataActions, arn)
}

// DescribeHistory lists what happened to the alarm: DescribeAlarmHistory, all
// pages (boto: describe_history).
//
// Example: alarm.DescribeHistory()
func (a *MetricAlarm) DescribeHistory() ([]*AlarmHistoryItem, error) {
	return a.Connection.DescribeAlarmHistory(a.Name)
}
