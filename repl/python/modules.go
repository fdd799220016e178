package python

import (
	gotoken "go/token"
	"go/types"
	"strings"

	"go.starlark.net/syntax"

	"pawsh/bindings/boto"
)

// modules are Python's that are understood; those of boto by their first name.
var modules = wordSet("boto os sys time datetime json math base64 random uuid socket hashlib getpass string shutil tempfile")

// importNames binds what an import statement names. Go's own imports follow
// from the use.
func (u *unit) importNames(s *importStmt) {
	u.foreign = true
	for _, n := range s.names {
		first, _, _ := strings.Cut(n.module, ".")
		if !modules[first] && !ignored[first] {
			u.fail(n.pos, "the module %s is not translated", n.module)
		}
		if n.member == "" {
			if n.as != "" {
				u.imports[n.as] = val{kind: kModule, name: n.module, src: n.module}
			} else {
				u.imports[first] = val{kind: kModule, name: first, src: first}
			}
			continue
		}
		if ignored[first] {
			continue
		}
		u.imports[n.as] = u.moduleMember(val{kind: kModule, name: n.module, src: n.module}, n.member, n.pos)
	}
}

// ignored modules may be imported; what is used of them is refused.
var ignored = wordSet("logging optparse argparse subprocess re urllib urllib2 pprint collections itertools functools operator StringIO cStringIO gzip email filechunkio paramiko traceback signal threading copy csv __future__")

// moduleMember gives what a module has under a name.
func (u *unit) moduleMember(m val, name string, at pos) val {
	if m.name == "boto" || strings.HasPrefix(m.name, "boto.") {
		return u.botoMember(m, name, at)
	}
	full := m.name + "." + name
	switch full {
	case "os.path", "datetime.datetime.datetime":
		return val{kind: kModule, name: full, src: full}
	case "datetime.datetime", "datetime.timedelta", "datetime.date":
		return val{kind: kClass, name: full, src: full}
	case "os.environ":
		return val{kind: kBuiltin, name: "os.environ", src: "os.environ"}
	case "os.sep", "os.path.sep":
		return val{src: "string(" + u.pkgName("filepath", "filepath") + "Separator)", prec: precPrimary, t: tStr}
	case "os.linesep":
		return val{src: `"\n"`, prec: precPrimary, t: tStr, kind: kString, text: "\n"}
	case "sys.argv":
		u.foreign = true
		return primary(u.pkgName("os", "os")+"Args", tStrings)
	case "sys.stdout", "sys.stderr", "sys.stdin":
		return val{kind: kBuiltin, name: full, src: full}
	case "math.pi":
		return primary(u.pkgName("math", "math")+"Pi", tFloat)
	case "math.e":
		return primary(u.pkgName("math", "math")+"E", tFloat)
	case "os.error":
		return val{kind: kClass, name: "OSError", src: "OSError"}
	}
	return val{kind: kBuiltin, name: full, src: full}
}

