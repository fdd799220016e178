package cloudwatch

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"pawsh/sandbox/core"
)

// Alarms are evaluated every minute. A clock that was set far ahead would ask
// for more evaluations than anybody will read the history of: those before
// the last maxMinutes are left out.
const (
	minute     = time.Minute
	maxMinutes = 2 * 24 * 60
)

// comparison is how a datapoint compares with a threshold.
type comparison struct {
	words string
	test  func(v, threshold float64) bool
}

var comparisons = map[types.ComparisonOperator]comparison{
	types.ComparisonOperatorGreaterThanOrEqualToThreshold: {"greater than or equal to", func(v, t float64) bool { return v >= t }},
	types.ComparisonOperatorGreaterThanThreshold:          {"greater than", func(v, t float64) bool { return v > t }},
	types.ComparisonOperatorLessThanThreshold:             {"less than", func(v, t float64) bool { return v < t }},
	types.ComparisonOperatorLessThanOrEqualToThreshold:    {"less than or equal to", func(v, t float64) bool { return v <= t }},
}

// settle evaluates the region's alarms for every minute that has passed.
func (c *Cloud) settle(r *region, now time.Time) {
	for _, a := range r.sortedAlarms() {
		at := floor(a.judged, minute).Add(minute)
		if first := floor(now, minute).Add(-maxMinutes * minute); at.Before(first) {
			at = first
		}
		for ; !at.After(now); at = at.Add(minute) {
			c.judge(r, a, at)
		}
	}
}

// judgeAll evaluates all alarms at once, between two minutes.
func (c *Cloud) judgeAll(r *region, now time.Time) {
	for _, a := range r.sortedAlarms() {
		c.judge(r, a, now)
	}
}

// point is one period of an alarm's metric.
type point struct {
	at    time.Time
	value float64
}

// points gives the datapoints of the last evaluation periods up to now: the
// period under way counts when it has data already.
func (c *Cloud) points(r *region, a *alarm, now time.Time) []point {
	n := time.Duration(*a.in.EvaluationPeriods)
	current := floor(now, a.period)
	var out []point
	samples := c.samples(r, *a.in.Namespace, *a.in.MetricName, a.in.Dimensions, current.Add(-n*a.period), now.Add(time.Nanosecond))
	for _, b := range gather(samples, a.period, a.in.Unit) {
		v, ok := b.statistic(a.in.Statistic), true
		if a.in.ExtendedStatistic != nil {
			v, ok = b.percentile(a.percentile)
		}
		if ok {
			out = append(out, point{b.at, v})
		}
	}
	if len(out) > int(n) { // the period under way has taken the place of the first
		out = out[len(out)-int(n):]
	}
	return out
}

// judge evaluates one alarm at a time.
func (c *Cloud) judge(r *region, a *alarm, at time.Time) {
	a.judged = at
	points := c.points(r, a, at)
	n := int(*a.in.EvaluationPeriods)
	var breaching, fine []point
	for _, p := range points {
		if comparisons[a.in.ComparisonOperator].test(p.value, *a.in.Threshold) {
			breaching = append(breaching, p)
		} else {
			fine = append(fine, p)
		}
	}
	gaps := n - len(points)
	treat := aws.ToString(a.in.TreatMissingData)
	switch {
	case len(breaching) >= a.need:
		c.cross(r, a, at, types.StateValueAlarm, breaching, points)
	case treat == "breaching" && len(breaching)+gaps >= a.need:
		c.gap(r, a, at, types.StateValueAlarm, gaps, "Breaching")
	case len(points) > 0 && len(fine) > 0 || len(points) > 0 && treat == "notBreaching":
		c.cross(r, a, at, types.StateValueOk, fine, points)
	case treat == "notBreaching" || treat == "breaching":
		c.gap(r, a, at, types.StateValueOk, gaps, "NonBreaching")
	case len(points) == 0 && treat != "ignore":
		c.change(r, a, at, types.StateValueInsufficientData, "Insufficient Data: "+datapoints(gaps)+" unknown.", c.reasonData(a, at, nil))
	}
	// Else too few breach and none does not: the state stays until there is more.
}

func datapoints(n int) string {
	if n == 1 {
		return "1 datapoint was"
	}
	return fmt.Sprintf("%d datapoints were", n)
}

// cross changes the state for what datapoints say, in AWS's words.
func (c *Cloud) cross(r *region, a *alarm, at time.Time, to types.StateValue, which, all []point) {
	if a.state == to {
		return
	}
	if to == types.StateValueOk && len(which) == 0 {
		which = all
	}
	var shown []string
	for _, p := range which {
		shown = append(shown, fmt.Sprintf("%v (%s)", decimal(p.value), p.at.Format("02/01/06 15:04:05")))
	}
	was, not := "was", ""
	if len(which) > 1 {
		was = "were"
	}
	if to == types.StateValueOk {
		not = "not "
	}
	n := int(*a.in.EvaluationPeriods)
	last, need := "datapoints", "datapoint"
	if n == 1 {
		last = "datapoint"
	}
	if a.need > 1 {
		need = "datapoints"
	}
	transition := "OK -> ALARM"
	if to == types.StateValueOk {
		transition = "ALARM -> OK"
	}
	c.change(r, a, at, to, fmt.Sprintf("Threshold Crossed: %d out of the last %d %s [%s] %s %s%s the threshold (%v) (minimum %d %s for %s transition).",
		len(which), n, last, strings.Join(shown, ", "), was, not, comparisons[a.in.ComparisonOperator].words, decimal(*a.in.Threshold), a.need, need, transition), c.reasonData(a, at, all))
}

