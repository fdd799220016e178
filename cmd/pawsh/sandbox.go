package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os/signal"
	"strconv"
	"syscall"

	"github.com/spf13/cobra"

	"pawsh/sandbox"
)

// sandboxCommand is `pawsh sandbox`.
func sandboxCommand(p process) *cobra.Command {
	o := serving{}
	c := &cobra.Command{
		Use:   "sandbox",
		Short: "Serve the sandbox cloud to other programs",
		Long: `sandbox serves the sandbox cloud on this machine's loopback address until Ctrl-C
and prints the environment by which AWS tools find it. It forgets everything
when it ends, unless --dir says where to keep it: then all that was answered is
there again when it is next started, however it ended, with the same keys.`,
		Example: "  pawsh sandbox --port 4500 > sandbox.env &\n  . ./sandbox.env; aws ec2 describe-regions\n  pawsh sandbox --port 4500 --dir ~/cloud --clock +30d",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.port < 0 || o.port > 65535 {
				return fmt.Errorf("--port %d: want a number up to 65535, 0 for any that is free", o.port)
			}
			ctx, stop := signal.NotifyContext(cmd.Context(), syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
			defer stop()
			return serveSandbox(ctx, p, o)
		},
	}
	c.Flags().IntVar(&o.port, "port", 0, "listen on port `N`; 0 for any that is free")
	c.Flags().StringVar(&o.dir, "dir", "", "keep everything in directory `D`")
	c.Flags().StringVar(&o.clock, "clock", "", "set the sandbox's clock to `TIME`: +1h, +30d, 2030-01-02, or real")
	return c
}

// serving says how the sandbox is served.
type serving struct {
	port       int
	dir, clock string
}

func serveSandbox(ctx context.Context, p process, o serving) error {
	s, err := startSandbox(p, o)
	if err != nil {
		return problem(p, err)
	}
	writeEnvironment(p.stdout, s)
	<-ctx.Done()
	if err := s.Close(); err != nil {
		return problem(p, err)
	}
	return nil
}

// startSandbox starts a sandbox with its clock set.
func startSandbox(p process, o serving) (*sandbox.Server, error) {
	s, err := sandbox.Start(sandbox.Options{Addr: net.JoinHostPort("127.0.0.1", strconv.Itoa(o.port)), Dir: o.dir, Log: p.stderr})
	if err != nil || o.clock == "" {
		return s, err
	}
	if err := s.SetClock(o.clock); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// writeEnvironment prints what a shell evaluates. The keys are the sandbox's
// own and good for nothing else.
func writeEnvironment(w io.Writer, s *sandbox.Server) {
	id, secret := s.Credentials()
	fmt.Fprintf(w, "export AWS_ENDPOINT_URL=%s\n", s.URL())
	fmt.Fprintf(w, "export AWS_ACCESS_KEY_ID=%s\n", id)
	fmt.Fprintf(w, "export AWS_SECRET_ACCESS_KEY=%s\n", secret)
	fmt.Fprintf(w, "export PAWSH_SANDBOX=%s\n", s.URL()) // so that another pawsh asks nothing
	fmt.Fprintln(w, "export AWS_REGION=us-east-1")
	fmt.Fprintln(w, "export AWS_DEFAULT_REGION=us-east-1") // older tools know this one only
	fmt.Fprintln(w, "unset AWS_SESSION_TOKEN AWS_PROFILE")
	fmt.Fprintln(w, "# The sandbox runs until Ctrl-C. Paste these lines into another shell.")
}