// botoMember gives a function, a class or a module of boto's.
func (u *unit) botoMember(m val, name string, at pos) val {
	u.foreign = true
	below := strings.TrimPrefix(strings.TrimPrefix(m.name, "boto"), ".")
	full := name
	if below != "" {
		full = below + "." + name
	}
	if full == "config" {
		if imp, err := u.s.Import(botoPath); err == nil {
			return primary(u.pkgName(botoPath, "boto")+"Config", imp.Scope().Lookup("Config").Type())
		}
	}
	for _, c := range boto.Counterparts(full) {
		if c.Object != "boto" || c.Name != full {
			continue
		}
		parts := strings.Split(c.Go, ".")
		if len(parts) == 2 {
			return u.botoFunction(parts[1], at)
		}
		return u.moduleVar(parts[1], parts[2], at)
	}
	last := full[strings.LastIndexByte(full, '.')+1:]
	if last != "" && last[0] >= 'A' && last[0] <= 'Z' {
		return val{kind: kClass, name: last, src: last}
	}
	// boto.s3.connect_to_region and its like: a module of package boto.
	if i := strings.LastIndexByte(full, '.'); i > 0 && (name == "connect_to_region" || name == "regions") {
		module := full[:i]
		module = module[strings.LastIndexByte(module, '.')+1:]
		imp, err := u.s.Import(botoPath)
		if err == nil {
			for _, n := range imp.Scope().Names() {
				if plainName(n) == plainName(module)+"module" {
					return u.moduleVar(n, goMethod(name), at)
				}
			}
		}
	}
	if strings.HasPrefix(name, "connect_") {
		return u.botoFunction(name, at)
	}
	if botoModules[full] {
		return val{kind: kModule, name: "boto." + full, src: "boto." + full}
	}
	imp, err := u.s.Import(botoPath)
	if err == nil {
		for _, n := range imp.Scope().Names() {
			if _, ok := imp.Scope().Lookup(n).(*types.Func); ok && gotoken.IsExported(n) && plainName(n) == plainName(name) {
				return u.botoFunction(name, at)
			}
		}
		u.failHint(at, u.nearBoto(imp, name), "boto has no %s here", full)
	}
	u.fail(at, "boto has no %s here", full)
	return val{}
}

func goMethod(py string) string {
	var b strings.Builder
	for _, w := range strings.Split(py, "_") {
		b.WriteString(strings.ToUpper(w[:1]) + w[1:])
	}
	return b.String()
}

var botoModules = wordSet(`ec2 ec2.connection ec2.cloudwatch ec2.cloudwatch.alarm ec2.cloudwatch.metric ec2.blockdevicemapping ec2.instance ec2.keypair ec2.regioninfo
	ec2.securitygroup ec2.volume ec2.snapshot ec2.image ec2.zone s3 s3.connection s3.key s3.bucket s3.lifecycle s3.cors s3.acl s3.website s3.multipart s3.prefix sqs sqs.connection
	sqs.message sqs.queue sns iam sts utils manage manage.cmdshell exception requestlog provider regioninfo gs`)

// moduleVar gives a method of one of package boto's module values.
func (u *unit) moduleVar(typeName, method string, at pos) val {
	imp, err := u.s.Import(botoPath)
	if err != nil {
		u.fail(at, "%v", err)
	}
	for _, n := range imp.Scope().Names() {
		v, ok := imp.Scope().Lookup(n).(*types.Var)
		if !ok || !isType(v.Type(), botoPath, typeName) {
			continue
		}
		o, _, _ := types.LookupFieldOrMethod(v.Type(), true, imp, method)
		if f, ok := o.(*types.Func); ok {
			return val{kind: kMethod, name: method, t: f.Type(), src: u.pkgName(botoPath, "boto") + n + "." + method, prec: precPrimary, text: "boto"}
		}
	}
	u.fail(at, "boto has no %s.%s here", typeName, method)
	return val{}
}

// classMember gives what a class has: Location.EU, datetime.now.
func (u *unit) classMember(c val, name string, at pos) val {
	u.foreign = true
	switch c.name {
	case "Location":
		imp, err := u.s.Import(botoPath)
		if err != nil {
			u.fail(at, "%v", err)
		}
		s := imp.Scope().Lookup("Locations").Type().Underlying().(*types.Struct)
		for i := range s.NumFields() {
			if plainName(s.Field(i).Name()) == plainName(name) {
				return primary(u.pkgName(botoPath, "boto")+"Location."+s.Field(i).Name(), tStr)
			}
		}
		u.fail(at, "Location has no %s here", name)
	case "provider":
		return val{kind: kClass, name: name, src: name}
	}
	if strings.HasPrefix(c.name, "datetime") {
		return val{kind: kBuiltin, name: c.name + "." + name, src: c.name + "." + name}
	}
	u.fail(at, "%s.%s is not translated", c.name, name)
	return val{}
}

