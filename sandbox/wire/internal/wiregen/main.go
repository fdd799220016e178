// Command wiregen derives the names that the sandbox's services use on the
// wire from the SDK modules' own sources, and writes one table a service.
//
//	serializers.go, deserializers.go  -> query.go, rest.go  (ec2 iam sts sns s3)
//	schemas/schemas.go                -> schema.go          (sqs cloudwatch)
//	types/*.go, api_op_*.go           -> check.go           (every name exists)
//	                                  -> emit.go            (the text, compressed)
//
// It reads the versions that go.mod pins and is reproducible: the same modules
// give the same text. It never talks to the network.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

const sdk = "github.com/aws/aws-sdk-go-v2/service/"

// services lists what is generated: the table's name is the module's.
var services = []string{"cloudwatch", "ec2", "iam", "s3", "sns", "sqs", "sts"}

func main() {
	out := flag.String("out", "tables", "folder for the tables")
	gosrc := flag.String("go", "unions_gen.go", "file for the list of union members")
	flag.Parse()
	if err := run(*out, *gosrc); err != nil {
		fmt.Fprintln(os.Stderr, "wiregen:", err)
		os.Exit(1)
	}
}

func run(out, gosrc string) error {
	var models []*model
	for _, s := range services {
		m, err := load(s)
		if err != nil {
			return err
		}
		b, err := pack(m.text())
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(out, s+".tbl.z"), b, 0o644); err != nil {
			return err
		}
		models = append(models, m)
	}
	b, err := unionSource(models)
	if err != nil {
		return err
	}
	return os.WriteFile(gosrc, b, 0o644)
}

// load derives the model of one service from its module.
func load(service string) (*model, error) {
	dir, version, err := module(sdk + service)
	if err != nil {
		return nil, err
	}
	m := newModel(service, version)
	if _, err := os.Stat(filepath.Join(dir, "schemas")); err == nil {
		err = m.fromSchemas(dir)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", service, err)
		}
	} else if err := m.fromSerializers(dir); err != nil {
		return nil, fmt.Errorf("%s: %w", service, err)
	}
	if err := m.check(dir); err != nil {
		return nil, fmt.Errorf("%s: %w", service, err)
	}
	return m, nil
}

func module(path string) (dir, version string, err error) {
	b, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}} {{.Version}}", path).Output()
	if err != nil {
		return "", "", fmt.Errorf("locate module %s: %w", path, err)
	}
	dir, version, _ = strings.Cut(strings.TrimSpace(string(b)), " ")
	if dir == "" {
		return "", "", fmt.Errorf("module %s is not in the module cache", path)
	}
	return dir, version, nil
}
