package conformance

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
)

// translator stands between the suite and a cloud and puts the messages of
// errors, and nothing else, into the words the suite compares with.
type translator struct {
	texts map[string]string
	used  atomic.Bool // whether any was put into other words
}

// readTexts reads lines of AWS'S TEXT => THE SUITE'S TEXT. A * in AWS's stands
// for any text.
func readTexts(t *testing.T, file string) map[string]string {
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		ours, theirs, ok := strings.Cut(line, " => ")
		if !ok {
			t.Fatalf("%s: %q has no =>", file, line)
		}
		texts[ours] = theirs
	}
	return texts
}

// proxy hands requests on to the cloud at url.
func (x *translator) proxy(to *url.URL) http.Handler {
	p := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = to.Scheme, to.Host
			r.Out.Host = r.In.Host // it is signed
		},
		ModifyResponse: x.translate,
		FlushInterval:  -1,
	}
	return p
}

func (x *translator) translate(r *http.Response) error {
	if !strings.Contains(r.Header.Get("Content-Type"), "xml") || r.ContentLength > 1<<20 {
		return nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	r.Body.Close()
	if i := bytes.Index(body, []byte("<Error><Code>")); i >= 0 {
		for ours, theirs := range x.texts {
			from := regexp.MustCompile("<Message>" + strings.ReplaceAll(regexp.QuoteMeta(ours), `\*`, "[^<]*") + "</Message>")
			if from.Match(body) {
				body = from.ReplaceAllLiteral(body, []byte("<Message>"+theirs+"</Message>"))
				x.used.Store(true)
			}
		}
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.ContentLength = int64(len(body))
	r.Header.Set("Content-Length", strconv.Itoa(len(body)))
	return nil
}
