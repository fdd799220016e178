package session

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/aws/smithy-go/middleware"
)

// Footprint tells a guard what a call is about to do, before anything is sent.
type Footprint struct {
	Service   string   // "ec2"
	Operation string   // AWS's name of it: "TerminateInstances"
	Resources []string // what it hits: ids, names, "bucket/key"
	Count     int      // how many; of a batch, Resources may list only the first
	Region    string
	Host      string
	As        string // the access key, or where the credentials come from
}

// shownResources is how many of a batch a footprint names.
const shownResources = 10

// String says it as a person asks: "terminate instances: 2 (i-1, i-2) in eu-west-1 as AKID".
func (f Footprint) String() string {
	var b strings.Builder
	b.WriteString(words(f.Operation))
	if f.Count > 0 {
		list := strings.Join(f.Resources, ", ")
		if f.Count > len(f.Resources) {
			list += ", ..."
		}
		fmt.Fprintf(&b, ": %d (%s)", f.Count, list)
	}
	if f.Region != "" {
		b.WriteString(" in " + f.Region)
	}
	if f.As != "" {
		b.WriteString(" as " + f.As)
	}
	return b.String()
}

// words splits an operation's name: "delete bucket policy".
func words(operation string) string {
	var b strings.Builder
	previous := ' '
	for i, r := range operation {
		if unicode.IsUpper(r) && i > 0 && !unicode.IsUpper(previous) {
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
		previous = r
	}
	return b.String()
}

// RefusedError says that a destructive call was not sent.
type RefusedError struct {
	Footprint Footprint
	Err       error // the guard's reason
}

// Error says what was refused and why.
func (e *RefusedError) Error() string { return fmt.Sprintf("refused to %s: %v", e.Footprint, e.Err) }

// Unwrap gives the guard's reason.
func (e *RefusedError) Unwrap() error { return e.Err }

// ErrNoGuard is the reason of a refusal where guarding was asked for and no
// guard was set.
var ErrNoGuard = errors.New("nobody is there to agree")

// DryRunError says that a call was not sent because of SetDryRun, and that its
// service has no dry run of its own.
type DryRunError struct{ Footprint Footprint }

// Error says what would have been done.
func (e *DryRunError) Error() string { return "dry run: would " + e.Footprint.String() }

// safety is shared by an Env and those derived from it.
type safety struct {
	mu       sync.Mutex
	guard    func(Footprint) error
	required bool
	dryRun   bool
}

func (s *safety) state() (guard func(Footprint) error, required, dryRun bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.guard, s.required, s.dryRun
}

// SetGuard makes guard agree to destructive calls, by its nil error, on
// connections made before and after: terminate, delete, release, deregister,
// revoke, purge, and access policies that make things public. It is called
// only where the target is neither the sandbox nor on this machine. With a nil
// guard such calls go through, unless RequireGuard says otherwise.
func (e *Env) SetGuard(guard func(Footprint) error) {
	e.safety.mu.Lock()
	defer e.safety.mu.Unlock()
	e.safety.guard = guard
}

// RequireGuard refuses destructive calls while there is no guard: for programs
// that run where nobody can be asked.
func (e *Env) RequireGuard(yes bool) {
	e.safety.mu.Lock()
	defer e.safety.mu.Unlock()
	e.safety.required = yes
}

// SetDryRun turns EC2's dry run on for every call that changes something: EC2
// answers with code DryRunOperation when the call would be allowed. Calls of
// services without a dry run are not sent: *DryRunError.
func (e *Env) SetDryRun(on bool) {
	e.safety.mu.Lock()
	defer e.safety.mu.Unlock()
	e.safety.dryRun = on
}

// DryRun tells whether SetDryRun is on.
func (e *Env) DryRun() bool {
	_, _, on := e.safety.state()
	return on
}

// guarded puts the guard and the dry run before everything else of the SDK's
// stack: what is refused is neither signed nor sent, whichever way it came,
// also by Client itself.
func (t *Target) guarded() func(*middleware.Stack) error {
	return func(stack *middleware.Stack) error {
		operation := stack.ID()
		return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("pawsh:guard", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (out middleware.InitializeOutput, meta middleware.Metadata, err error) {
			guard, required, dryRun := t.env.safety.state()
			if dryRun && !readsOnly(operation) && !setDryRun(in.Parameters) {
				return out, meta, &DryRunError{t.footprint(operation, in.Parameters)}
			}
			if (guard != nil || required) && !t.harmless() && destroys(operation, in.Parameters) {
				f := t.footprint(operation, in.Parameters)
				err := ErrNoGuard
				if guard != nil {
					err = guard(f)
				}
				if err != nil {
					return out, meta, &RefusedError{f, err}
				}
			}
			return next.HandleInitialize(ctx, in)
		}), middleware.Before)
	}
}

