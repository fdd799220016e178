package ec2_test

import (
	"context"
	"errors"
	"testing"

	"pawsh/bindings/session"
)

// TestDryRunOfTheSession has EC2 say that calls would succeed, and do nothing.
func TestDryRunOfTheSession(t *testing.T) {
	t.Parallel()
	c := connectSandbox(t)
	i := must(c.RunInstances(anyImage(t, c)))(t).Instances[0]
	env := c.Target.Env()
	env.SetDryRun(true)
	for what, err := range map[string]error{
		"terminate": i.Terminate(),
		"tag":       i.AddTag("a", "b"),
		"launch":    second(c.RunInstances(anyImage(t, c))),
	} {
		if session.Code(err) != "DryRunOperation" {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := i.Update(); err != nil {
		t.Errorf("looking: %v", err)
	}
	env.SetDryRun(false)
	if i.State == "shutting-down" || i.State == "terminated" || len(must(c.GetOnlyInstances())(t)) != 1 || len(i.Tags) != 0 {
		t.Errorf("it was done: %s, %v", i.State, i.Tags)
	}
	var refused *session.RefusedError
	env.SetGuard(func(context.Context, session.Footprint) error { return errors.New("no") })
	if err := i.Terminate(); errors.As(err, &refused) {
		t.Errorf("somebody is asked in the sandbox: %v", err)
	}
}

func second[T any](_ T, err error) error { return err }
