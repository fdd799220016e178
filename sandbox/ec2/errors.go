package ec2

import (
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"pawsh/sandbox/core"
	"pawsh/sandbox/wire"
)

// fail makes an error of the usual status, 400.
func fail(code, format string, a ...any) error { return wire.Errorf(code, 400, format, a...) }

func missing(parameter string) error {
	return fail("MissingParameter", "The request must contain the parameter %s", parameter)
}

func invalid(format string, a ...any) error {
	return fail("InvalidParameterValue", format, a...)
}

// dry answers a request that only asks whether it would succeed. Handlers
// call it after all their checks and before the first change.
func dry(flag *bool) error {
	if aws.ToBool(flag) {
		return wire.Errorf("DryRunOperation", 412, "Request would have succeeded, but DryRun flag is set.")
	}
	return nil
}

// notFound says that ids do not exist, in AWS's singular and plural.
func notFound(code, noun string, ids ...string) error {
	if len(ids) == 1 {
		return fail(code, "The %s '%s' does not exist", noun, ids[0])
	}
	return fail(code, "The %ss '%s' do not exist", noun, strings.Join(ids, ", "))
}

// absent returns those of want that have says no to.
func absent(want []string, have func(string) bool) []string {
	var out []string
	for _, id := range want {
		if !have(id) {
			out = append(out, id)
		}
	}
	return out
}

var hexID = regexp.MustCompile(`^[0-9a-f]{8}([0-9a-f]{9})?$`)

// wellFormed reports whether id is prefix, a hyphen and 8 or 17 hex digits.
func wellFormed(prefix, id string) bool {
	rest, ok := strings.CutPrefix(id, prefix+"-")
	return ok && hexID.MatchString(rest)
}

// malformed says of the first id without the form prefix-0123... that it has
// not, nil when all have.
func malformed(code, prefix string, ids []string) error {
	for _, id := range ids {
		if !wellFormed(prefix, id) {
			return fail(code, "Invalid id: %q (expecting %q)", id, prefix+"-...")
		}
	}
	return nil
}

// page cuts a page after checking MaxResults against its bounds.
func page[T any](items []T, token *string, max *int32, low, high int32) ([]T, *string, error) {
	n := aws.ToInt32(max)
	switch {
	case max != nil && n < low:
		return nil, nil, invalid("Value ( %d ) for parameter maxResults is invalid. Expecting a value greater than or equal to %d.", n, low)
	case max != nil && n > high: // AWS caps rather than refuses
		n = high
	}
	out, next, ok := core.Page(items, aws.ToString(token), int(n))
	if !ok {
		return nil, nil, fail("InvalidNextToken", "The specified NextToken is not valid.")
	}
	if next == "" {
		return out, nil, nil
	}
	return out, &next, nil
}

// str gives nil for an empty text, as absent elements have it.
func str(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
