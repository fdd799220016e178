package boto_test

import (
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

var services = []string{"ec2", "s3", "cloudwatch", "sns", "sqs", "iam", "sts"}

const sdkPath = "github.com/aws/aws-sdk-go-v2/service/"

// load reads the types of packages from the compiler's export data.
func load(t *testing.T, paths ...string) map[string]*types.Package {
	t.Helper()
	args := append([]string{"list", "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}"}, paths...)
	out, err := exec.Command("go", args...).Output()
	if err != nil {
		t.Skipf("no Go toolchain here: %v", err)
	}
	files := map[string]string{}
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), " ")
		files[path] = file
	}
	from := importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(files[path])
	})
	loaded := map[string]*types.Package{}
	for _, path := range paths {
		if loaded[path], err = from.Import(path); err != nil {
			t.Fatal(err)
		}
	}
	return loaded
}

// TestConnectionsAndSDKPackagesShareNoName proves that ec2.X in a cell means
// one thing: a member of the connection or a name of the SDK's package.
func TestConnectionsAndSDKPackagesShareNoName(t *testing.T) {
	t.Parallel()
	var paths []string
	for _, s := range services {
		paths = append(paths, "pawsh/bindings/"+s, sdkPath+s)
	}
	pkgs := load(t, paths...)
	for _, s := range services {
		connection := pkgs["pawsh/bindings/"+s].Scope().Lookup("Connection").Type().(*types.Named)
		sdk := pkgs[sdkPath+s].Scope()
		members := 0
		check := func(name string) {
			if !token.IsExported(name) {
				return
			}
			members++
			if name != "Client" && sdk.Lookup(name) != nil {
				t.Errorf("%s: %s is a member of Connection and a name of the SDK's package", s, name)
			}
		}
		for i := range connection.NumMethods() {
			check(connection.Method(i).Name())
		}
		fields := connection.Underlying().(*types.Struct)
		for i := range fields.NumFields() {
			check(fields.Field(i).Name())
			if fields.Field(i).Embedded() {
				t.Errorf("%s: Connection embeds %s", s, fields.Field(i).Name())
			}
		}
		if members < 8 {
			t.Errorf("%s: only %d members were looked at", s, members)
		}
	}
}

// TestOptionNamesAreUnique proves that an option's bare name means one thing:
// cells use them unqualified.
func TestOptionNamesAreUnique(t *testing.T) {
	t.Parallel()
	paths := []string{"pawsh/bindings/session", "pawsh/bindings/boto"}
	for _, s := range services {
		paths = append(paths, "pawsh/bindings/"+s)
	}
	owner := map[string]string{}
	for path, pkg := range load(t, paths...) {
		for _, name := range pkg.Scope().Names() {
			if !isOption(pkg.Scope().Lookup(name)) {
				continue
			}
			if other := owner[name]; other != "" {
				t.Errorf("%s is an option of %s and of %s", name, other, path)
			}
			owner[name] = path
		}
	}
	for _, name := range []string{"KeyName", "Filters", "AWSAccessKeyID", "Location", "Prefix", "Dimensions", "VisibilityTimeout"} {
		if owner[name] == "" {
			t.Errorf("%s is not seen as an option", name)
		}
	}
	if len(owner) < 60 {
		t.Errorf("only %d options were found", len(owner))
	}
}

// isOption knows the functions that are options: exported, with one result of
// a type named ...Option.
func isOption(o types.Object) bool {
	f, ok := o.(*types.Func)
	if !ok || !f.Exported() {
		return false
	}
	results := f.Signature().Results()
	if results.Len() != 1 {
		return false
	}
	named, ok := results.At(0).Type().(*types.Named)
	return ok && strings.HasSuffix(named.Obj().Name(), "Option")
}
