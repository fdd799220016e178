package display

import (
	"reflect"
	"strings"
)

// Masked stands in the place of a secret.
const Masked = "<masked>"

// secretNames are the names of fields whose values nobody wants on a screen,
// in lower case without underscores and hyphens.
var secretNames = []string{
	"secretkey", "secretaccesskey", "sessiontoken", "securitytoken", "passphrase",
	"privatekey", "keymaterial", "clientsecret", "authtoken", "passworddata", "plaintextkey",
}

// SecretName tells whether what has this name is a secret: a secret key, a
// token of a session, key material, a password.
func SecretName(name string) bool {
	n := strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(name))
	if n == "material" || n == "authorization" || strings.HasSuffix(n, "password") || strings.HasSuffix(n, "passwd") {
		return true
	}
	for _, s := range secretNames {
		if strings.Contains(n, s) {
			return true
		}
	}
	return false
}

// mayHoldSecret tells whether values of a type can have a secret in them.
func mayHoldSecret(t reflect.Type, seen map[reflect.Type]bool) bool {
	if t == nil || seen[t] {
		return false
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Interface:
		return true
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return mayHoldSecret(t.Elem(), seen)
	case reflect.Map:
		return t.Key().Kind() == reflect.String || mayHoldSecret(t.Elem(), seen) || mayHoldSecret(t.Key(), seen)
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if SecretName(f.Name) || f.IsExported() && mayHoldSecret(f.Type, seen) {
				return true
			}
		}
	}
	return false
}

// secretField tells whether a field of this name and value is masked: text or
// bytes, or a pointer to text, that is set.
func secretField(name string, v reflect.Value) bool {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		if v.IsNil() {
			return false
		}
		v = v.Elem()
	}
	isText := v.Kind() == reflect.String || v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8
	return isText && v.Len() > 0 && SecretName(name)
}
