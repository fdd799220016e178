package boto

import (
	"fmt"
	"os"
	"sync"

	"pawsh/bindings/session"
)

// Details takes apart what a service answered instead of a result: status,
// code, message, request id; nil where no service answered
// (boto: the attributes of BotoServerError).
//
// Example: _, err := ec2.GetAllKeyPairs(KeyNames("none")); boto.Details(err).Message
func Details(err error) *session.ServerError { return session.Details(err) }

// GetInstanceMetadata reads what the metadata service says of the machine that
// this runs on, by IMDSv2, all of it or what is below a path: md["instance-id"]
// (boto: utils.get_instance_metadata). Errors: session.ErrNoMetadata within a
// second where this is no EC2 instance.
//
// Example: boto.GetInstanceMetadata("placement/availability-zone")
func GetInstanceMetadata(path ...string) (session.InstanceMetadata, error) {
	env, err := Env()
	if err != nil {
		return nil, err
	}
	below := ""
	if len(path) > 0 {
		below = path[0]
	}
	return env.InstanceMetadata(below)
}

// RequestLogger is a hook for SetRequestHook that writes a line of
// comma-separated values for each request: time, seconds, status, service,
// operation, region, request id (boto: requestlog.RequestLogger). It opens
// the file for each line; a fault of the file is told once the logger is made,
// and not later.
//
// Example: ec2.SetRequestHook(boto.RequestLogger("requests.csv"))
func RequestLogger(filename string) (session.RequestHook, error) {
	var mu sync.Mutex
	line := func(text string) error {
		mu.Lock()
		defer mu.Unlock()
		f, err := os.OpenFile(filename, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
		if err != nil {
			return fmt.Errorf("request log: %w", err)
		}
		_, err = f.WriteString(text)
		if closed := f.Close(); err == nil {
			err = closed
		}
		return err
	}
	if err := line(""); err != nil {
		return nil, err
	}
	return func(r session.SentRequest) {
		_ = line(fmt.Sprintf("%s,%.3f,%d,%s,%s,%s,%s\n", r.Start.UTC().Format("2006-01-02T15:04:05.000Z"), r.Took.Seconds(), r.Status, r.Service, r.Operation, r.Region, r.RequestID))
	}, nil
}
