package conform

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/aws/smithy-go/encoding/cbor"
)

// SameForm compares two query forms.
func SameForm(got, want *Request) error {
	g, errG := url.ParseQuery(string(got.Body))
	w, errW := url.ParseQuery(strings.TrimSpace(string(want.Body)))
	if errG != nil || errW != nil {
		return fmt.Errorf("forms: %v, %v", errG, errW)
	}
	for _, k := range slices.Sorted(maps.Keys(w)) {
		if g.Get(k) != w.Get(k) {
			return fmt.Errorf("%s: %q, want %q", k, g.Get(k), w.Get(k))
		}
	}
	for k := range g {
		if !w.Has(k) {
			return fmt.Errorf("%s is not in the snapshot", k)
		}
	}
	return nil
}

// SameJSON compares two JSON bodies and their targets.
func SameJSON(got, want *Request) error {
	if g, w := got.Header.Get("X-Amz-Target"), want.Header.Get("X-Amz-Target"); g != w {
		return fmt.Errorf("target %q, want %q", g, w)
	}
	var g, w any
	if err := json.Unmarshal(got.Body, &g); err != nil {
		return err
	}
	if err := json.Unmarshal(want.Body, &w); err != nil {
		return err
	}
	if !reflect.DeepEqual(g, w) {
		return fmt.Errorf("body %s, want %s", got.Body, want.Body)
	}
	return nil
}

// SameCBOR compares two CBOR bodies and their paths.
func SameCBOR(got, want *Request) error {
	if got.URI != want.URI {
		return fmt.Errorf("path %q, want %q", got.URI, want.URI)
	}
	if len(want.Body) == 0 && len(got.Body) <= 2 { // nothing, or an empty map
		return nil
	}
	g, err := cbor.Decode(got.Body)
	if err != nil {
		return err
	}
	w, err := cbor.Decode(want.Body)
	if err != nil {
		return err
	}
	if !reflect.DeepEqual(g, w) {
		return fmt.Errorf("body %v, want %v", g, w)
	}
	return nil
}

// SameREST compares method, address, headers and body of two S3 requests.
// Headers that only framing, hashing or signing add are left out.
func SameREST(got, want *Request) error {
	if got.Method != want.Method {
		return fmt.Errorf("method %s, want %s", got.Method, want.Method)
	}
	g, errG := url.ParseRequestURI(got.URI)
	w, errW := url.ParseRequestURI(want.URI)
	if errG != nil || errW != nil {
		return fmt.Errorf("addresses: %v, %v", errG, errW)
	}
	if p := strings.TrimSuffix(w.Path, "/"); strings.TrimSuffix(g.Path, "/") != p {
		return fmt.Errorf("path %q, want %q", g.Path, w.Path)
	}
	if gq, wq := g.Query(), w.Query(); !reflect.DeepEqual(gq, wq) {
		return fmt.Errorf("query %v, want %v", gq, wq)
	}
	for k := range want.Header {
		if strings.HasPrefix(k, "Content-") && k != "Content-Type" && k != "Content-Md5" || k == "Expect" {
			continue
		}
		if x, y := strings.Join(got.Header.Values(k), ","), strings.Join(want.Header.Values(k), ","); x != y {
			return fmt.Errorf("header %s: %q, want %q", k, x, y)
		}
	}
	if !bytes.Equal(bytes.TrimSpace(got.Body), bytes.TrimSpace(want.Body)) {
		return fmt.Errorf("body %q, want %q", got.Body, want.Body)
	}
	return nil
}