// harmless tells the sandbox and this machine from real accounts.
func (t *Target) harmless() bool { return t.Sandbox || isLoopback(t.Host) }

func (t *Target) footprint(operation string, params any) Footprint {
	f := Footprint{Service: t.Service.Name, Operation: operation, Region: t.Region, Host: t.Host, As: t.AccessKeyID}
	if f.As == "" {
		f.As = t.Sources.Credentials
	}
	all := resources(params)
	f.Count = len(all)
	f.Resources = all[:min(len(all), shownResources)]
	return f
}

func readsOnly(operation string) bool {
	for _, verb := range []string{"Describe", "Get", "List", "Head", "Select", "Receive", "Simulate"} {
		if strings.HasPrefix(operation, verb) {
			return true
		}
	}
	return operation == "AssumeRole"
}

// spared are operations that only sound as if they destroyed something.
var spared = []string{"DeleteTags", "DeleteMessage", "DeleteMessageBatch"}

// destroys tells what a guard is asked about.
func destroys(operation string, params any) bool {
	if slices.Contains(spared, operation) || isDryRun(params) {
		return false
	}
	for _, verb := range []string{"Terminate", "Delete", "Release", "Deregister", "Revoke", "Purge"} {
		if strings.HasPrefix(operation, verb) {
			return true
		}
	}
	return (operation == "PutBucketAcl" || operation == "PutObjectAcl") && makesPublic(reflect.ValueOf(params))
}

// makesPublic finds a canned policy or a grant for everyone.
func makesPublic(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return !v.IsNil() && makesPublic(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && makesPublic(v.Field(i)) {
				return true
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			if makesPublic(v.Index(i)) {
				return true
			}
		}
	case reflect.String:
		s := v.String()
		return s == "public-read" || s == "public-read-write" || s == "authenticated-read" ||
			strings.Contains(s, "/groups/global/AllUsers") || strings.Contains(s, "/groups/global/AuthenticatedUsers")
	}
	return false
}

// dryRunField is the input's DryRun, invalid where the operation has none.
func dryRunField(params any) reflect.Value {
	v := reflect.ValueOf(params)
	if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct {
		return reflect.Value{}
	}
	f := v.Elem().FieldByName("DryRun")
	if f.IsValid() && f.Type() != reflect.TypeFor[*bool]() {
		return reflect.Value{}
	}
	return f
}

func isDryRun(params any) bool {
	f := dryRunField(params)
	return f.IsValid() && !f.IsNil() && f.Elem().Bool()
}

func setDryRun(params any) bool {
	f := dryRunField(params)
	if !f.IsValid() {
		return false
	}
	f.Set(reflect.ValueOf(new(bool)))
	f.Elem().SetBool(true)
	return true
}

// named are the fields of inputs that say what a call hits, in the order of
// how well they do; the first that is set counts.
var named = []string{
	"InstanceIds", "VolumeId", "SnapshotId", "ImageId", "GroupId", "GroupName", "AllocationId", "PublicIp",
	"KeyName", "KeyPairId", "Key", "Bucket", "QueueUrl", "TopicArn", "SubscriptionArn", "AlarmNames",
	"AccessKeyId", "PolicyName", "PolicyArn", "UserName", "RoleName",
}

// resources names what an input is about.
func resources(params any) []string {
	v := reflect.ValueOf(params)
	if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct {
		return nil
	}
	v = v.Elem()
	bucket := texts(v.FieldByName("Bucket"))
	if batch := v.FieldByName("Delete"); len(bucket) == 1 && batch.IsValid() && batch.Kind() == reflect.Pointer && !batch.IsNil() {
		var list []string
		objects := batch.Elem().FieldByName("Objects")
		for i := range objects.Len() {
			for _, key := range texts(objects.Index(i).FieldByName("Key")) {
				list = append(list, bucket[0]+"/"+key)
			}
		}
		return list
	}
	for _, name := range named {
		list := texts(v.FieldByName(name))
		if len(list) == 0 {
			continue
		}
		if name == "Key" && len(bucket) == 1 {
			list = []string{bucket[0] + "/" + list[0]}
		}
		if user := texts(v.FieldByName("UserName")); len(user) == 1 && (name == "AccessKeyId" || name == "PolicyName") {
			list = []string{user[0] + "/" + list[0]}
		}
		return list
	}
	return nil
}

// texts are the values of a field of text or a list of it.
func texts(v reflect.Value) []string {
	switch {
	case !v.IsValid():
	case v.Kind() == reflect.Pointer && v.Type().Elem().Kind() == reflect.String && !v.IsNil():
		return []string{v.Elem().String()}
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.String:
		list := make([]string, v.Len())
		for i := range list {
			list[i] = v.Index(i).String()
		}
		return list
	}
	return nil
}
