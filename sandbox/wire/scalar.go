package wire

import (
	"encoding/base64"
	"errors"
	"math"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// errBadText says that a text is no value of the type wanted; the decoders
// turn it into the error of their protocol.
var errBadText = errors.New("not a value of its type")

// layouts are the times that clients write.
var layouts = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04Z07:00", "2006-01-02",
	http.TimeFormat, time.RFC1123Z, "20060102T150405Z",
}

// parseTime reads a date-time, an HTTP date or epoch seconds.
func parseTime(s string) (time.Time, error) {
	for _, l := range layouts {
		if t, err := time.Parse(l, s); err == nil {
			return t.UTC(), nil
		}
	}
	if f, err := strconv.ParseFloat(s, 64); err == nil {
		return epoch(f)
	}
	return time.Time{}, errBadText
}

// epoch is the time of f seconds since 1970, to the millisecond.
func epoch(f float64) (time.Time, error) {
	if math.IsNaN(f) || math.Abs(f) > 1e11 {
		return time.Time{}, errBadText
	}
	return time.UnixMilli(int64(math.Round(f * 1e3))).UTC(), nil
}

// setText stores the value that s spells in v: a scalar or a pointer to one.
func setText(v reflect.Value, s string) error {
	switch v.Kind() {
	case reflect.Pointer:
		e := reflect.New(v.Type().Elem())
		if err := setText(e.Elem(), s); err != nil {
			return err
		}
		v.Set(e)
	case reflect.String:
		v.SetString(s)
	case reflect.Bool:
		b, err := strconv.ParseBool(strings.ToLower(s))
		if err != nil {
			return errBadText
		}
		v.SetBool(b)
	case reflect.Int32, reflect.Int64:
		i, err := strconv.ParseInt(s, 10, v.Type().Bits())
		if err != nil {
			return errBadText
		}
		v.SetInt(i)
	case reflect.Float32, reflect.Float64:
		f, err := strconv.ParseFloat(s, v.Type().Bits())
		if err != nil {
			return errBadText
		}
		v.SetFloat(f)
	case reflect.Slice:
		b, err := base64.StdEncoding.DecodeString(s)
		if err != nil || !isBlob(v.Type()) {
			return errBadText
		}
		v.SetBytes(b)
	case reflect.Struct:
		if v.Type() != timeType {
			return errBadText
		}
		t, err := parseTime(s)
		if err != nil {
			return err
		}
		v.Set(reflect.ValueOf(t))
	default:
		return errBadText
	}
	return nil
}

// timeForm is how a protocol writes times.
type timeForm int

const (
	timeMillis  timeForm = iota // 2006-01-02T15:04:05.000Z
	timeSeconds                 // 2006-01-02T15:04:05Z, milliseconds where there are some
	timeHTTP                    // Mon, 02 Jan 2006 15:04:05 GMT
)

func (f timeForm) format(t time.Time) string {
	t = t.UTC()
	switch {
	case f == timeHTTP:
		return t.Format(http.TimeFormat)
	case f == timeSeconds && t.Nanosecond() < int(time.Millisecond):
		return t.Format("2006-01-02T15:04:05Z")
	}
	return t.Format("2006-01-02T15:04:05.000Z")
}

// text spells a scalar. ok is false where there is none: a nil pointer, an
// enumeration that is not set.
func text(v reflect.Value, form timeForm) (s string, ok bool) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return "", false
		}
		s, _ := text(v.Elem(), form)
		return s, true
	case reflect.String:
		return v.String(), v.Len() > 0
	case reflect.Bool:
		return strconv.FormatBool(v.Bool()), true
	case reflect.Int32, reflect.Int64:
		return strconv.FormatInt(v.Int(), 10), true
	case reflect.Float32, reflect.Float64:
		return floatText(v.Float(), v.Type().Bits()), true
	case reflect.Slice:
		return base64.StdEncoding.EncodeToString(v.Bytes()), !v.IsNil()
	case reflect.Struct:
		return form.format(v.Interface().(time.Time)), true
	}
	return "", false
}

func floatText(f float64, bits int) string {
	switch {
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	}
	return strconv.FormatFloat(f, 'f', -1, bits)
}
