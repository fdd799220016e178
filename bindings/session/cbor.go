package session

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/aws/smithy-go/encoding/cbor"
)

// indentCBOR prints a body of CloudWatch's binary protocol as the JSON it
// stands for, with secret members hidden; false when it is none.
func indentCBOR(body []byte) (string, bool) {
	v, err := cbor.Decode(body)
	if err != nil {
		return "", false
	}
	text, err := json.Marshal(fromCBOR(v))
	if err != nil {
		return "", false
	}
	pretty, err := indentJSON(text)
	return pretty, err == nil
}

// fromCBOR gives a value in the terms of JSON; what it has no terms for is
// named. Times stand as such.
func fromCBOR(v cbor.Value) any {
	switch v := v.(type) {
	case cbor.Uint:
		return uint64(v)
	case cbor.NegInt:
		return json.Number(fmt.Sprintf("-%d", uint64(v)))
	case cbor.String:
		return string(v)
	case cbor.Slice:
		return fmt.Sprintf("(%d bytes)", len(v))
	case cbor.Bool:
		return bool(v)
	case *cbor.Nil, *cbor.Undefined:
		return nil
	case cbor.Float32:
		return finite(float64(v))
	case cbor.Float64:
		return finite(float64(v))
	case cbor.List:
		list := make([]any, len(v))
		for i := range v {
			list[i] = fromCBOR(v[i])
		}
		return list
	case cbor.Map:
		m := make(map[string]any, len(v))
		for name, member := range v {
			m[name] = fromCBOR(member)
		}
		return m
	case *cbor.Tag:
		const epoch = 1 // seconds since 1970
		inner := fromCBOR(v.Value)
		if v.ID == epoch {
			switch s := inner.(type) {
			case uint64:
				return time.Unix(int64(s), 0).UTC().Format(time.RFC3339)
			case float64:
				whole, part := math.Modf(s)
				return time.Unix(int64(whole), int64(part*1e9)).UTC().Format(time.RFC3339Nano)
			}
		}
		return inner
	}
	return fmt.Sprintf("%T", v)
}

func finite(f float64) any {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return fmt.Sprint(f)
	}
	return f
}

// unpacked gives a body as it was before gzip, up to the log's limit and a
// byte; the body itself where it is not packed or can't be unpacked.
func unpacked(body []byte, encoding string) []byte {
	if encoding != "gzip" {
		return body
	}
	r, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return body
	}
	plain, err := io.ReadAll(io.LimitReader(r, bodyLimit+1))
	if err != nil {
		return body
	}
	return plain
}
