package repl

import (
	"path"
	"reflect"
	"sort"

	"pawsh/repl/check"
)

// serviceNames are the bound names of the services' connections.
var serviceNames = map[string]string{
	"ec2": "ec2", "s3": "s3", "cloudwatch": "cw", "sns": "sns", "sqs": "sqs", "iam": "iam", "sts": "sts",
}

// owner gives the value in front of a call: a connection or a resource of one.
func (a *assistant) owner(c *check.Call, service string) any {
	root, direct := "", false
	for k := c; k != nil && root == ""; k = k.Outer {
		root, direct = k.Root, k.Direct
	}
	if root == "" {
		root, direct = serviceNames[service], true
	}
	if v, ok := a.sh.kernel.Value(root); ok {
		if direct || connectionOf(v.Interface(), service) != nil {
			return v.Interface()
		}
	} else if _, bound := a.sh.kernel.scope.Declared(root); bound {
		return nil
	}
	if v := a.sh.conns.peek(root); v != nil {
		return v
	}
	if a.sh.env.InSandbox() && serviceNames[service] == root {
		return a.sh.conns.openQuietly(root)
	}
	return nil
}

// connectionOf gives the connection that a value is or has.
func connectionOf(owner any, service string) any {
	for range 3 {
		v := reflect.ValueOf(owner)
		if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct {
			return nil
		}
		t := v.Elem().Type()
		if t.Name() == "Connection" {
			if path.Base(t.PkgPath()) != service {
				return nil
			}
			return owner
		}
		f := v.Elem().FieldByName("Connection")
		if !f.IsValid() {
			f = v.Elem().FieldByName("Bucket") // a key's
		}
		if !f.IsValid() || !f.CanInterface() {
			return nil
		}
		owner = f.Interface()
	}
	return nil
}

// peek gives a bound connection that the session has opened. It does not wait
// for one that is being opened.
func (c *connections) peek(name string) any {
	if !c.mu.TryLock() {
		return nil
	}
	defer c.mu.Unlock()
	return c.open[name]
}

// openQuietly opens a bound connection; what fails will be said when a cell
// does it.
func (c *connections) openQuietly(name string) (conn any) {
	f := reflect.ValueOf(c.host(nil)["Open_"+name])
	if !f.IsValid() {
		return nil
	}
	defer func() {
		if recover() != nil {
			conn = nil
		}
	}()
	return f.Call(nil)[0].Interface()
}

// mapKeys lists the keys of a map of the session.
func (a *assistant) mapKeys(ans check.Answer) []value {
	v, ok := a.sh.kernel.Value(ans.Keys)
	if !ok || v.Kind() != reflect.Map {
		return nil
	}
	var out []value
	for _, k := range v.MapKeys() {
		text, ok := keyText(k)
		if !ok || len(out) == maxKeys {
			return out
		}
		if k.Kind() == reflect.String {
			if ans.Quote != 0 || ans.Word == "" {
				out = append(out, value{text: text, kind: "key"})
			}
		} else if ans.Quote == 0 {
			out = append(out, value{text: text, kind: "key", bare: true})
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].text < out[j].text })
	return bestFits(out, ans.Word, func(v value) string { return v.text })
}

const maxKeys = 1000
