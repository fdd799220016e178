package policy

import (
	"context"
	"net"
	"strconv"
	"strings"
	"time"

	"pawsh/sandbox/wire"
)

// Request gives the facts that any request has for the keys that all services
// know, aws:SourceIp and its like. more gives those of the service's own; it
// is asked first, with the key in lower case, and may be nil.
func Request(ctx context.Context, now time.Time, more Facts) Facts {
	caller, r := wire.CallerFrom(ctx), wire.Request(ctx)
	return func(key string) []string {
		lower := strings.ToLower(key)
		if more != nil {
			if v := more(lower); v != nil {
				return v
			}
		}
		if tag, ok := strings.CutPrefix(lower, "aws:principaltag/"); ok {
			for k, v := range caller.Session.Tags {
				if strings.ToLower(k) == tag {
					return []string{v}
				}
			}
			return nil
		}
		switch lower {
		case "aws:currenttime":
			return []string{now.UTC().Format(time.RFC3339)}
		case "aws:epochtime":
			return []string{strconv.FormatInt(now.Unix(), 10)}
		case "aws:securetransport":
			return []string{strconv.FormatBool(r != nil && r.TLS != nil)}
		case "aws:requestedregion":
			return []string{caller.Region}
		case "aws:sourceip":
			if r != nil {
				if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
					return []string{host}
				}
			}
		case "aws:useragent":
			if r != nil {
				return text(r.UserAgent())
			}
		case "aws:referer":
			if r != nil {
				return text(r.Referer())
			}
		}
		if caller.Anonymous() {
			if lower == "aws:principaltype" {
				return []string{"Anonymous"}
			}
			return nil
		}
		return principal(caller, lower, now)
	}
}

// principal gives what is known of who asks.
func principal(c wire.Caller, key string, now time.Time) []string {
	session := c.SecretKind == "session"
	switch key {
	case "aws:username":
		if c.Session.RoleName == "" {
			return text(c.UserName)
		}
	case "aws:userid":
		return text(c.UserID)
	case "aws:principalaccount":
		return []string{c.AccountID}
	case "aws:principalarn":
		return text(PrincipalARN(c))
	case "aws:principaltype":
		switch {
		case c.Session.RoleName != "":
			return []string{"AssumedRole"}
		case c.UserName != "":
			return []string{"User"}
		}
		return []string{"Account"}
	case "aws:multifactorauthpresent": // lasting keys say nothing, not even no
		if session {
			return []string{strconv.FormatBool(c.Session.MFA)}
		}
	case "aws:multifactorauthage":
		if session && c.Session.MFA {
			return []string{strconv.FormatInt(int64(now.Sub(c.Session.Issued)/time.Second), 10)}
		}
	case "aws:tokenissuetime":
		if session {
			return []string{c.Session.Issued.UTC().Format(time.RFC3339)}
		}
	}
	return nil
}

// PrincipalARN is whom policies know the caller by: a session of a role is the
// role.
func PrincipalARN(c wire.Caller) string {
	if c.Session.RoleName != "" {
		return "arn:aws:iam::" + c.AccountID + ":role/" + c.Session.RoleName
	}
	return c.UserARN
}

func text(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}