// decimal writes whole numbers with one place, as AWS does.
func decimal(f float64) string {
	if f == float64(int64(f)) {
		return fmt.Sprintf("%.1f", f)
	}
	return fmt.Sprint(f)
}

// gap changes the state for what missing data is taken as.
func (c *Cloud) gap(r *region, a *alarm, at time.Time, to types.StateValue, gaps int, as string) {
	if a.state == to {
		return
	}
	s, was := "s", "were"
	if gaps == 1 {
		s, was = "", "was"
	}
	c.change(r, a, at, to, fmt.Sprintf("Threshold Crossed: no datapoints were received for %d period%s and %d missing datapoint%s %s treated as [%s].",
		gaps, s, gaps, s, was, as), c.reasonData(a, at, nil))
}

// reasonData is the reason in a form for programs.
func (c *Cloud) reasonData(a *alarm, at time.Time, points []point) string {
	recent := []float64{}
	for _, p := range points {
		recent = append(recent, p.value)
	}
	doc := map[string]any{"version": "1.0", "queryDate": at.Format("2006-01-02T15:04:05.000+0000"), "period": int(a.period / time.Second),
		"recentDatapoints": recent, "threshold": *a.in.Threshold, "statistic": string(a.in.Statistic)}
	b, err := json.Marshal(doc)
	if err != nil {
		return "{}" // a threshold is finite, so is what was measured
	}
	return string(b)
}

// change puts an alarm into a state and tells whom it tells. A topic that is
// gone gets nothing, and the history says so.
func (c *Cloud) change(r *region, a *alarm, at time.Time, to types.StateValue, reason, data string) {
	if a.state == to {
		return
	}
	from := a.state
	a.state, a.reason, a.reasonData, a.changed = to, reason, data, at
	a.note(types.HistoryItemTypeStateUpdate, at, fmt.Sprintf("Alarm updated from %s to %s", from, to), data)
	actions := map[types.StateValue][]string{types.StateValueAlarm: a.in.AlarmActions, types.StateValueOk: a.in.OKActions, types.StateValueInsufficientData: a.in.InsufficientDataActions}[to]
	if !a.actionsOn || c.notify == nil {
		return
	}
	for _, arn := range actions {
		outcome := "Successfully executed action " + arn
		if err := c.notify.Notify(arn, c.subject(r, a), c.letter(r, a, from)); err != nil {
			outcome = "Failed to execute action " + arn + ". Received error: \"" + err.Error() + "\""
		}
		a.note(types.HistoryItemTypeAction, at, outcome, "{}")
	}
}

func (c *Cloud) subject(r *region, a *alarm) string {
	where := r.name
	if known, ok := core.RegionByName(r.name); ok {
		where = known.LongName
	}
	s := fmt.Sprintf("%s: %q in %s", a.state, a.name, where)
	return s[:min(len(s), 100)]
}

// letter is what a topic is told of an alarm.
func (c *Cloud) letter(r *region, a *alarm, from types.StateValue) string {
	type dimension struct {
		Value string `json:"value"`
		Name  string `json:"name"`
	}
	dims := []dimension{}
	for _, d := range a.in.Dimensions {
		dims = append(dims, dimension{aws.ToString(d.Value), aws.ToString(d.Name)})
	}
	where := r.name
	if known, ok := core.RegionByName(r.name); ok {
		where = known.LongName
	}
	doc := map[string]any{
		"AlarmName": a.name, "AlarmDescription": a.in.AlarmDescription, "AWSAccountId": c.env.AccountID(), "AlarmArn": r.alarmARN(c, a),
		"NewStateValue": a.state, "NewStateReason": a.reason, "OldStateValue": from, "StateChangeTime": a.changed.Format("2006-01-02T15:04:05.000+0000"),
		"AlarmConfigurationUpdatedTimestamp": a.updated.Format("2006-01-02T15:04:05.000+0000"), "Region": where,
		"OKActions": a.in.OKActions, "AlarmActions": a.in.AlarmActions, "InsufficientDataActions": a.in.InsufficientDataActions,
		"Trigger": map[string]any{
			"MetricName": aws.ToString(a.in.MetricName), "Namespace": aws.ToString(a.in.Namespace), "StatisticType": "Statistic", "Statistic": strings.ToUpper(string(a.in.Statistic)),
			"Unit": a.in.Unit, "Dimensions": dims, "Period": *a.in.Period, "EvaluationPeriods": *a.in.EvaluationPeriods, "DatapointsToAlarm": a.need,
			"ComparisonOperator": a.in.ComparisonOperator, "Threshold": *a.in.Threshold, "TreatMissingData": aws.ToString(a.in.TreatMissingData),
		},
	}
	b, err := json.Marshal(doc)
	if err != nil {
		return a.reason // a threshold is finite, the rest is text
	}
	return string(b)
}
