package display

import (
	"fmt"
	"reflect"
	"strings"
)

// tree writes a value with a line for each field and item.
func tree(v Value, o Options) string {
	if s, ok := text(v); ok {
		if strings.Contains(s, "\n") {
			return lines(s, o)
		}
	}
	w := treeWriter{o: o, words: printer{width: 1 << 30, items: o.Items}}
	if v.Text != nil {
		w.line("", *v.Text)
	}
	w.value("", "", "", reflect.ValueOf(v.V), v.Text != nil, 0)
	return strings.Join(w.out, "\n")
}

type treeWriter struct {
	o     Options
	words printer
	out   []string
	path  []uintptr
}

func (w *treeWriter) line(head, s string) {
	w.out = append(w.out, strings.TrimRight(head+strings.ReplaceAll(s, "\n", "\\n"), " "))
}

// value writes v behind head; what lies below it stands behind indent. titled
// tells that its own line has been written.
func (w *treeWriter) value(head, indent, name string, v reflect.Value, titled bool, depth int) {
	label := ""
	if name != "" {
		label = name + ": "
	}
	if v.IsValid() {
		v = opened(v)
	}
	for v.IsValid() && (v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface) && !v.IsNil() {
		if v.Kind() == reflect.Pointer {
			for _, q := range w.path {
				if q == v.Pointer() {
					w.line(head, label+w.title(v.Elem())+"...")
					return
				}
			}
			w.path = append(w.path, v.Pointer())
			defer func() { w.path = w.path[:len(w.path)-1] }()
			if s, ok := own(v); ok && v.Elem().Kind() == reflect.Struct && !titled {
				w.branches(head+label+s, indent, v.Elem(), depth)
				return
			}
		}
		v = opened(v.Elem())
	}
	if !v.IsValid() || !w.nests(v) || depth > maxDepth {
		if !titled {
			w.line(head, label+w.words.value(v, 0))
		}
		return
	}
	title := head + label + w.title(v)
	if titled {
		title = ""
	}
	w.branches(title, indent, v, depth)
}

// title stands on the line of a value that has branches.
func (w *treeWriter) title(v reflect.Value) string {
	if s, ok := own(v); ok {
		return s
	}
	switch v.Kind() {
	case reflect.Struct:
		return structName(v.Type())
	case reflect.Slice, reflect.Array, reflect.Map:
		return fmt.Sprintf("(%d)", v.Len())
	}
	return ""
}

// nests tells whether a value is worth lines of its own.
func (w *treeWriter) nests(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Struct:
		if _, ok := own(v); ok && (v.Type().Name() == "Connection" || v.Type().Name() == "Time") {
			return false
		}
		return len(fieldsOf(v, nil)) > 0
	case reflect.Slice, reflect.Array:
		return v.Len() > 0 && v.Type().Elem().Kind() != reflect.Uint8
	case reflect.Map:
		return v.Len() > 0
	}
	return false
}

type branch struct {
	name   string
	v      reflect.Value
	secret bool
}

func (w *treeWriter) branches(title, indent string, v reflect.Value, depth int) {
	if strings.TrimSpace(title) != "" {
		w.line("", title)
	}
	list, left := w.below(v)
	for i, b := range list {
		head, next := indent+"├─ ", indent+"│  "
		if i == len(list)-1 && left == 0 {
			head, next = indent+"└─ ", indent+"   "
		}
		if b.secret {
			w.line(head, b.name+": "+Masked)
			continue
		}
		w.value(head, next, b.name, b.v, false, depth+1)
	}
	if left > 0 {
		w.line(indent+"└─ ", more(left))
	}
}

func (w *treeWriter) below(v reflect.Value) (list []branch, left int) {
	switch v.Kind() {
	case reflect.Struct:
		for _, f := range fieldsOf(v, nil) {
			if !plumbing(f) {
				list = append(list, branch{f.name, f.v, f.secret})
			}
		}
	case reflect.Map:
		keys := sortedKeys(v)
		n := w.words.shown(len(keys))
		for _, k := range keys[:n] {
			name := keyText(k)
			list = append(list, branch{escapeControls(name), v.MapIndex(k), secretField(name, v.MapIndex(k))})
		}
		left = len(keys) - n
	default:
		n := w.words.shown(v.Len())
		for i := range n {
			list = append(list, branch{fmt.Sprintf("[%d]", i), v.Index(i), false})
		}
		left = v.Len() - n
	}
	return list, left
}
