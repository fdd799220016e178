package cloudwatch

import (
	"pawsh/sandbox/core"
	"pawsh/sandbox/store"
)

// State is what the cloud keeps on disk: metrics and alarms.
func (c *Cloud) State() *store.Unit {
	return &store.Unit{Name: "cloudwatch", Root: c, Guard: &c.mu}
}

// Counts says what there is in all regions, of the metrics those that were put.
func (c *Cloud) Counts() []core.Count {
	c.mu.Lock()
	defer c.mu.Unlock()
	var metrics, alarms int64
	for _, r := range c.regions {
		metrics += int64(len(r.series))
		alarms += int64(len(r.alarms))
	}
	return []core.Count{{One: "metric", Many: "metrics", N: metrics}, {One: "alarm", Many: "alarms", N: alarms}}
}

// alarmPrice is for an alarm and month, in US dollars.
const alarmPrice = 0.10

// Bill lists what the alarms cost.
func (c *Cloud) Bill() []core.Item {
	var out []core.Item
	for _, n := range c.Counts() {
		if n.Many == "alarms" && n.N > 0 {
			out = append(out, core.Item{What: "alarms", N: float64(n.N), Hourly: core.Monthly(alarmPrice), Known: true})
		}
	}
	return out
}