// moduleCall calls a function of one of Python's modules.
func (u *unit) moduleCall(full string, c *syntax.CallExpr) val {
	u.foreign = true
	p := u.place(c)
	if full == "os.environ.get" || full == "os.getenv" {
		args := u.arguments(c)
		v := primary(u.pkgName("os", "os")+"Getenv("+u.into(args[0].v, tStr, p)+")", tStr)
		if len(args) == 2 && args[1].v.kind != kNone {
			return primary(u.pkgName("cmp", "cmp")+"Or("+v.src+", "+u.into(args[1].v, tStr, p)+")", tStr)
		}
		return v
	}
	if strings.HasPrefix(full, "datetime.") || strings.HasPrefix(full, "time.") {
		return u.timeCall(full, c, p)
	}
	args := u.arguments(c)
	str := func(i int) string {
		if i >= len(args) {
			u.fail(p, "%s needs %d arguments", full, i+1)
		}
		return u.into(args[i].v, tStr, args[i].p)
	}
	fn := func(pkg, path, f string, t types.Type, fails bool) val {
		var out []string
		for i := range args {
			out = append(out, str(i))
		}
		return val{src: u.pkgName(path, pkg) + f + "(" + strings.Join(out, ", ") + ")", prec: precPrimary, t: t, fails: fails, void: t == nil}
	}
	switch full {
	case "os.path.join":
		return fn("filepath", "path/filepath", "Join", tStr, false)
	case "os.path.basename":
		return fn("filepath", "path/filepath", "Base", tStr, false)
	case "os.path.dirname":
		return fn("filepath", "path/filepath", "Dir", tStr, false)
	case "os.path.abspath", "os.path.realpath":
		return fn("filepath", "path/filepath", "Abs", tStr, true)
	case "os.path.normpath":
		return fn("filepath", "path/filepath", "Clean", tStr, false)
	case "os.path.relpath":
		start := `"."`
		if len(args) > 1 {
			start = str(1)
		}
		return val{src: u.pkgName("path/filepath", "filepath") + "Rel(" + start + ", " + str(0) + ")", prec: precPrimary, t: tStr, fails: true}
	case "os.path.expanduser":
		if args[0].v.kind == kString && strings.HasPrefix(args[0].v.text, "~/") {
			return primary(u.pkgName("path/filepath", "filepath")+"Join("+u.pkgName("os", "os")+`Getenv("HOME"), `+quote(args[0].v.text[2:])+")", tStr)
		}
		return primary(u.pkgName("strings", "strings")+"Replace("+str(0)+`, "~", `+u.pkgName("os", "os")+`Getenv("HOME"), 1)`, tStr)
	case "os.path.expandvars":
		return fn("os", "os", "ExpandEnv", tStr, false)
	case "os.path.splitext":
		v := u.once(primary(str(0), tStr), "path")
		ext := u.pkgName("path/filepath", "filepath") + "Ext(" + v.src + ")"
		return val{kind: kTuple, prec: precPrimary, elems: []val{primary(u.pkgName("strings", "strings")+"TrimSuffix("+v.src+", "+ext+")", tStr), primary(ext, tStr)}}
	case "os.path.split":
		v := u.once(primary(str(0), tStr), "path")
		return val{kind: kTuple, prec: precPrimary, elems: []val{primary(u.pkgName("path/filepath", "filepath")+"Dir("+v.src+")", tStr), primary("filepath.Base("+v.src+")", tStr)}}
	case "os.path.exists", "os.path.isdir", "os.path.isfile":
		return primary(u.py(map[string]string{"os.path.exists": "Exists", "os.path.isdir": "IsDir", "os.path.isfile": "IsFile"}[full])+"("+str(0)+")", tBool)
	case "os.path.getsize":
		info := u.called(fn("os", "os", "Stat", u.fileInfo(), true), false)
		return primary(info.src+".Size()", types.Typ[types.Int64])
	case "os.stat":
		return fn("os", "os", "Stat", u.fileInfo(), true)
	case "os.getcwd":
		return fn("os", "os", "Getwd", tStr, true)
	case "os.listdir":
		if len(args) == 0 {
			return primary(u.py("ListDir")+`(".")`, tStrings)
		}
		return val{src: u.py("ListDir") + "(" + str(0) + ")", prec: precPrimary, t: tStrings, fails: true}
	case "os.mkdir", "os.makedirs":
		mode := "0o777"
		if len(args) > 1 {
			mode = u.octal(args[1].v)
		}
		return val{src: u.pkgName("os", "os") + map[string]string{"os.mkdir": "Mkdir", "os.makedirs": "MkdirAll"}[full] + "(" + str(0) + ", " + mode + ")", void: true, fails: true}
	case "os.chmod":
		return val{src: u.pkgName("os", "os") + "Chmod(" + str(0) + ", " + u.octal(args[1].v) + ")", void: true, fails: true}
	case "os.remove", "os.unlink", "os.rmdir":
		return fn("os", "os", "Remove", nil, true)
	case "os.rename":
		return fn("os", "os", "Rename", nil, true)
	case "os.getpid":
		return fn("os", "os", "Getpid", tInt, false)
	case "shutil.rmtree":
		return fn("os", "os", "RemoveAll", nil, true)
	case "tempfile.mkdtemp":
		return val{src: u.pkgName("os", "os") + `MkdirTemp("", "")`, prec: precPrimary, t: tStr, fails: true}
	case "socket.gethostname":
		return fn("os", "os", "Hostname", tStr, true)
	case "sys.exit":
		if len(args) == 0 {
			return val{src: u.pkgName("os", "os") + "Exit(0)", void: true}
		}
		if isString(args[0].v.t) {
			u.emit(u.pkgName("fmt", "fmt") + "Fprintln(os.Stderr, " + args[0].v.src + ")")
			return val{src: u.pkgName("os", "os") + "Exit(1)", void: true}
		}
		return val{src: u.pkgName("os", "os") + "Exit(" + args[0].v.src + ")", void: true}
	case "sys.stdout.write":
		return val{src: u.pkgName("fmt", "fmt") + "Print(" + str(0) + ")", void: true}
	case "sys.stderr.write":
		return val{src: u.pkgName("fmt", "fmt") + "Fprint(" + u.pkgName("os", "os") + "Stderr, " + str(0) + ")", void: true}
	case "sys.stdout.flush", "sys.stderr.flush":
		return val{kind: kNone}
	case "math.ceil", "math.floor":
		f := u.toFloat(args[0].v)
		// Python 3 gives an int; where Python 2's float is printed the text differs.
		return val{src: "int(" + u.pkgName("math", "math") + strings.ToUpper(full[5:6]) + full[6:] + "(" + f.src + "))", prec: precPrimary, t: tInt}
	case "math.sqrt", "math.log10", "math.log2", "math.exp", "math.sin", "math.cos", "math.tan", "math.fabs":
		name := strings.TrimPrefix(full, "math.")
		if name == "fabs" {
			name = "abs"
		}
		return primary(u.pkgName("math", "math")+strings.ToUpper(name[:1])+name[1:]+"("+u.toFloat(args[0].v).src+")", tFloat)
	case "math.log":
		if len(args) == 1 {
			return primary(u.pkgName("math", "math")+"Log("+u.toFloat(args[0].v).src+")", tFloat)
		}
	case "math.pow":
		return primary(u.pkgName("math", "math")+"Pow("+u.toFloat(args[0].v).src+", "+u.toFloat(args[1].v).src+")", tFloat)
	case "base64.b64encode", "base64.encodestring":
		return u.base64("encode", args[0].v, p)
	case "base64.b64decode", "base64.decodestring":
		return u.base64("decode", args[0].v, p)
	case "json.dumps":
		return u.jsonDumps(args, p)
	case "json.loads":
		if u.inner > 0 {
			u.fail(p, "json.loads is not translated in this place")
		}
		n := u.temp("doc")
		u.emit("var " + n + " map[string]any")
		r := u.called(val{src: u.pkgName("encoding/json", "json") + "Unmarshal([]byte(" + str(0) + "), &" + n + ")", void: true, fails: true}, false)
		if r.src != "" {
			u.emit(r.src)
		}
		return primary(n, types.NewMap(tStr, tAny))
	case "hashlib.md5", "hashlib.sha1", "hashlib.sha256":
		f := map[string][2]string{"hashlib.md5": {"crypto/md5", "md5.Sum"}, "hashlib.sha1": {"crypto/sha1", "sha1.Sum"}, "hashlib.sha256": {"crypto/sha256", "sha256.Sum256"}}[full]
		u.used[f[0]] = true
		return val{kind: kBuiltin, name: "hash", src: f[1] + "([]byte(" + str(0) + "))", prec: precPrimary, t: tStr}
	case "random.randint":
		return primary(u.pkgName("math/rand", "rand")+"Intn("+args[1].v.at(4)+"-"+args[0].v.at(5)+"+1)+"+args[0].v.at(4), tInt)
	case "random.choice":
		if e, ok := sliceOf(args[0].v.t); ok {
			l := u.once(args[0].v, "choices")
			return primary(l.src+"["+u.pkgName("math/rand", "rand")+"Intn(len("+l.src+"))]", e)
		}
	}
	u.fail(p, "%s is not translated", full)
	return val{}
}

