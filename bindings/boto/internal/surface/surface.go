// Package surface relates boto's names to those of the bindings and to AWS's
// operations. It reads the facts about boto from a table and the rest from the
// bindings' own source: a doc comment that says (boto: run_instances) names the
// counterpart, and the operations named before it are those it sends.
package surface

import (
	"bufio"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Row is one name of boto's.
type Row struct {
	Object     string // boto's class, "boto" for its modules
	Kind       string // "method", "attribute", "function"
	Name       string // boto's
	Marks      string // who uses it; "-" for nobody
	Go         string // "Connection.RunInstances" with its package: "ec2.Connection.RunInstances"
	Operations []string
}

// Used tells whether the book, a script, a tutorial or a recipe needs the row.
func (r Row) Used() bool { return r.Marks != "-" }

// objects are boto's classes and the types that stand for them.
var objects = map[string]string{
	"boto": "boto", "EC2Connection": "ec2.Connection", "S3Connection": "s3.Connection",
	"CloudWatchConnection": "cloudwatch.Connection", "SNSConnection": "sns.Connection", "SQSConnection": "sqs.Connection",
	"IAMConnection": "iam.Connection", "config": "boto.Configuration", "SSHClient": "boto.SSHClient",
	"BotoServerError": "session.ServerError", "Policy": "s3.AccessPolicy", "Location": "boto.Locations",
	"WebsiteConfiguration": "s3.Website",
}

// packagesOf are where the other classes are looked for, by their own names.
var packagesOf = []string{"ec2", "s3", "cloudwatch", "sns", "sqs", "iam"}

// others are names whose counterpart is not found by rule.
var others = map[string]string{
	"boto.config": "boto.Config", "boto.ec2.regions": "boto.EC2Module.Regions",
	"boto.ec2.connect_to_region":                   "boto.EC2Module.ConnectToRegion",
	"boto.ec2.cloudwatch.connect_to_region":        "boto.CloudWatchModule.ConnectToRegion",
	"boto.sqs.connect_to_region":                   "boto.SQSModule.ConnectToRegion",
	"boto.utils.get_instance_metadata":             "boto.GetInstanceMetadata",
	"boto.manage.cmdshell.sshclient_from_instance": "boto.SSHClientFromInstance",
	"boto.requestlog.RequestLogger":                "boto.RequestLogger",
	"EC2Connection.ResponseError":                  "session.ServerError",
	"S3Connection.provider.storage_create_error":   "session.ServerError",
	"S3Connection.provider.storage_response_error": "session.ServerError",
	"Key.key": "s3.Key.Name", "Grant.uri": "s3.Grant.URI",
	"BlockDeviceMapping.__setitem__": "ec2.BlockDeviceMapping",
	"Lifecycle.append":               "s3.Lifecycle", "Lifecycle.__getitem__": "s3.Lifecycle",
	"CORSConfiguration.add_rule":        "s3.CORSConfiguration.AddRule",
	"IAMConnection.get_all_access_keys": "iam.Connection.GetAllAccessKeys",
}

// LeftOut are used names that have no counterpart, and why.
var LeftOut = map[string]string{
	"boto.connect_autoscale": "Auto Scaling is outside the cookbook; the SDK's package is not built in",
}

// Build relates the facts in a table to the source below dir, the bindings'
// folder.
func Build(dir, facts string) ([]Row, error) {
	src, err := read(dir)
	if err != nil {
		return nil, err
	}
	rows, err := readFacts(facts)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		src.find(&rows[i])
	}
	return rows, nil
}

func readFacts(path string) ([]Row, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var rows []Row
	for sc := bufio.NewScanner(f); sc.Scan(); {
		if strings.HasPrefix(sc.Text(), "#") {
			continue
		}
		p := strings.Split(sc.Text(), "\t")
		if len(p) != 4 {
			return nil, fmt.Errorf("%s: %q has not four columns", path, sc.Text())
		}
		rows = append(rows, Row{Object: p[0], Kind: p[1], Name: p[2], Marks: p[3]})
	}
	return rows, nil
}

// source is what the bindings declare.
type source struct {
	declared   map[string]bool              // "ec2.Connection.RunInstances"
	boto       map[string]map[string]string // "ec2.Connection" -> boto's name -> ours
	operations map[string][]string          // of a declared name
	known      map[string]bool              // operations that the bindings call
	docs       map[string]string
}

