package session

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"syscall"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
)

// resolveRetries is how often a failed call is tried again.
func (e *Env) resolveRetries() valued[int] {
	if v := e.opts.Getenv("AWS_MAX_ATTEMPTS"); v != "" {
		if n, err := strconv.Atoi(v); err == nil && n > 0 {
			return valued[int]{n - 1, "AWS_MAX_ATTEMPTS"}
		}
		e.warn("AWS_MAX_ATTEMPTS %q is not a number above 0", v)
	}
	p, _ := e.profile(connect{})
	if sc, ok, err := e.loadShared(p.value); err == nil && ok && sc.RetryMaxAttempts > 0 {
		return valued[int]{sc.RetryMaxAttempts - 1, e.shared.config}
	}
	if v, ok := e.boto.lookup("Boto", "num_retries"); ok {
		if n, err := strconv.Atoi(v.value); err == nil && n >= 0 && n < 100 {
			return valued[int]{n, v.source()}
		}
		e.warn("%s: num_retries %q is not a number from 0 to 99", v.source(), v.value)
	}
	return valued[int]{retry.DefaultMaxAttempts - 1, "default"}
}

// resolveRetryMode is how failed calls are tried again: "standard", or
// "adaptive", which also slows a connection down before it sends when the
// service throttles it.
func (e *Env) resolveRetryMode() valued[aws.RetryMode] {
	found := []valued[string]{{e.opts.Getenv("AWS_RETRY_MODE"), "AWS_RETRY_MODE"}}
	p, _ := e.profile(connect{})
	if sc, ok, err := e.loadShared(p.value); err == nil && ok {
		found = append(found, valued[string]{string(sc.RetryMode), e.shared.config})
	}
	if v, ok := e.boto.lookup("Boto", "retry_mode"); ok {
		found = append(found, valued[string]{v.value, v.source()})
	}
	for _, v := range found {
		if v.value == "" {
			continue
		}
		mode, err := parseRetryMode(v.value)
		if err == nil {
			return valued[aws.RetryMode]{mode, v.source}
		}
		e.warn("%s: %v", v.source, err)
	}
	return valued[aws.RetryMode]{aws.RetryModeStandard, "default"}
}

func parseRetryMode(s string) (aws.RetryMode, error) {
	mode, err := aws.ParseRetryMode(strings.ToLower(strings.TrimSpace(s)))
	if err != nil {
		return "", fmt.Errorf("retry mode %q is neither standard nor adaptive", s)
	}
	return mode, nil
}

// retryer retries as the SDK does, but for what a second try can't mend or
// would only double: a person waits for the answer.
func (e *Env) retryer(mode aws.RetryMode) func() aws.Retryer {
	standard := func(o *retry.StandardOptions) {
		o.MaxAttempts = e.retries.value + 1
		o.Retryables = append([]retry.IsErrorRetryable{retry.IsErrorRetryableFunc(hopeless)}, o.Retryables...)
	}
	return func() aws.Retryer {
		if mode == aws.RetryModeAdaptive {
			return retry.NewAdaptiveMode(func(o *retry.AdaptiveModeOptions) {
				o.StandardOptions = append(o.StandardOptions, standard)
			})
		}
		return retry.NewStandard(standard)
	}
}

// hopeless says false for errors not to retry: a timeout, whose bound the user
// set, a refused connection, an unknown host, a cancelled cell.
func hopeless(err error) aws.Ternary {
	var timeout *TimeoutError
	var dns *net.DNSError
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded),
		errors.As(err, &timeout),
		errors.Is(err, syscall.ECONNREFUSED),
		errors.As(err, &dns) && dns.IsNotFound:
		return aws.FalseTernary
	}
	return aws.UnknownTernary
}
