package ec2

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"pawsh/sandbox/core"
)

// maxFilterValues is AWS's bound over all filters of one request.
const maxFilterValues = 200

// fields says, for each filter name of a kind of resource, which values an
// item has under it.
type fields[T any] map[string]func(x T) []string

// filter returns the items that all of want match, in their order: a filter
// matches when one of its values, wildcards and all, matches one of the
// item's. id gives the identifier under which an item's tags are kept.
func filter[T any](q *call, f fields[T], want []types.Filter, items []T, id func(T) string) ([]T, error) {
	type test struct {
		get    func(T) []string
		values []string
	}
	var tests []test
	values := 0
	for _, w := range want {
		if w.Name == nil {
			return nil, missing("filterName")
		}
		get := f[*w.Name]
		if get == nil {
			byTag := tagField(*w.Name)
			if byTag == nil {
				return nil, invalid("The filter '%s' is invalid", *w.Name)
			}
			get = func(x T) []string { return byTag(q.tags[id(x)]) }
		}
		values += len(w.Values)
		tests = append(tests, test{get, w.Values})
	}
	if values > maxFilterValues {
		return nil, fail("FilterLimitExceeded", "The maximum number of filter values specified on a single call is %d", maxFilterValues)
	}
	out := make([]T, 0, len(items))
	for _, x := range items {
		ok := true
		for _, t := range tests {
			if ok = anyMatch(t.values, t.get(x)); !ok {
				break
			}
		}
		if ok {
			out = append(out, x)
		}
	}
	return out, nil
}

// tagField returns what the filters on tags look at, nil when name is none.
func tagField(name string) func([]tag) []string {
	key, byValue := strings.CutPrefix(name, "tag:")
	if !byValue && name != "tag-key" && name != "tag-value" {
		return nil
	}
	return func(tags []tag) []string {
		var out []string
		for _, t := range tags {
			switch {
			case byValue && t.key == key, name == "tag-value":
				out = append(out, t.value)
			case name == "tag-key":
				out = append(out, t.key)
			}
		}
		return out
	}
}

func anyMatch(patterns, values []string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		return slices.ContainsFunc(values, func(v string) bool { return core.Match(p, v) })
	})
}

// selected returns the items whose id is in ids, all when ids is empty.
func selected[T any](items []T, ids []string, id func(T) string) []T {
	if len(ids) == 0 {
		return items
	}
	set := make(map[string]bool, len(ids))
	for _, s := range ids {
		set[s] = true
	}
	var out []T
	for _, x := range items {
		if set[id(x)] {
			out = append(out, x)
		}
	}
	return out
}

// one lifts a single value; an empty one is no value.
func one(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func yesno(b bool) []string {
	if b {
		return []string{"true"}
	}
	return []string{"false"}
}
