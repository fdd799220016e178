package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A group is the packages whose symbols are compiled together and whose export
// data and docs are compressed together.
type group struct {
	name  string // also the folder and the package name of the symbols
	about string // ends the package comment
	paths []string
}

const (
	sdk    = "github.com/aws/aws-sdk-go-v2/"
	smithy = "github.com/aws/smithy-go"
	own    = "pawsh/bindings/"
)

// services have an SDK package, a types package, and a group of their own.
var services = []string{"cloudwatch", "ec2", "iam", "s3", "sns", "sqs", "sts"}

// ownPackages are the shell's bindings. Those that have no Go file yet are
// left out.
var ownPackages = []string{"boto", "cloudwatch", "ec2", "iam", "py", "s3", "session", "sns", "sqs", "sts"}

// notImportable are public packages of the standard library that a cell cannot
// make use of, or should not.
var notImportable = map[string]string{
	"crypto/mlkem/mlkemtest": "for tests of crypto only",
	"database/sql":           "no driver is built in",
	"database/sql/driver":    "no driver is built in",
	"debug/buildinfo":        "for tools that read object files",
	"debug/dwarf":            "for tools that read object files",
	"debug/elf":              "for tools that read object files",
	"debug/gosym":            "for tools that read object files",
	"debug/macho":            "for tools that read object files",
	"debug/pe":               "for tools that read object files",
	"debug/plan9obj":         "for tools that read object files",
	"embed":                  "go:embed needs the compiler",
	"expvar":                 "publishes the command line on http.DefaultServeMux",
	"go/build":               "needs a Go installation",
	"go/importer":            "needs a Go installation",
	"log/syslog":             "not on every system",
	"net/http/cgi":           "makes the process a child of a web server",
	"net/http/fcgi":          "makes the process a child of a web server",
	"net/http/pprof":         "publishes the process on http.DefaultServeMux",
	"net/rpc":                "serves methods that only compiled types have",
	"net/rpc/jsonrpc":        "serves methods that only compiled types have",
	"plugin":                 "needs cgo",
	"runtime/cgo":            "needs cgo",
	"runtime/coverage":       "needs an instrumented binary",
	"runtime/race":           "needs an instrumented binary",
	"testing/cryptotest":     "for tests of crypto only",
	"testing/quick":          "calls methods that only compiled types have",
	"testing/synctest":       "needs a running test",
	"unsafe":                 "built into the type checker and the interpreter",
}

// groups lists all groups. std is what `go list std` answers, root the folder
// of the module.
func groups(std []string, root string) []*group {
	byName := map[string]*group{}
	var all []*group
	add := func(name, about string, paths ...string) {
		g := &group{name: name, about: about, paths: paths}
		byName[name] = g
		all = append(all, g)
	}
	add("stdbase", "the packages of the standard library that most programs import")
	add("stdcrypto", "the standard library's crypto packages")
	add("stddata", "the standard library's packages for archives, encodings, images and templates")
	add("stdnet", "the standard library's packages for networks and mail")
	add("stdtool", "the standard library's packages about programs: go, debug, runtime and testing")
	for _, p := range std {
		if importableStd(p) {
			g := byName[stdGroup(p)]
			g.paths = append(g.paths, p)
		}
	}
	add("aws", "the AWS SDK's core, configuration and credentials, and of smithy-go",
		sdk+"aws", sdk+"aws/arn", sdk+"aws/defaults", sdk+"aws/middleware", sdk+"aws/protocol/query",
		sdk+"aws/ratelimit", sdk+"aws/retry", sdk+"aws/signer/v4", sdk+"aws/transport/http",
		sdk+"config", sdk+"credentials", sdk+"credentials/ec2rolecreds", sdk+"credentials/endpointcreds",
		sdk+"credentials/logincreds", sdk+"credentials/processcreds", sdk+"credentials/ssocreds", sdk+"credentials/stscreds",
		sdk+"feature/ec2/imds",
		smithy, smithy+"/auth", smithy+"/auth/bearer", smithy+"/document",
		smithy+"/encoding/httpbinding",
		smithy+"/endpoints", smithy+"/io", smithy+"/logging", smithy+"/metrics", smithy+"/middleware",
		smithy+"/ptr", smithy+"/rand", smithy+"/time", smithy+"/tracing", smithy+"/transport/http",
		smithy+"/transport/http/protocol/awsjson", smithy+"/transport/http/protocol/awsquery",
		smithy+"/transport/http/protocol/restjson1", smithy+"/transport/http/protocol/rpcv2",
		smithy+"/waiter")
	for _, s := range services {
		add(s, "the AWS SDK's package "+s, sdk+"service/"+s, sdk+"service/"+s+"/types")
	}
	s3 := byName["s3"]
	s3.about += " and its transfer managers"
	s3.paths = append(s3.paths, sdk+"feature/s3/manager", sdk+"feature/s3/transfermanager", sdk+"feature/s3/transfermanager/types")
	add("pawsh", "the shell's own bindings")
	for _, p := range ownPackages {
		if hasGo(filepath.Join(root, "bindings", p)) {
			byName["pawsh"].paths = append(byName["pawsh"].paths, own+p)
		}
	}
	if hasGo(filepath.Join(root, "recipes", "cookbook")) {
		add("cookbook", "the functions of the recipes", "pawsh/recipes/cookbook")
	}
	for _, g := range all {
		slices.Sort(g.paths)
	}
	return all
}

func importableStd(p string) bool {
	if _, ok := notImportable[p]; ok {
		return false
	}
	return !internal(p) && !strings.HasPrefix(p, "vendor/") && !strings.HasPrefix(p, "cmd/")
}

// internal reports whether the go command forbids others to import path.
func internal(path string) bool {
	return slices.Contains(strings.Split(path, "/"), "internal")
}

func stdGroup(path string) string {
	first, _, _ := strings.Cut(path, "/")
	switch first {
	case "crypto":
		return "stdcrypto"
	case "archive", "compress", "database", "encoding", "html", "image", "index", "text", "hash":
		return "stddata"
	case "net", "mime":
		return "stdnet"
	case "go", "debug", "runtime", "testing":
		return "stdtool"
	}
	return "stdbase"
}

func hasGo(dir string) bool {
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		panic(fmt.Sprintf("glob %s: %v", dir, err)) // only a malformed pattern
	}
	return slices.ContainsFunc(names, func(n string) bool { return !strings.HasSuffix(n, "_test.go") })
}

// moduleRoot finds the folder of go.mod at or above the current one.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", fmt.Errorf("no go.mod above the current folder")
		}
		dir = up
	}
}