var (
	botoName = regexp.MustCompile(`\(boto: ([\w.]+)`)
	// called finds operations in code: c.Client.RunInstances( and NewDescribeInstancesPaginator(.
	called    = regexp.MustCompile(`Client\.([A-Z]\w+)\(|sdk\.New(\w+)Paginator\(`)
	operation = regexp.MustCompile(`\b[A-Z]\w+\b`)
)

func read(dir string) (*source, error) {
	s := &source{declared: map[string]bool{}, boto: map[string]map[string]string{}, operations: map[string][]string{}, known: map[string]bool{}, docs: map[string]string{}}
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.go"))
	if err != nil {
		return nil, err
	}
	fset := token.NewFileSet()
	for _, path := range files {
		pkg := filepath.Base(filepath.Dir(path))
		if pkg == "symbols" || strings.HasSuffix(path, "_test.go") {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		for _, m := range called.FindAllStringSubmatch(string(text), -1) {
			s.known[m[1]+m[2]] = true
		}
		f, err := parser.ParseFile(fset, path, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, d := range f.Decls {
			s.declare(pkg, d)
		}
	}
	if len(s.declared) == 0 {
		return nil, fmt.Errorf("%s: %w", dir, fs.ErrNotExist)
	}
	for name, doc := range s.docs {
		s.operations[name] = s.sends(doc)
	}
	return s, nil
}

func (s *source) declare(pkg string, d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if !d.Name.IsExported() {
			return
		}
		owner := pkg
		if d.Recv != nil {
			owner += "." + receiver(d.Recv.List[0].Type)
		}
		s.add(owner, d.Name.Name, d.Doc.Text())
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.ValueSpec:
				for _, n := range spec.Names {
					s.add(pkg, n.Name, "")
				}
			case *ast.TypeSpec:
				s.add(pkg, spec.Name.Name, "")
				if st, ok := spec.Type.(*ast.StructType); ok {
					for _, field := range st.Fields.List {
						for _, n := range field.Names {
							s.add(pkg+"."+spec.Name.Name, n.Name, "")
						}
					}
				}
			}
		}
	}
}

func (s *source) add(owner, name, doc string) {
	if !ast.IsExported(name) {
		return
	}
	full := owner + "." + name
	s.declared[full] = true
	m := botoName.FindStringSubmatch(strings.ReplaceAll(doc, "\n", " "))
	if m == nil {
		return
	}
	if s.boto[owner] == nil {
		s.boto[owner] = map[string]string{}
	}
	if s.boto[owner][m[1]] == "" {
		s.boto[owner][m[1]] = full
	}
	s.docs[full] = doc
}

func receiver(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}

// sends picks the operations that a doc comment names between its colon and
// boto's name.
func (s *source) sends(doc string) []string {
	text := strings.ReplaceAll(doc, "\n", " ")
	head, _, _ := strings.Cut(text, "(boto: ")
	i := strings.LastIndex(head, ":")
	if i < 0 {
		return nil
	}
	var list []string
	for _, word := range operation.FindAllString(head[i:], -1) {
		if s.known[word] && !slices.Contains(list, word) {
			list = append(list, word)
		}
	}
	return list
}

// find fills in the row's counterpart.
func (s *source) find(r *Row) {
	candidates := []string{others[r.Object+"."+r.Name]}
	owners := []string{objects[r.Object]}
	if owners[0] == "" {
		owners = nil
		for _, pkg := range packagesOf {
			if s.declared[pkg+"."+r.Object] {
				owners = append(owners, pkg+"."+r.Object)
			}
		}
	}
	for _, owner := range owners {
		candidates = append(candidates, s.boto[owner][r.Name], owner+"."+GoName(r.Name))
	}
	for _, c := range candidates {
		if c != "" && s.declared[c] {
			r.Go, r.Operations = c, s.operations[c]
			return
		}
	}
}

// initialisms are words that Go writes in capitals.
var initialisms = map[string]string{
	"id": "ID", "ids": "IDs", "url": "URL", "uri": "URI", "ip": "IP", "acl": "ACL", "cors": "CORS", "dns": "DNS",
	"vpc": "VPC", "arn": "ARN", "md5": "MD5", "etag": "ETag", "iops": "IOPS", "kms": "KMS", "mfa": "MFA", "cidr": "CIDR",
	"aws": "AWS", "ebs": "EBS", "ami": "AMI", "api": "API", "ok": "OK", "sqs": "SQS", "xml": "XML", "vpcid": "VPCID",
}

// GoName is boto's name in Go case.
func GoName(name string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(name, "_") {
		if up, ok := initialisms[strings.ToLower(word)]; ok {
			b.WriteString(up)
		} else if word != "" {
			b.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return b.String()
}
