package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// Has reports whether the service has an operation of that name, handled or
// not.
func (s *Service) Has(op string) bool { return s.spec.table.has(op) }

// NoService answers a request that is signed for a service the sandbox does
// not have, in the form that the request's own protocol would have.
func NoService(w http.ResponseWriter, r *http.Request, service string) {
	msg := fmt.Sprintf("The service %q is not built in the sandbox.", service)
	var b bytes.Buffer
	h := w.Header()
	if target, media := r.Header.Get("X-Amz-Target"), r.Header.Get("Content-Type"); target != "" || strings.Contains(media, "json") {
		h.Set("Content-Type", "application/x-amz-json-1.0")
		h.Set("x-amzn-ErrorType", "NotImplemented")
		// a map of strings always encodes
		_ = json.NewEncoder(&b).Encode(map[string]string{"__type": "NotImplemented", "message": msg})
	} else {
		h.Set("Content-Type", "text/xml")
		b.WriteString(xmlHeader + "<ErrorResponse><Error><Type>Sender</Type>")
		leaf(&b, "Code", "NotImplemented")
		leaf(&b, "Message", msg)
		b.WriteString("</Error></ErrorResponse>")
	}
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	w.WriteHeader(http.StatusNotImplemented)
	// a client that has gone needs no answer
	_, _ = w.Write(b.Bytes())
}
