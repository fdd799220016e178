package symbols

import (
	"cmp"
	"slices"
	"strings"
)

// ByName lists the import paths of the packages with that name, the one that
// is most likely meant first: `rand` gives math/rand, crypto/rand and
// math/rand/v2. The types packages of the SDK are left out: all have the same
// name, and `types` of a service is written otherwise in a cell.
func ByName(name string) []string {
	var paths []string
	for _, g := range groups {
		for _, p := range *g.packages {
			if p.Name == name && !sdkTypes(p.Path) {
				paths = append(paths, p.Path)
			}
		}
	}
	slices.SortFunc(paths, func(a, b string) int {
		return cmp.Or(
			cmp.Compare(rank(name, a), rank(name, b)),
			cmp.Compare(strings.Count(a, "/"), strings.Count(b, "/")),
			strings.Compare(a, b))
	})
	return paths
}

// wellKnown is the package meant by a name that several packages share, where
// the order of rank would choose another.
func wellKnown(name string) string {
	switch name {
	case "pprof", "trace":
		return "runtime/" + name
	case "rand":
		return "math/rand"
	case "scanner", "template":
		return "text/" + name
	}
	return ""
}

// rank orders the packages of one name: the well-known, the shell's own, the
// standard library's, the SDK's, and then smithy's.
func rank(name, path string) int {
	switch {
	case wellKnown(name) == path:
		return 0
	case strings.HasPrefix(path, "pawsh/"):
		return 1
	case !strings.Contains(path, "."):
		return 2
	case strings.HasPrefix(path, sdk):
		return 3
	}
	return 4
}

const sdk = "github.com/aws/aws-sdk-go-v2/"

func sdkTypes(path string) bool {
	return strings.HasPrefix(path, sdk) && strings.HasSuffix(path, "/types")
}
