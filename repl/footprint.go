package repl

import (
	"context"
	"fmt"
	"path"
	"reflect"
	"strings"

	"pawsh/bindings/session"
	"pawsh/repl/check"
	"pawsh/repl/input"
)

// footprint says, before Enter, what a cell will change on real accounts: in a
// line, and as far as its text and the session's variables tell. Nothing is run
// or sent. It is "" where nothing changes, and in the sandbox.
func (a *assistant) footprint(ctx context.Context, text string) string {
	if c, ok := commandLine(text, len(text)); ok {
		if c.run == nil || c.kind != ArgExpr || c.args < 0 {
			return ""
		}
		text = text[c.args:]
	}
	src := input.Transform(text)
	if strings.TrimSpace(src) == "" || !whole(src) {
		return ""
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	var steps []step
	for _, c := range a.comp.Calls(ctx, src, a.sh.kernel.Value) {
		if s, ok := a.step(c); ok {
			steps = add(steps, s)
		}
	}
	if len(steps) == 0 {
		return ""
	}
	lead := "on Enter: "
	if a.sh.env.DryRun() {
		lead = "on Enter, as a dry run: "
	}
	return lead + describe(steps)
}

// step is an operation that a cell will send.
type step struct {
	session.Footprint
	loop bool // an unknown number of times
}

// shownNames is how many resources a line names.
const shownNames = 3

// add puts a step behind others; the same operation at the same place is one.
func add(steps []step, s step) []step {
	for i := range steps {
		have := &steps[i]
		if have.Operation == s.Operation && have.Where() == s.Where() && have.loop == s.loop {
			have.Count += s.Count
			have.Resources = append(have.Resources, s.Resources...)
			return steps
		}
	}
	return append(steps, s)
}

// describe says the steps, with the place of several at one place once.
func describe(steps []step) string {
	var b strings.Builder
	for i, s := range steps {
		s.Resources = s.Resources[:min(len(s.Resources), shownNames)]
		b.WriteString(s.What())
		if s.loop {
			b.WriteString(", again and again")
		}
		if i+1 < len(steps) && steps[i+1].Where() == s.Where() {
			b.WriteString("; ")
			continue
		}
		b.WriteString(s.Where())
		if i+1 < len(steps) {
			b.WriteString("; ")
		}
	}
	return b.String()
}

// step tells what a call will change; !ok where it changes nothing or goes to
// the sandbox.
func (a *assistant) step(c check.Called) (s step, ok bool) {
	service := path.Base(c.Path)
	raw := strings.HasPrefix(c.Path, sdkServices)
	operation := ""
	switch {
	case raw:
		operation, ok = strings.CutPrefix(c.Name, "Client.")
		if !ok || operation == "Options" || !(session.Footprint{Operation: operation}).Changes() {
			return s, false
		}
	default:
		for _, op := range operations(c.Path, c.Name) {
			if (session.Footprint{Operation: op}).Changes() {
				operation = op
				break
			}
		}
		if operation == "" {
			return s, false
		}
	}
	t := a.target(c, service)
	if t == nil || !t.IsReal() {
		return s, false
	}
	names, n := named(c, operation, raw)
	s.Footprint = t.Footprint(operation, names)
	if !c.Direct && c.Root == "boto" { // a connection that the cell itself opens
		s.Region = ""
	}
	s.Count, s.loop = n, c.Loop
	return s, true
}

// services are the session's by the names of their packages.
var services = map[string]session.Service{
	"ec2": session.EC2, "s3": session.S3, "cloudwatch": session.CloudWatch, "sns": session.SNS,
	"sqs": session.SQS, "iam": session.IAM, "sts": session.STS,
}

// otherClouds are the bound names of connections that are not AWS's.
var otherClouds = map[string]session.Service{"euca": session.Eucalyptus, "walrus": session.Walrus, "gs": session.GoogleStorage}

// target is where a call will go: its connection's, or where such a connection
// would be opened to.
func (a *assistant) target(c check.Called, service string) *session.Target {
	owner := connectionOf(c.Recv, service)
	if owner == nil && c.Root != "" {
		if v, ok := a.sh.kernel.Value(c.Root); ok {
			owner = connectionOf(v.Interface(), service)
		} else {
			owner = a.sh.conns.peek(c.Root)
		}
	}
	if v := reflect.Indirect(reflect.ValueOf(owner)); v.Kind() == reflect.Struct {
		if f := v.FieldByName("Target"); f.IsValid() {
			if t, ok := f.Interface().(*session.Target); ok && t != nil {
				return t
			}
		}
	}
	s, known := services[service]
	if cloud, ok := otherClouds[c.Root]; ok {
		s = cloud
	}
	if !known {
		return nil
	}
	return a.sh.env.Preview(s)
}

// named tells what a call hits, and how many things; names may be fewer where
// not all are known.
func named(c check.Called, operation string, raw bool) (names []string, n int) {
	switch {
	case operation == "RunInstances":
		return nil, instances(c, raw)
	case raw:
		return ofInput(c)
	}
	owner, _, _ := strings.Cut(c.Name, ".")
	if owner != "Connection" && owner != "Bucket" {
		if name := identity(c.Recv); name != "" {
			return []string{name}, 1
		}
		return nil, 1
	}
	bucket := identity(c.Recv)
	if owner == "Bucket" && (len(c.Args) == 0 || !strings.HasPrefix(c.Args[0].Param, "keyName") && c.Args[0].Param != "keys") {
		if bucket != "" {
			names = []string{bucket}
		}
		return names, 1
	}
	if len(c.Args) == 0 {
		return nil, 0
	}
	names, n = texted(c.Args[0].Value)
	for i := range names {
		if owner == "Bucket" && bucket != "" {
			names[i] = bucket + "/" + names[i]
		}
	}
	return names, n
}

// instances is how many a launch starts.
func instances(c check.Called, raw bool) int {
	n := int64(1)
	for _, arg := range c.Args {
		count := arg.Of
		if raw {
			count = arg.Fields["MaxCount"]
		} else if arg.Call != "MaxCount" && arg.Call != "MinCount" {
			continue
		}
		if v, ok := count.(int64); ok {
			n = max(n, v)
		}
	}
	return int(n)
}

// ofInput reads the input of an operation of the SDK as it is written.
func ofInput(c check.Called) (names []string, n int) {
	for _, arg := range c.Args {
		if arg.Fields == nil {
			continue
		}
		bucket, _ := arg.Fields["Bucket"].(string)
		if batch, ok := arg.Fields["Delete"].(map[string]any); ok {
			list, _ := batch["Objects"].([]any)
			return nil, len(list)
		}
		for _, field := range (session.Footprint{}).Fields() {
			if names, n = texted(arg.Fields[field]); n > 0 {
				if field == "Key" && bucket != "" {
					names = []string{bucket + "/" + names[0]}
				}
				return names, n
			}
		}
	}
	return nil, 1
}

// texted gives the names in a value: a text, things, or a list of them.
func texted(v any) (names []string, n int) {
	if v == nil {
		return nil, 0
	}
	if s := identity(v); s != "" {
		return []string{s}, 1
	}
	rv := reflect.ValueOf(v)
	if rv.Kind() != reflect.Slice {
		return nil, 1
	}
	for i := range rv.Len() {
		if e := rv.Index(i); e.CanInterface() {
			if s := identity(e.Interface()); s != "" {
				names = append(names, s)
			}
		}
	}
	return names, rv.Len()
}

// identity is what a resource is called by, "" of anything else.
func identity(v any) string {
	rv := reflect.ValueOf(v)
	if rv.Kind() == reflect.Pointer && !rv.IsNil() {
		rv = rv.Elem()
	}
	if rv.Kind() == reflect.String {
		return rv.String()
	}
	if rv.Kind() != reflect.Struct {
		return ""
	}
	for _, name := range []string{"ID", "Name", "ARN", "URL", "AllocationID", "PublicIP", "UserName", "GroupName", "KeyName"} {
		f := rv.FieldByName(name)
		if !f.IsValid() || f.Kind() != reflect.String || f.String() == "" {
			continue
		}
		if b := rv.FieldByName("Bucket"); b.IsValid() && b.CanInterface() && name == "Name" {
			if bucket := identity(b.Interface()); bucket != "" {
				return fmt.Sprintf("%s/%s", bucket, f.String())
			}
		}
		return f.String()
	}
	return ""
}
