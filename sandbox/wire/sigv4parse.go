package wire

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// malformed is what is wrong with how a signature is written: detail as the
// query services say it, the format as S3 does.
func (c *credential) malformed(detail, format string, a ...any) fault {
	text := fmt.Sprintf(format, a...)
	f := fault{kind: faultMalformed, detail: detail}
	if c.presigned {
		f.s3 = Errorf("AuthorizationQueryParametersError", 400, "%s", text)
	} else {
		f.s3 = Errorf("AuthorizationHeaderMalformed", 400, "The authorization header is malformed; %s", text)
	}
	return f
}

// inCredential is malformed for what stands in the credential, whose place S3
// names in a query.
func (c *credential) inCredential(detail, format string, a ...any) fault {
	if c.presigned {
		format = "Error parsing the X-Amz-Credential parameter; " + format
	}
	return c.malformed(detail, format, a...)
}

const textCredential = "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\"."

// parseSigV4 reads the Authorization header, or the query of a presigned
// request.
func parseSigV4(r *http.Request, params url.Values) (*credential, error) {
	c := &credential{presigned: presignedV4(params)}
	var cred, headers string
	var err error
	if c.presigned {
		cred, headers, err = c.parseQuery(params)
	} else {
		cred, headers, err = c.parseHeader(r)
	}
	if err != nil {
		return nil, err
	}
	if err := c.parseScope(cred); err != nil {
		return nil, err
	}
	c.signedHeaders = strings.Split(strings.ToLower(headers), ";")
	if !slices.Contains(c.signedHeaders, "host") {
		const text = "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
		return nil, c.malformed(text, text)
	}
	return c, c.parseDate(r)
}

// presignedV4 reports whether a query means to carry a SigV4 signature, whole
// or not.
func presignedV4(params url.Values) bool {
	return params.Has("X-Amz-Signature") || params.Has("X-Amz-Credential") || params.Has("X-Amz-Algorithm")
}

// parseQuery reads a presigned request's parameters.
func (c *credential) parseQuery(params url.Values) (cred, headers string, err error) {
	for _, name := range []string{"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "X-Amz-Date", "X-Amz-SignedHeaders", "X-Amz-Expires"} {
		if params.Get(name) == "" {
			return "", "", c.malformed("AWS query-string parameters must include '"+name+"'.",
				"Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.")
		}
	}
	if params.Get("X-Amz-Algorithm") != sigV4Algorithm {
		return "", "", c.malformed("unsupported X-Amz-Algorithm.", `X-Amz-Algorithm only supports "AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256"`)
	}
	c.signature = params.Get("X-Amz-Signature")
	c.stamp, c.token = params.Get("X-Amz-Date"), params.Get("X-Amz-Security-Token")
	const bounds = "X-Amz-Expires must be between 0 and 604800 seconds."
	secs, err := strconv.ParseInt(params.Get("X-Amz-Expires"), 10, 32)
	c.expires = time.Duration(secs) * time.Second
	switch {
	case err != nil:
		err = c.malformed(bounds, "X-Amz-Expires should be a number")
	case secs < 0:
		err = c.malformed(bounds, "X-Amz-Expires must be non-negative")
	case c.expires > maxPresign:
		err = c.malformed(bounds, "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds")
	}
	return params.Get("X-Amz-Credential"), params.Get("X-Amz-SignedHeaders"), err
}

// parseHeader reads the Authorization header.
func (c *credential) parseHeader(r *http.Request) (cred, headers string, err error) {
	parts := map[string]string{}
	n := 0
	for p := range strings.SplitSeq(strings.TrimPrefix(r.Header.Get("Authorization"), sigV4Algorithm), ",") {
		p = strings.TrimSpace(p)
		k, v, ok := strings.Cut(p, "=")
		if !ok && p != "" {
			return "", "", c.malformed("'"+k+"' not a valid key=value pair (missing equal-sign) in Authorization header.", "the authorization component %q is malformed.", k)
		}
		parts[k] = v
		n++
	}
	for _, need := range []string{"Credential", "SignedHeaders", "Signature"} {
		if parts[need] != "" {
			continue
		}
		detail := "Authorization header requires '" + need + "' parameter."
		if n < 3 {
			return "", "", c.malformed(detail, "the authorization header requires three components: Credential, SignedHeaders, and Signature.")
		}
		return "", "", c.malformed(detail, "missing %s.", need)
	}
	c.signature = parts["Signature"]
	c.stamp, c.token = r.Header.Get("X-Amz-Date"), r.Header.Get("X-Amz-Security-Token")
	return parts["Credential"], parts["SignedHeaders"], nil
}

// parseScope reads KEY/DAY/REGION/SERVICE/aws4_request; the key may hold
// slashes itself.
func (c *credential) parseScope(cred string) error {
	p := strings.Split(cred, "/")
	n := len(p)
	if n < 5 || n > 5 && p[n-1] != "aws4_request" {
		return c.inCredential(textCredential, textCredential)
	}
	if p[n-1] != "aws4_request" {
		return c.inCredential(textCredential, "incorrect terminal %q. This endpoint uses \"aws4_request\".", p[n-1])
	}
	c.accessKeyID, c.day, c.region, c.service = strings.Join(p[:n-4], "/"), p[n-4], p[n-3], p[n-2]
	return nil
}

// parseDate reads X-Amz-Date, or the Date header where there is none.
func (c *credential) parseDate(r *http.Request) error {
	var err error
	if c.stamp == "" && !c.presigned {
		if c.date, err = http.ParseTime(r.Header.Get("Date")); err != nil {
			return noDate("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
		}
		c.stamp = c.date.UTC().Format(stampFormat)
	} else if c.date, err = time.Parse(stampFormat, c.stamp); err != nil {
		const detail = "Date must be in ISO-8601 'basic format'."
		if !c.presigned {
			return noDate(detail)
		}
		return c.malformed(detail, `X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"`)
	}
	if err := c.parseDay(); err != nil {
		return err
	}
	if day := c.date.UTC().Format("20060102"); c.day != day {
		return c.malformed(textDay, "Invalid credential date %q. This date is not the same as X-Amz-Date: %q.", c.day, day)
	}
	return nil
}

const textDay = "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP."

// parseDay checks the day that the credential names.
func (c *credential) parseDay() error {
	if _, err := time.Parse("20060102", c.day); err != nil {
		return c.inCredential(textDay, "incorrect date format %q. This date in the credential must be in the format \"yyyyMMdd\".", c.day)
	}
	return nil
}

func noDate(detail string) error {
	return fault{kind: faultMalformed, detail: detail, s3: Errorf("AccessDenied", 403, "AWS authentication requires a valid Date or x-amz-date header")}
}

// allSigned refuses a request with headers of S3's own that its signature does
// not cover: anybody might have added them. The hash of the body is none of
// them in a presigned request, whose body is not signed; a session's token
// proves itself.
func allSigned(r *http.Request, c *credential) error {
	var missing []string
	for name := range r.Header {
		name = strings.ToLower(name)
		if !strings.HasPrefix(name, "x-amz-") || slices.Contains(c.signedHeaders, name) || name == "x-amz-security-token" || c.presigned && name == "x-amz-content-sha256" {
			continue
		}
		missing = append(missing, name)
	}
	if len(missing) == 0 {
		return nil
	}
	slices.Sort(missing)
	return Errorf("AccessDenied", 403, "There were headers present in the request which were not signed").With("HeadersNotSigned", strings.Join(missing, ", "))
}
