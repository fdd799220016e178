package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

// TestPrivateClouds talks to Eucalyptus, Walrus and Google Cloud Storage as the
// cookbook sets them up, with keys and hosts from boto's file, and has the
// signatures judged with the secrets of that cloud, not of AWS.
func TestPrivateClouds(t *testing.T) {
	t.Parallel()
	known := map[string]string{"EUCAKEY": "eucasecret", "GOOGKEY": "googsecret"}
	store := newStore()
	euca, walrus, gs := newJudge(t, known, xml(zonesXML)), newJudge(t, known, store), newJudge(t, known, newStore())
	host := func(j *judge) (host, port string) {
		host, port, err := net.SplitHostPort(j.host())
		if err != nil {
			t.Fatal(err)
		}
		return host, port
	}
	eucaHost, eucaPort := host(euca)
	walrusHost, walrusPort := host(walrus)
	w := newWorld(t, "AWS_ACCESS_KEY_ID=AKIDENV", "AWS_SECRET_ACCESS_KEY=secretofenv", "AWS_REGION=eu-west-1")
	w.write(".boto", fmt.Sprintf("[Credentials]\neuca_access_key_id = EUCAKEY\neuca_secret_access_key = eucasecret\ngs_access_key_id = GOOGKEY\ngs_secret_access_key = googsecret\n\n"+
		"[Boto]\neucalyptus_host = %q\nwalrus_host = \"%s\"\n", eucaHost, walrusHost))

	w.run("", "-c", "boto.ConnectEuca().Port\n").want(t, 0, "8773", "")
	w.run("", "-c", "boto.ConnectWalrus().Path\n").want(t, 0, `"/services/Walrus"`, "")
	w.run("", "-c", "boto.ConnectGS().Host").want(t, 0, `"storage.googleapis.com"`, "")

	w.run("", "-c", fmt.Sprintf("euca := boto.ConnectEuca(Port(%s)); euca.GetAllZones()", eucaPort)).want(t, 0, "[Zone:cluster01]", "")
	if a := euca.last(t); a.Key != "EUCAKEY" || a.Path != "/services/Eucalyptus" && a.Path != "/services/Eucalyptus/" || a.Host != euca.host() || !strings.Contains(a.Body, "Action=DescribeAvailabilityZones") {
		t.Errorf("Eucalyptus was asked %+v", a)
	}
	// A host with its port, and the bound name.
	w2 := newWorld(t)
	w2.write(".boto", fmt.Sprintf("[Credentials]\neuca_access_key_id = EUCAKEY\neuca_secret_access_key = eucasecret\n[Boto]\neucalyptus_host = %s\nwalrus_host = http://%s\n", euca.host(), walrus.host()))
	w2.run("", "-c", "euca.GetAllZones()").want(t, 0, "[Zone:cluster01]", "")

	session := func(name, open string, j *judge, path string) {
		cells := strings.Join([]string{
			open,
			`b := c.CreateBucket("paws")`,
			`k := b.NewKey("a dir/hello wörld+1.txt")`,
			`k.SetContentsFromString("hello")`,
			`b.GetKey("a dir/hello wörld+1.txt").GetContentsAsString()`,
			`b.GetAllKeys()`,
			`c.GetAllBuckets()`,
			`k.Delete()`,
			`b.GetAllKeys()`,
			`c.DeleteBucket("paws")`,
		}, "\n")
		want := "5\n\"hello\"\n[<Key: paws,a dir/hello wörld+1.txt>]\n[<Bucket: paws>]\n<Key: paws,a dir/hello wörld+1.txt>\n[]"
		w.run(cells).want(t, 1, want[:strings.LastIndex(want, "\n<Key")], "--yes") // at k.Delete()
		o := w.run(cells, "--yes")
		o.want(t, 0, want, "")
		j.mu.Lock()
		defer j.mu.Unlock()
		if len(j.requests) < 8 {
			t.Errorf("%s: %d requests were signed well", name, len(j.requests))
		}
		for _, a := range j.requests {
			if !strings.HasPrefix(a.Path, path) || a.Host != j.host() {
				t.Errorf("%s: %s %s at host %s, want path %s at %s", name, a.Method, a.Path, a.Host, path, j.host())
			}
			for _, h := range []string{"X-Amz-Trailer", "X-Amz-Sdk-Checksum-Algorithm", "X-Amz-Checksum-Crc32", "X-Amz-Decoded-Content-Length"} {
				if a.Header.Get(h) != "" {
					t.Errorf("%s: %s %s has %s", name, a.Method, a.Path, h)
				}
			}
			if strings.HasPrefix(a.Header.Get("X-Amz-Content-Sha256"), "STREAMING") {
				t.Errorf("%s: %s %s is sent in signed chunks", name, a.Method, a.Path)
			}
		}
	}
	session("Walrus", fmt.Sprintf("c := boto.ConnectWalrus(Port(%s))", walrusPort), walrus, "/services/Walrus")
	session("Google", fmt.Sprintf("c := boto.ConnectGS(Endpoint(%q))", gs.URL), gs, "/")

	// Keys of AWS are never sent there, and what is missing is named.
	w3 := newWorld(t, "AWS_ACCESS_KEY_ID=AKIDENV", "AWS_SECRET_ACCESS_KEY=secretofenv")
	w3.run("", "-c", "boto.ConnectEuca()").want(t, 1, "", "eucalyptus_host")
	w3.run("", "-c", "walrus.GetAllBuckets()").want(t, 1, "", "walrus_host")
	w3.run("", "-c", "boto.ConnectGS()").want(t, 1, "", "gs_access_key_id")
	w3.write(".boto", "[Boto]\neucalyptus_host = 127.0.0.1\n")
	w3.run("", "-c", "euca.GetAllZones()").want(t, 1, "", "euca_access_key_id")
}

// store is a storage service of one bucket with nothing but what the session
// above needs.
type store struct{ objects map[string]string }

func newStore() *store { return &store{map[string]string{}} }

// ServeHTTP answers; the judge calls it one request after the other.
func (s *store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.Trim(strings.TrimPrefix(r.URL.Path, "/services/Walrus"), "/")
	bucket, key, isKey := strings.Cut(path, "/")
	w.Header().Set("Content-Type", "application/xml")
	switch {
	case bucket == "":
		fmt.Fprint(w, `<ListAllMyBucketsResult><Buckets><Bucket><Name>paws</Name></Bucket></Buckets></ListAllMyBucketsResult>`)
	case !isKey && r.Method == http.MethodDelete:
		w.WriteHeader(http.StatusNoContent)
	case !isKey && r.Method == http.MethodGet:
		fmt.Fprint(w, `<ListBucketResult><Name>paws</Name><IsTruncated>false</IsTruncated>`)
		for k, v := range s.objects {
			fmt.Fprintf(w, `<Contents><Key>%s</Key><Size>%d</Size><LastModified>2012-07-01T00:00:00.000Z</LastModified></Contents>`, k, len(v))
		}
		fmt.Fprint(w, `</ListBucketResult>`)
	case !isKey:
	case r.Method == http.MethodPut:
		b, _ := io.ReadAll(r.Body)
		s.objects[key] = string(b)
		w.Header().Set("ETag", `"e"`)
	case r.Method == http.MethodDelete:
		delete(s.objects, key)
		w.WriteHeader(http.StatusNoContent)
	default:
		v, ok := s.objects[key]
		if !ok {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Length", fmt.Sprint(len(v)))
		w.Header().Set("Last-Modified", "Sun, 01 Jul 2012 00:00:00 GMT")
		fmt.Fprint(w, v)
	}
}
