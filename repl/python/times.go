package python

import (
	"go/types"
	"strconv"
	"strings"

	"go.starlark.net/syntax"
)

func (u *unit) timeType(name string) types.Type {
	imp, err := u.s.Import("time")
	if err != nil {
		u.fail(u.near, "%v", err)
	}
	return imp.Scope().Lookup(name).Type()
}

// timeCall calls a function of time or of datetime.
func (u *unit) timeCall(full string, c *syntax.CallExpr, p pos) val {
	tm := u.pkgName("time", "time")
	short := strings.TrimPrefix(full, "datetime.")
	short = strings.TrimPrefix(short, "datetime.")
	now := func(src string) val { return primary(src, u.timeType("Time")) }
	args := u.arguments(c)
	switch full {
	case "time.sleep":
		return val{src: tm + "Sleep(" + u.seconds(args[0].v) + ")", void: true}
	case "time.time":
		return primary("float64("+tm+"Now().UnixNano())/1e9", tFloat).loose(5)
	case "time.strftime":
		t := now(tm + "Now()")
		if len(args) > 1 {
			t = args[1].v
		}
		return u.strftime(t, args[0], p)
	case "time.gmtime":
		if len(args) == 0 {
			return now(tm + "Now().UTC()")
		}
	case "time.localtime":
		if len(args) == 0 {
			return now(tm + "Now()")
		}
	case "time.ctime", "time.asctime":
		return primary(tm+"Now().Format("+tm+"ANSIC)", tStr)
	}
	switch short {
	case "now", "today":
		return now(tm + "Now()")
	case "utcnow":
		return now(tm + "Now().UTC()")
	case "strptime":
		if args[1].v.kind == kString {
			return val{src: tm + "Parse(" + quote(u.layout(args[1].v.text, p)) + ", " + u.into(args[0].v, tStr, p) + ")", prec: precPrimary, t: u.timeType("Time"), fails: true}
		}
	case "datetime", "date":
		parts := []string{"1", "1", "1", "0", "0", "0", "0"}
		for i, a := range args {
			if a.name != "" || i >= 7 {
				u.fail(a.p, "%s takes numbers in their order here", short)
			}
			parts[i] = u.into(a.v, tInt, a.p)
			if i == 6 {
				parts[i] += "*1000"
			}
		}
		if len(args) >= 3 {
			return now(tm + "Date(" + strings.Join(parts, ", ") + ", " + tm + "UTC)")
		}
	case "timedelta":
		return u.timedelta(args, p)
	case "fromtimestamp":
		return now(tm + "Unix(int64(" + args[0].v.src + "), 0)")
	case "utcfromtimestamp":
		return now(tm + "Unix(int64(" + args[0].v.src + "), 0).UTC()")
	}
	u.fail(p, "%s is not translated", full)
	return val{}
}

// loose gives a value whose text binds as an operator does.
func (v val) loose(prec int) val {
	v.prec = prec
	return v
}

// seconds writes a number of seconds as a duration.
func (u *unit) seconds(v val) string {
	tm := u.pkgName("time", "time")
	switch {
	case v.kind == kNumber && isInteger(v.t):
		return v.at(5) + " * " + tm + "Second"
	case v.kind == kNumber:
		if f, err := strconv.ParseFloat(v.src, 64); err == nil {
			if ms := f * 1000; ms == float64(int(ms)) {
				return itoa(int(ms)) + " * " + tm + "Millisecond"
			}
		}
		return tm + "Duration(" + v.src + " * float64(" + tm + "Second))"
	case isFloat(v.t):
		return tm + "Duration(" + v.at(5) + " * float64(" + tm + "Second))"
	}
	return tm + "Duration(" + v.src + ") * " + tm + "Second"
}

func (u *unit) timedelta(args []argument, p pos) val {
	tm := u.pkgName("time", "time")
	units := map[string]string{"weeks": "7 * 24 * " + tm + "Hour", "days": "24 * " + tm + "Hour", "hours": tm + "Hour", "minutes": tm + "Minute", "seconds": tm + "Second", "milliseconds": tm + "Millisecond", "microseconds": tm + "Microsecond"}
	order := []string{"days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks"}
	var parts []string
	for i, a := range args {
		if a.name == "" && i < len(order) {
			a.name = order[i]
		}
		unit, ok := units[a.name]
		if !ok {
			u.fail(a.p, "timedelta takes no %s", a.name)
		}
		v := a.v
		switch {
		case v.kind == kNumber && v.src == "0":
			continue
		case v.kind == kNumber && isInteger(v.t) && v.src == "1" && !strings.Contains(unit, "*"):
			parts = append(parts, unit)
		case v.kind == kNumber && isInteger(v.t):
			parts = append(parts, v.at(5)+" * "+unit)
		case isFloat(v.t):
			parts = append(parts, tm+"Duration("+v.at(5)+" * float64("+unit+"))")
		default:
			parts = append(parts, tm+"Duration("+v.src+") * "+unit)
		}
	}
	d := u.timeType("Duration")
	if len(parts) == 0 {
		return primary(tm+"Duration(0)", d)
	}
	return val{src: strings.Join(parts, " + "), prec: 4, t: d}
}

