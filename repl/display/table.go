package display

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/rivo/uniseg"
)

// Tables are laid out here and not by a library: those count a grapheme of
// several runes as wide as the sum of its runes, and columns run out of line
// (TestTableWideCharacters).

const (
	gap     = "  "
	cellMax = 48 // of a column, while others want the room
	ellipse = "…"
)

// grid is a table before it is fitted to a width.
type grid struct {
	columns []*column
	rows    int
	left    int // rows that are not in it
}

type column struct {
	name  string
	cells []string
	right bool // numbers
	// natural is the width that shows all, width the one in use.
	natural, width int
}

// table writes a list as a table; ok is false for what is no list.
func table(v Value, o Options) (_ string, ok bool) {
	rv, ok := deref(reflect.ValueOf(v.V))
	if !ok {
		return "", false
	}
	g := gridOf(rv, o.Items)
	if g == nil {
		return "", false
	}
	return g.fit(o.Width), true
}

// gridOf chooses rows and columns; nil for a value that has none.
func gridOf(v reflect.Value, items int) *grid {
	switch v.Kind() {
	case reflect.Slice, reflect.Array:
		if v.Len() == 0 || v.Type().Elem().Kind() == reflect.Uint8 {
			return nil
		}
		return listGrid(v, items)
	case reflect.Map:
		if v.Len() == 0 {
			return nil
		}
		return mapGrid(v, items)
	case reflect.Struct:
		if scalar(v) {
			return nil
		}
		if list, ok := onlyList(v); ok {
			return gridOf(list, items)
		}
		return fieldGrid(v)
	}
	return nil
}

// onlyList finds the list that a struct such as DescribeInstancesOutput is
// about: its only field that is a list of structs, with nothing but scalars
// beside it.
func onlyList(v reflect.Value) (list reflect.Value, ok bool) {
	if !strings.HasSuffix(structName(v.Type()), "Output") {
		return v, false
	}
	for _, f := range fieldsOf(v, nil) {
		d, okf := deref(f.v)
		if !okf || d.Kind() != reflect.Slice {
			continue
		}
		if ok || d.Len() == 0 {
			return v, false
		}
		list, ok = d, true
	}
	return list, ok
}

// listGrid has a row for each item. Reservations are shown by the instances
// they hold.
func listGrid(v reflect.Value, items int) *grid {
	var rows []reflect.Value
	structs, expanded := 0, true
	for i := range v.Len() {
		d, ok := deref(v.Index(i))
		if ok && d.Kind() == reflect.Struct && !scalar(d) {
			structs++
		}
		rows = append(rows, d)
		expanded = expanded && ok && d.Kind() == reflect.Struct && strings.HasSuffix(structName(d.Type()), "Reservation") && instances(d).IsValid()
	}
	if expanded {
		var inner []reflect.Value
		for _, r := range rows {
			for list, i := instances(r), 0; i < list.Len(); i++ {
				if d, ok := deref(list.Index(i)); ok {
					inner = append(inner, d)
				}
			}
		}
		rows, structs = inner, len(inner)
	}
	g := &grid{rows: len(rows)}
	if items > 0 && len(rows) > items {
		g.left, rows, g.rows = len(rows)-items, rows[:items], items
	}
	if !expanded { // the number that selects the item
		g.columns = append(g.columns, indexColumn(len(rows)))
	}
	if structs == len(rows)+g.left {
		g.columns = append(g.columns, structColumns(rows)...)
		return g
	}
	c := &column{name: "value"}
	for _, r := range rows {
		c.cells = append(c.cells, inline(r))
	}
	g.columns = append(g.columns, c)
	return g
}

func instances(reservation reflect.Value) reflect.Value {
	f := reservation.FieldByName("Instances")
	if f.IsValid() && f.Kind() == reflect.Slice && f.Len() > 0 {
		return f
	}
	return reflect.Value{}
}

func indexColumn(n int) *column {
	c := &column{name: "#", right: true}
	for i := range n {
		c.cells = append(c.cells, strconv.Itoa(i))
	}
	return c
}

