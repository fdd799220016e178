package core

import "fmt"

// Count says how many of something there are.
type Count struct {
	One, Many string // what it is called: instance running, instances running
	N         int64
}

// String is the count in words.
func (c Count) String() string {
	if c.N == 1 {
		return "1 " + c.One
	}
	return fmt.Sprintf("%d %s", c.N, c.Many)
}

// Item is one line of a bill: some of a kind of thing, and what each costs.
type Item struct {
	What   string  // m1.small running, gp3 storage
	N      float64 // how many
	Unit   string  // "", or what they are counted in, such as GB
	Hourly float64 // US dollars for one of them for an hour
	Known  bool    // whether there is a price
}

// Monthly is the price for an hour of what is priced by the month, which has
// 730 hours on AWS's bills.
func Monthly(price float64) float64 { return price / 730 }
