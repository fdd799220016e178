package symbols_test

import (
	"go/ast"
	"go/parser"
	"go/types"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"pawsh/bindings/boto"
	"pawsh/bindings/session"
	"pawsh/bindings/symbols"
)

// Every package of bindings, except this one, can be imported.
func TestBindingsCanBeImported(t *testing.T) {
	t.Parallel()
	dirs, err := filepath.Glob("../*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, file := range dirs {
		name := filepath.Base(filepath.Dir(file))
		if name == "symbols" || seen[name] || strings.HasSuffix(file, "_test.go") {
			continue
		}
		seen[name] = true
		if symbols.PackageName("pawsh/bindings/"+name) != name {
			t.Errorf("pawsh/bindings/%s cannot be imported", name)
		}
		if got := symbols.ByName(name); len(got) == 0 || got[0] != "pawsh/bindings/"+name {
			t.Errorf("ByName(%q) = %v", name, got)
		}
	}
	if !seen["boto"] || !seen["ec2"] {
		t.Errorf("found only %v", seen)
	}
}

// What a cell does first: connect, and call a method with options, against an
// endpoint that answers as EC2 does.
const connecting = `package main
import (
	"fmt"
	"pawsh/bindings/boto"
	"pawsh/bindings/session"
)
func main() {
	c, err := boto.ConnectEC2(session.AWSAccessKeyID("AKID"), session.AWSSecretAccessKey("secret"))
	if err != nil {
		panic(err)
	}
	regions, err := c.GetAllRegions()
	if err != nil {
		panic(err)
	}
	for _, r := range regions {
		fmt.Println(r, r.Name)
	}
}`

func TestConnectEC2(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("Action") != "DescribeRegions" || !strings.Contains(r.Header.Get("Authorization"), "AKID") {
			http.Error(w, "unexpected "+r.FormValue("Action"), http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "text/xml")
		w.Write([]byte(`<DescribeRegionsResponse><regionInfo><item><regionName>eu-west-1</regionName>` +
			`<regionEndpoint>ec2.eu-west-1.amazonaws.com</regionEndpoint></item></regionInfo></DescribeRegionsResponse>`))
	}))
	defer srv.Close()
	env, err := session.New(session.Options{
		Getenv:       func(string) string { return "" },
		Home:         t.TempDir(),
		SystemConfig: "-",
		Endpoint:     srv.URL,
	})
	if err != nil {
		t.Fatal(err)
	}
	boto.Use(env)
	t.Cleanup(func() { boto.Use(nil) })
	got := eval(t, newInterpreter(t), connecting)
	if want := "RegionInfo:eu-west-1 eu-west-1\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// The type checker accepts the same, and refuses an option of another call.
func TestConnectEC2TypeChecks(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, old, new, want string }{
		{name: "as it is"},
		{name: "an option of another call", old: "c.GetAllRegions()", new: "c.GetAllRegions(session.IsSecure(true))", want: "cannot use session.IsSecure(true)"},
		{name: "no such method", old: "GetAllRegions", new: "GetRegionsAll", want: "c.GetRegionsAll undefined"},
	} {
		im := symbols.NewImporter()
		src := connecting
		if tt.old != "" {
			src = strings.Replace(src, tt.old, tt.new, 1)
		}
		f, err := parser.ParseFile(im.Fset, "cell", src, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		_, err = (&types.Config{Importer: im}).Check("cell", im.Fset, []*ast.File{f}, nil)
		if tt.want == "" {
			if err != nil {
				t.Errorf("%s: %v", tt.name, err)
			}
		} else if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
	}
}
