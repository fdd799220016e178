package session

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
)

// Changes tells whether the operation changes anything in an account.
func (f Footprint) Changes() bool { return changes(f.Operation) }

func changes(operation string) bool {
	for _, verb := range []string{"Describe", "Get", "List", "Head", "Select", "Receive", "Simulate", "AssumeRole", "Decode", "Search"} {
		if strings.HasPrefix(operation, verb) {
			return false
		}
	}
	return true
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
	switch operation {
	case "PutBucketAcl", "PutObjectAcl":
		return makesPublic(reflect.ValueOf(params))
	case "ModifyImageAttribute", "ModifySnapshotAttribute":
		return sharesWithAll(reflect.ValueOf(params))
	case "PutBucketPolicy":
		return slices.ContainsFunc(texts(fieldOf(params, "Policy")), allowsAll)
	}
	return false
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

// sharesWithAll finds a launch or volume permission that is given to everybody.
func sharesWithAll(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer:
		return !v.IsNil() && sharesWithAll(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if f.IsExported() && f.Name != "Remove" && sharesWithAll(v.Field(i)) {
				how := v.FieldByName("OperationType")
				return !how.IsValid() || how.String() != "remove"
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			if sharesWithAll(v.Index(i)) {
				return true
			}
		}
	case reflect.String:
		return v.String() == "all"
	}
	return false
}

// allowsAll tells whether a policy allows anything to everybody.
func allowsAll(policy string) bool {
	var p struct{ Statement oneOrMore[policyStatement] }
	if json.Unmarshal([]byte(policy), &p) != nil {
		return false
	}
	for _, s := range p.Statement {
		var everybody string
		var listed map[string]oneOrMore[string]
		if s.Effect == "Allow" && (json.Unmarshal(s.Principal, &everybody) == nil && everybody == "*" ||
			json.Unmarshal(s.Principal, &listed) == nil && slices.Contains(listed["AWS"], "*")) {
			return true
		}
	}
	return false
}

type policyStatement struct {
	Effect    string
	Principal json.RawMessage
}

// oneOrMore reads a list that policies may write as its only element.
type oneOrMore[T any] []T

// UnmarshalJSON reads a list or an element.
func (o *oneOrMore[T]) UnmarshalJSON(b []byte) error {
	var list []T
	if json.Unmarshal(b, &list) == nil {
		*o = list
		return nil
	}
	var single T
	if err := json.Unmarshal(b, &single); err != nil {
		return err
	}
	*o = oneOrMore[T]{single}
	return nil
}

// fieldOf is a field of an input, invalid where it has none of the name.
func fieldOf(params any, name string) reflect.Value {
	v := reflect.ValueOf(params)
	if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct {
		return reflect.Value{}
	}
	return v.Elem().FieldByName(name)
}

func isDryRun(params any) bool {
	f := fieldOf(params, "DryRun")
	return f.IsValid() && f.Type() == reflect.TypeFor[*bool]() && !f.IsNil() && f.Elem().Bool()
}

// withDryRun gives a copy of an input with DryRun set: the input itself is the
// caller's. !ok where the operation has none.
func withDryRun(params any) (_ any, ok bool) {
	if f := fieldOf(params, "DryRun"); !f.IsValid() || f.Type() != reflect.TypeFor[*bool]() {
		return params, false
	}
	own := reflect.New(reflect.TypeOf(params).Elem())
	own.Elem().Set(reflect.ValueOf(params).Elem())
	on := true
	own.Elem().FieldByName("DryRun").Set(reflect.ValueOf(&on))
	return own.Interface(), true
}