func (u *unit) octal(v val) string { return v.src }

func (u *unit) fileInfo() types.Type {
	imp, err := u.s.Import("os")
	if err != nil {
		u.fail(u.near, "%v", err)
	}
	return imp.Scope().Lookup("FileInfo").Type()
}

func (u *unit) base64(what string, v val, p pos) val {
	src := u.into(v, tStr, p)
	b := u.pkgName("encoding/base64", "base64")
	if strings.HasPrefix(what, "encode") {
		return primary(b+"StdEncoding.EncodeToString([]byte("+src+"))", tStr)
	}
	d := u.called(val{src: b + "StdEncoding.DecodeString(" + src + ")", prec: precPrimary, t: tBytes, fails: true}, false)
	return primary("string("+d.src+")", tStr)
}

func (u *unit) jsonDumps(args []argument, p pos) val {
	v := args[0].v
	src := u.keep(v, p).src
	j := u.pkgName("encoding/json", "json")
	for _, a := range args[1:] {
		switch a.name {
		case "indent":
			if n, ok := literalInt(a.x); ok {
				d := u.called(val{src: j + `MarshalIndent(` + src + `, "", ` + quote(strings.Repeat(" ", n)) + `)`, prec: precPrimary, t: tBytes, fails: true}, false)
				return primary("string("+d.src+")", tStr)
			}
		case "sort_keys":
		default:
			u.fail(a.p, "json.dumps takes no %s here", a.name)
		}
	}
	return val{src: u.py("JSON") + "(" + src + ")", prec: precPrimary, t: tStr, fails: true}
}

// walkLoop writes a loop over os.walk.
func (u *unit) walkLoop(vars syntax.Expr, c *syntax.CallExpr, body func()) bool {
	d, ok := c.Fn.(*syntax.DotExpr)
	if !ok || u.show(d) != "os.walk" || u.scope.find("os") != nil {
		return false
	}
	u.foreign = true
	list := tupleOf(vars)
	if len(list) != 3 || len(c.Args) != 1 {
		u.fail(u.place(c), "os.walk gives a folder, its folders and its files")
	}
	dir := u.temp("dir")
	walk := u.called(val{src: u.py("Walk") + "(" + u.value(c.Args[0]).src + ")", prec: precPrimary, t: tStrings, fails: true}, false)
	u.emit("for _, " + dir + " := range " + walk.src + " {")
	u.bindLoop(list[0], primary(dir+".Root", tStr))
	u.bindLoop(list[1], primary(dir+".Dirs", tStrings))
	u.bindLoop(list[2], primary(dir+".Files", tStrings))
	body()
	u.emit("}")
	return true
}
