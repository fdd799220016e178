package s3

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
)

// GenerateURLOption is an argument of GenerateURL.
type GenerateURLOption interface{ generateURL(*link) }

type link struct {
	method    string
	queryAuth bool
	forceHTTP bool
	response  map[string]string
	version   string
}

type linkOption func(*link)

func (f linkOption) generateURL(l *link) { f(l) }

// Method is what the URL is for: "GET", "PUT", "HEAD" or "DELETE"
// (boto: method).
//
// Example: key.GenerateURL(3600, Method("PUT"))
func Method(name string) GenerateURLOption {
	return linkOption(func(l *link) { l.method = strings.ToUpper(name) })
}

// QueryAuth, when false, leaves the signature out: the URL then serves public
// keys only, for ever (boto: query_auth).
//
// Example: key.GenerateURL(0, QueryAuth(false))
func QueryAuth(yes bool) GenerateURLOption { return linkOption(func(l *link) { l.queryAuth = yes }) }

// ForceHTTP makes an http URL (boto: force_http).
//
// Example: key.GenerateURL(3600, ForceHTTP(true))
func ForceHTTP(yes bool) GenerateURLOption { return linkOption(func(l *link) { l.forceHTTP = yes }) }

// ResponseHeaders sets headers of the answer to the URL, named as
// "response-content-type" or "content-type" (boto: response_headers).
//
// Example: key.GenerateURL(3600, ResponseHeaders(map[string]string{"response-content-type": "text/plain"}))
func ResponseHeaders(m map[string]string) GenerateURLOption {
	return linkOption(func(l *link) { l.response = m })
}

func (o VersionIDOption) generateURL(l *link) { l.version = o.id }

// GenerateURL makes a URL that lets anyone who has it do one thing with the
// key for expiresIn seconds, at most 604,800 (boto: generate_url). It sends
// nothing. Options: Method, QueryAuth, ForceHTTP, ResponseHeaders, VersionID.
//
// Example: key.GenerateURL(3600)
func (k *Key) GenerateURL(expiresIn int, opts ...GenerateURLOption) (string, error) {
	if err := k.check("generate a URL of"); err != nil {
		return "", err
	}
	l := link{method: http.MethodGet, queryAuth: true, version: k.VersionID}
	for _, o := range opts {
		o.generateURL(&l)
	}
	text, err := k.Bucket.Connection.link(k.Bucket.Name, k.Name, time.Duration(expiresIn)*time.Second, &l)
	if err != nil {
		return "", fmt.Errorf("generate a URL of key %q of bucket %q: %w", k.Name, k.Bucket.Name, err)
	}
	return text, nil
}

// GenerateURL makes a URL as Key.GenerateURL does, for a key of a bucket, or
// for the bucket itself when key is "" (boto: generate_url).
//
// Example: s3.GenerateURL(3600, "GET", "photos-2012", "cat.jpg")
func (c *Connection) GenerateURL(expiresIn int, method, bucket, key string, opts ...GenerateURLOption) (string, error) {
	l := link{method: strings.ToUpper(method), queryAuth: true}
	for _, o := range opts {
		o.generateURL(&l)
	}
	text, err := c.link(bucket, key, time.Duration(expiresIn)*time.Second, &l)
	if err != nil {
		return "", fmt.Errorf("generate a URL of key %q of bucket %q: %w", key, bucket, err)
	}
	return text, nil
}

func (c *Connection) link(bucket, key string, valid time.Duration, l *link) (string, error) {
	if valid <= 0 && l.queryAuth {
		return "", fmt.Errorf("it would be valid for %s", valid)
	}
	c.mu.Lock()
	region := c.regions[bucket]
	c.mu.Unlock()
	presign := sdk.NewPresignClient(c.Client, sdk.WithPresignExpires(valid), sdk.WithPresignClientFromClientOptions(inRegion(region), func(o *sdk.Options) {
		if l.forceHTTP {
			if o.BaseEndpoint != nil {
				o.BaseEndpoint = aws.String(strings.Replace(*o.BaseEndpoint, "https://", "http://", 1))
			} else {
				o.EndpointOptions.DisableHTTPS = true
			}
		}
	}))
	text, err := c.presign(presign, bucket, key, l)
	if err != nil {
		return "", err
	}
	if l.forceHTTP {
		text = strings.Replace(text, "https://", "http://", 1)
	}
	if !l.queryAuth {
		return unsigned(text)
	}
	return text, nil
}

func (c *Connection) presign(p *sdk.PresignClient, bucket, key string, l *link) (string, error) {
	b, k, version := aws.String(bucket), aws.String(key), optional(l.version)
	switch {
	case key == "" && l.method == http.MethodGet, key == "" && l.method == http.MethodHead:
		r, err := p.PresignHeadBucket(c.ctx(), &sdk.HeadBucketInput{Bucket: b})
		if err != nil {
			return "", err
		}
		return r.URL, nil
	case l.method == http.MethodGet:
		in := &sdk.GetObjectInput{Bucket: b, Key: k, VersionId: version}
		if err := l.override(in); err != nil {
			return "", err
		}
		r, err := p.PresignGetObject(c.ctx(), in)
		if err != nil {
			return "", err
		}
		return r.URL, nil
	case l.method == http.MethodHead:
		r, err := p.PresignHeadObject(c.ctx(), &sdk.HeadObjectInput{Bucket: b, Key: k, VersionId: version})
		if err != nil {
			return "", err
		}
		return r.URL, nil
	case l.method == http.MethodPut:
		r, err := p.PresignPutObject(c.ctx(), &sdk.PutObjectInput{Bucket: b, Key: k})
		if err != nil {
			return "", err
		}
		return r.URL, nil
	case l.method == http.MethodDelete:
		r, err := p.PresignDeleteObject(c.ctx(), &sdk.DeleteObjectInput{Bucket: b, Key: k, VersionId: version})
		if err != nil {
			return "", err
		}
		return r.URL, nil
	}
	return "", fmt.Errorf("method %q is none of GET, HEAD, PUT, DELETE", l.method)
}

// override sets the headers that the answer is to have.
func (l *link) override(in *sdk.GetObjectInput) error {
	names := make([]string, 0, len(l.response))
	for n := range l.response {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		v := aws.String(l.response[n])
		switch strings.TrimPrefix(strings.ToLower(n), "response-") {
		case "content-type":
			in.ResponseContentType = v
		case "content-disposition":
			in.ResponseContentDisposition = v
		case "content-encoding":
			in.ResponseContentEncoding = v
		case "content-language":
			in.ResponseContentLanguage = v
		case "cache-control":
			in.ResponseCacheControl = v
		case "expires":
			t, err := http.ParseTime(*v)
			if err != nil {
				return fmt.Errorf("response header expires: %w", err)
			}
			in.ResponseExpires = &t
		default:
			return fmt.Errorf("S3 can't set the header %q of an answer", n)
		}
	}
	return nil
}

// unsigned takes the signature's parameters off a URL.
func unsigned(text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil {
		return "", err
	}
	q := u.Query()
	for name := range q {
		if strings.HasPrefix(strings.ToLower(name), "x-amz-") || name == "x-id" {
			q.Del(name)
		}
	}
	u.RawQuery = q.Encode()
	return u.String(), nil
}
