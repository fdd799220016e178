package sandbox

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"pawsh/sandbox/core"
	"pawsh/sandbox/sns"
)

// Counts says what there is in the cloud, service by service.
func (s *Server) Counts() map[string][]core.Count {
	c := s.cloud.Load()
	c.settle()
	return map[string][]core.Count{"EC2": c.instances.Counts(), "S3": c.buckets.Counts(), "SQS": c.queues.Counts(), "SNS": c.topics.Counts(),
		"CloudWatch": c.metrics.Counts(), "IAM": c.users.Counts(), "STS": c.sessions.Counts()}
}

// Outbox gives the letters that people would have got, the oldest first. Their
// links are whole addresses of this sandbox, and work.
func (s *Server) Outbox() []sns.Letter {
	c := s.cloud.Load()
	c.settle()
	letters := c.topics.Outbox()
	for i := range letters {
		if letters[i].Link != "" {
			letters[i].Link = s.url + letters[i].Link
		}
	}
	return letters
}

// Device is the virtual MFA device of the account's root.
type Device struct {
	// Serial is its serial number, as requests name it.
	Serial string
	// Code is what it shows, Left for how long yet by the sandbox's clock.
	Code string
	Left time.Duration
}

// Device shows the account's MFA device; it is zero when there is none.
func (s *Server) Device() Device {
	serial, code, left := s.cloud.Load().users.MFA()
	return Device{serial, code, left}
}

// Bill lists what the resources would cost on AWS.
func (s *Server) Bill() []core.Item {
	c := s.cloud.Load()
	c.settle()
	var out []core.Item
	for _, list := range [][]core.Item{c.instances.Bill(), c.buckets.Bill(), c.metrics.Bill()} {
		out = append(out, list...)
	}
	return out
}

// Describe says in lines where the sandbox is, how late it is there, and what
// is in it.
func (s *Server) Describe() string {
	var b strings.Builder
	fmt.Fprintf(&b, "endpoint    %s\nclock       %s\n", s.url, s.DescribeClock())
	where := "in memory: forgotten at the end"
	if s.dir != nil {
		where = "in " + s.dir.Dir()
	}
	fmt.Fprintf(&b, "kept        %s\n", where)
	counts := s.Counts()
	for _, service := range []string{"EC2", "S3", "CloudWatch", "SNS", "SQS", "IAM", "STS"} {
		var parts []string
		for _, c := range counts[service] {
			if c.N > 0 {
				parts = append(parts, c.String())
			}
		}
		if len(parts) == 0 {
			parts = []string{"nothing"}
		}
		fmt.Fprintf(&b, "%-11s %s\n", service, strings.Join(parts, ", "))
	}
	return b.String()
}

// DescribeClock says in a line how late it is in the sandbox.
func (s *Server) DescribeClock() string {
	text := s.Now().Format("2006-01-02 15:04:05 UTC")
	if ahead := s.Ahead(); ahead > 0 {
		return text + ", " + length(ahead) + " ahead of the true time"
	}
	return text + ", the true time"
}

// length writes days apart from the rest.
func length(d time.Duration) string {
	days := d / (24 * time.Hour)
	rest := d % (24 * time.Hour)
	switch {
	case days == 0:
		return rest.Round(time.Second).String()
	case rest < time.Second:
		return fmt.Sprintf("%dd", days)
	}
	return fmt.Sprintf("%dd%s", days, rest.Round(time.Second))
}

// DescribeOutbox prints the letters.
func (s *Server) DescribeOutbox() string {
	letters := s.Outbox()
	if len(letters) == 0 {
		return "the outbox is empty: e-mail and SMS that topics send come here\n"
	}
	var b strings.Builder
	for i, l := range letters {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "To:      %s (%s)\nDate:    %s\n", l.To, l.Protocol, l.Sent.UTC().Format("2006-01-02 15:04:05 UTC"))
		if l.Subject != "" {
			fmt.Fprintf(&b, "Subject: %s\n", l.Subject)
		}
		fmt.Fprintf(&b, "\n%s\n", strings.TrimRight(l.Body, "\n"))
		if l.Link != "" {
			fmt.Fprintf(&b, "\nOr open this link:\n%s\n", l.Link)
		}
	}
	return b.String()
}

// DescribeDevice prints what the MFA device shows.
func (s *Server) DescribeDevice() string {
	d := s.Device()
	if d.Serial == "" {
		return "the account's root has no MFA device: it was taken away\n"
	}
	return fmt.Sprintf("device  %s\ncode    %s, for %d seconds yet\n", d.Serial, d.Code, int(d.Left.Round(time.Second)/time.Second))
}

// priceDate is when the prices were taken down.
const priceDate = "January 2025"

// DescribeBill prints what the resources would cost.
func (s *Server) DescribeBill() string {
	items := s.Bill()
	if len(items) == 0 {
		return "nothing here would cost anything while it lies there\n"
	}
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "what\tamount\t$ an hour each\t$ an hour\t$ a month\t")
	total := 0.0
	for _, i := range items {
		amount := strings.TrimSpace(fmt.Sprintf("%.4g %s", i.N, i.Unit))
		if !i.Known {
			fmt.Fprintf(w, "%s\t%s\tno price known\t\t\t\n", i.What, amount)
			continue
		}
		sum := i.N * i.Hourly
		total += sum
		fmt.Fprintf(w, "%s\t%s\t%.6f\t%.6f\t%.2f\t\n", i.What, amount, i.Hourly, sum, sum*730)
	}
	fmt.Fprintf(w, "together\t\t\t%.6f\t%.2f\t\n", total, total*730)
	w.Flush() // into memory
	fmt.Fprintf(&b, "on-demand prices of us-east-1, %s; requests and traffic are not in it\n", priceDate)
	return b.String()
}
