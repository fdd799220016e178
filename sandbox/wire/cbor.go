package wire

import (
	"errors"
	"slices"
	"time"

	"github.com/aws/smithy-go/encoding/cbor"
)

var errCBOR = errors.New("not a CBOR value that a request can hold")

// fromCBOR decodes a CBOR body to the tree that valueDecoder reads.
func fromCBOR(b []byte) (any, error) {
	v, err := cbor.Decode(b)
	if err != nil {
		return nil, err
	}
	return cborTree(v)
}

func cborTree(v cbor.Value) (any, error) {
	switch v := v.(type) {
	case cbor.Map:
		m := make(map[string]any, len(v))
		for k, e := range v {
			x, err := cborTree(e)
			if err != nil {
				return nil, err
			}
			m[k] = x
		}
		return m, nil
	case cbor.List:
		l := make([]any, len(v))
		for i, e := range v {
			x, err := cborTree(e)
			if err != nil {
				return nil, err
			}
			l[i] = x
		}
		return l, nil
	case cbor.String:
		return string(v), nil
	case cbor.Slice:
		return []byte(v), nil
	case cbor.Bool:
		return bool(v), nil
	case cbor.Uint, cbor.NegInt:
		return cbor.AsInt64(v)
	case cbor.Float32:
		return float64(v), nil
	case cbor.Float64:
		return float64(v), nil
	case *cbor.Tag:
		return cborTime(v)
	case *cbor.Nil, *cbor.Undefined:
		return nil, nil
	}
	return nil, errCBOR
}

// cborTime rounds to the millisecond, where the library would cut.
func cborTime(v *cbor.Tag) (any, error) {
	x, err := cborTree(v.Value)
	if err != nil || v.ID != 1 {
		return nil, errCBOR
	}
	switch x := x.(type) {
	case int64:
		return epoch(float64(x))
	case float64:
		return epoch(x)
	}
	return nil, errCBOR
}

// toCBOR encodes a tree. Map keys are written in no particular order by the
// library; outputs don't promise one.
func toCBOR(x any) []byte { return cbor.Encode(cborValue(x)) }

func cborValue(x any) cbor.Value {
	switch x := x.(type) {
	case map[string]any:
		m := make(cbor.Map, len(x))
		for k, e := range x {
			m[k] = cborValue(e)
		}
		return m
	case []any:
		l := make(cbor.List, len(x))
		for i, e := range x {
			l[i] = cborValue(e)
		}
		return l
	case string:
		return cbor.String(x)
	case []byte:
		return cbor.Slice(slices.Clone(x))
	case bool:
		return cbor.Bool(x)
	case int64:
		if x < 0 {
			return cbor.NegInt(uint64(-x))
		}
		return cbor.Uint(uint64(x))
	case float64:
		return cbor.Float64(x)
	case time.Time:
		if ms := x.UnixMilli(); ms%1000 != 0 || ms < 0 {
			return &cbor.Tag{ID: 1, Value: cbor.Float64(float64(ms) / 1e3)}
		}
		return &cbor.Tag{ID: 1, Value: cbor.Uint(uint64(x.Unix()))}
	}
	return &cbor.Nil{}
}