func mapGrid(v reflect.Value, items int) *grid {
	keys := sortedKeys(v)
	g := &grid{}
	if items > 0 && len(keys) > items {
		g.left, keys = len(keys)-items, keys[:items]
	}
	g.rows = len(keys)
	key, value := &column{name: "key"}, &column{name: "value"}
	var rows []reflect.Value
	structs := true
	for _, k := range keys {
		name := keyText(k)
		key.cells = append(key.cells, oneLine(name))
		if secretField(name, v.MapIndex(k)) {
			value.cells = append(value.cells, Masked)
			structs = false
			continue
		}
		d, ok := deref(v.MapIndex(k))
		structs = structs && ok && d.Kind() == reflect.Struct && !scalar(d)
		rows = append(rows, d)
		value.cells = append(value.cells, inline(d))
	}
	if structs {
		g.columns = append([]*column{key}, structColumns(rows)...)
	} else {
		g.columns = []*column{key, value}
	}
	return g
}

// fieldGrid has a row for each field of one struct.
func fieldGrid(v reflect.Value) *grid {
	name, value := &column{name: "field"}, &column{name: "value"}
	for _, f := range fieldsOf(v, nil) {
		s := Masked
		if !f.secret {
			s = inline(f.v)
		}
		if plumbing(f) || s == "" {
			continue
		}
		name.cells = append(name.cells, f.name)
		value.cells = append(value.cells, s)
	}
	if len(name.cells) == 0 {
		return nil
	}
	return &grid{columns: []*column{name, value}, rows: len(name.cells)}
}

// fit writes the grid at most width wide; 0 is as wide as it is. Columns that
// come last give way first.
func (g *grid) fit(width int) string {
	for _, c := range g.columns {
		c.measure()
	}
	columns := g.columns
	var dropped []string
	if width > 0 {
		columns, dropped = g.choose(width)
	}
	var b strings.Builder
	line := func(at func(c *column) string) {
		var l strings.Builder
		for i, c := range columns {
			s := shorten(at(c), c.width)
			pad := strings.Repeat(" ", c.width-uniseg.StringWidth(s))
			if i > 0 {
				l.WriteString(gap)
			}
			if c.right {
				l.WriteString(pad + s)
			} else {
				l.WriteString(s + pad)
			}
		}
		b.WriteString(strings.TrimRight(l.String(), " ") + "\n")
	}
	line(func(c *column) string { return c.name })
	for i := range g.rows {
		line(func(c *column) string { return c.cells[i] })
	}
	if g.left > 0 {
		b.WriteString(more(g.left) + "\n")
	}
	if n := len(dropped); n > 0 {
		what := "columns do"
		if n == 1 {
			what = "column does"
		}
		b.WriteString(shorten(fmt.Sprintf("%d %s not fit: %s", n, what, strings.Join(dropped, ", ")), width) + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func (c *column) measure() {
	c.natural = uniseg.StringWidth(c.name)
	for _, s := range c.cells {
		c.natural = max(c.natural, uniseg.StringWidth(s))
	}
	c.width = c.natural
}

// choose takes columns in their order as long as they fit, none wider than
// cellMax; what room is left the wide ones share. The first that tells
// something is there in any case.
func (g *grid) choose(width int) (columns []*column, dropped []string) {
	used, telling := 0, false
	for _, c := range g.columns {
		room := width - used
		if len(columns) > 0 {
			room -= len(gap)
		}
		w := min(c.natural, cellMax)
		if len(dropped) > 0 || w > room && telling {
			dropped = append(dropped, c.name)
			continue
		}
		c.width = max(1, min(w, room))
		used = width - room + c.width
		columns = append(columns, c)
		telling = telling || c.name != "#"
	}
	for _, c := range columns {
		grow := min(c.natural-c.width, width-used)
		if grow > 0 {
			c.width += grow
			used += grow
		}
	}
	return columns, dropped
}

// shorten cuts a text to a width, with a sign that it was cut.
func shorten(s string, width int) string {
	if uniseg.StringWidth(s) <= width {
		return s
	}
	var b strings.Builder
	used := 0
	for g := uniseg.NewGraphemes(s); g.Next(); {
		if used+g.Width() > width-1 {
			break
		}
		used += g.Width()
		b.WriteString(g.Str())
	}
	return b.String() + ellipse
}