func (u *unit) timeArith(op string, a, b val, p pos) val {
	switch {
	case isTime(a.t) && isTime(b.t) && op == "-":
		return primary(a.at(precPrimary)+".Sub("+b.src+")", u.timeType("Duration"))
	case isTime(a.t) && isDuration(b.t) && op == "+":
		return primary(a.at(precPrimary)+".Add("+b.src+")", a.t)
	case isTime(a.t) && isDuration(b.t) && op == "-":
		return primary(a.at(precPrimary)+".Add(-"+b.at(precUnary)+")", a.t)
	case isDuration(a.t) && isTime(b.t) && op == "+":
		return primary(b.at(precPrimary)+".Add("+a.src+")", b.t)
	case isDuration(a.t) && isDuration(b.t) && (op == "+" || op == "-"):
		return val{src: a.at(4) + " " + op + " " + b.at(5), prec: 4, t: a.t}
	case isDuration(a.t) && isInteger(b.t) && op == "*":
		if b.kind == kNumber {
			return val{src: a.at(5) + " * " + b.at(6), prec: 5, t: a.t}
		}
		return val{src: a.at(5) + " * " + u.pkgName("time", "time") + "Duration(" + b.src + ")", prec: 5, t: a.t}
	}
	u.fail(p, "%s between %s and %s is not translated", op, u.typeName(a.t), u.typeName(b.t))
	return val{}
}

func (u *unit) timeField(b val, name string) (val, bool) {
	f := map[string]string{"year": "Year()", "day": "Day()", "hour": "Hour()", "minute": "Minute()", "second": "Second()"}[name]
	x := b.at(precPrimary)
	switch {
	case f != "":
		return val{src: x + "." + f, prec: precPrimary, t: tInt, whole: true}, true
	case name == "month":
		return val{src: "int(" + x + ".Month())", prec: precPrimary, t: tInt, whole: true}, true
	case name == "microsecond":
		return val{src: x + ".Nanosecond() / 1000", prec: 5, t: tInt, whole: true}, true
	}
	return val{}, false
}

func (u *unit) durationField(b val, name string) (val, bool) {
	x := b.at(precPrimary)
	switch name {
	case "days":
		return val{src: "int(" + x + ".Hours()) / 24", prec: 5, t: tInt}, true
	case "seconds":
		return val{src: "int(" + x + ".Seconds()) % 86400", prec: 5, t: tInt}, true
	}
	return val{}, false
}

func (u *unit) timeMethod(b val, name string, args []argument, p pos) val {
	x := b.at(precPrimary)
	switch name {
	case "strftime":
		return u.strftime(b, args[0], p)
	case "isoformat":
		return primary(u.py("ISOFormat")+"("+b.src+")", tStr)
	case "date":
		return primary(x+".Truncate(24 * "+u.pkgName("time", "time")+"Hour)", b.t)
	case "timetuple", "utctimetuple":
		return b
	}
	u.fail(p, "%s of a time is not translated", name)
	return val{}
}

func (u *unit) strftime(t val, layout argument, p pos) val {
	if layout.v.kind != kString {
		u.fail(p, "strftime needs a format that stands here")
	}
	if !isTime(u.res(t.t)) {
		u.fail(p, "strftime needs a time")
	}
	return primary(t.at(precPrimary)+".Format("+quote(u.layout(layout.v.text, p))+")", tStr)
}

// layout writes a format of strftime as Go's layout.
func (u *unit) layout(s string, p pos) string {
	verbs := map[byte]string{
		'Y': "2006", 'm': "01", 'd': "02", 'H': "15", 'M': "04", 'S': "05", 'y': "06", 'b': "Jan", 'B': "January", 'a': "Mon", 'A': "Monday",
		'p': "PM", 'I': "03", 'f': "000000", 'Z': "MST", 'z': "-0700", 'j': "002", '%': "%", 'T': "15:04:05", 'F': "2006-01-02",
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '%' || i+1 >= len(s) {
			if s[i] >= '0' && s[i] <= '9' {
				u.fail(p, "digits in a format of strftime are not translated")
			}
			b.WriteByte(s[i])
			continue
		}
		i++
		v, ok := verbs[s[i]]
		if !ok {
			u.fail(p, "%%%c of strftime is not translated", s[i])
		}
		if s[i] == 'f' && (i < 2 || s[i-2] != '.') {
			u.fail(p, "%%f stands behind a point in Go")
		}
		b.WriteString(v)
	}
	return b.String()
}
