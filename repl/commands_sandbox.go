package repl

import (
	"context"
	"strings"

	"pawsh/bindings/session"
)

// Sandbox is the sandbox cloud inside this program, as its commands steer it.
type Sandbox interface {
	// Describe tells in lines where the sandbox is and what is in it.
	Describe() string
	// DescribeClock tells in a line how late it is there.
	DescribeClock() string
	// DescribeOutbox prints the letters that people would have got.
	DescribeOutbox() string
	// DescribeDevice prints what the MFA device shows.
	DescribeDevice() string
	// DescribeBill prints what the resources would cost.
	DescribeBill() string
	// SetClock sets the clock by +1h, a time, or real.
	SetClock(text string) error
	// Reset forgets all that is in the sandbox.
	Reset() error
	// Save writes all of it to a file; Load takes it from there.
	Save(path string) error
	Load(path string) error
}

func sandboxCommands() []command {
	return []command{
		{
			name: "sandbox", group: groupCloud, args: "[WHAT [FILE]]", kind: ArgValueFile,
			values: []string{"on", "off", "reset", "save", "load", "outbox", "mfa", "cost"}, saved: true,
			help: "go to the sandbox, look into it, save it",
			long: "The sandbox is a cloud inside this program: it costs nothing, and forgets everything unless `pawsh --sandbox-dir D` keeps it. " +
				"on goes there, off leaves it. Without arguments it says what is in it, or goes there from elsewhere. " +
				"reset empties it; save writes all of it to a file, and load takes that in its place. " +
				"outbox shows the e-mails and SMS that topics sent, mfa the code of the root's MFA device (for MFA delete), " +
				"cost what the resources would cost on AWS. To reach a sandbox from other programs, run `pawsh sandbox`.",
			example: ":sandbox\n:sandbox save lesson.cloud\n:sandbox off",
			run:     (*Shell).cmdSandbox,
		}, {
			name: "clock", group: groupCloud, args: "[+LENGTH|TIME|real]", kind: ArgValue, values: []string{"+1m", "+1h", "+1d", "+30d", "real"}, saved: true,
			help: "show or set the sandbox's clock",
			long: "+1h, +2d3h or +1w goes on by that much, a time such as 2030-01-02 or 2030-01-02T15:04:05Z goes there, real goes back to the true time. " +
				"What was to happen by then has happened: instances have booted, snapshots are done, alarms have rung, sessions, messages and objects have expired.",
			example: ":clock +1h\n:clock real",
			run:     (*Shell).cmdClock,
		},
	}
}

func (sh *Shell) cmdSandbox(_ context.Context, args string) (string, error) {
	ws, err := words(args)
	if err != nil {
		return "", err
	}
	what, file := "", ""
	if len(ws) > 0 {
		what = ws[0]
	}
	switch what {
	case "save", "load":
		if len(ws) != 2 {
			return "", usage(":sandbox %s wants the name of a file", what)
		}
		file = ws[1]
	default:
		if len(ws) > 1 {
			return "", usage(":sandbox %s: %q is too much", what, strings.Join(ws[1:], " "))
		}
	}
	switch {
	case what == "on", what == "" && !sh.env.InSandbox():
		return sh.derive(func(o *session.Options) { o.UseSandbox = true })
	case what == "off":
		place, err := sh.derive(func(o *session.Options) { o.UseSandbox = false })
		if err == nil && sh.env.InSandbox() {
			place += "\nno credentials were found, so it is the sandbox still; :profile NAME names some"
		}
		return place, err
	}
	s, err := sh.cloud()
	if err != nil {
		return "", err
	}
	switch what {
	case "":
		return s.Describe(), nil
	case "outbox":
		return s.DescribeOutbox(), nil
	case "mfa":
		return s.DescribeDevice(), nil
	case "cost":
		return s.DescribeBill(), nil
	case "reset":
		if err := s.Reset(); err != nil {
			return "", failed(err, "")
		}
		return "the sandbox is empty", nil
	case "save":
		if err := s.Save(file); err != nil {
			return "", failed(err, "")
		}
		return "saved to " + file, nil
	case "load":
		if err := s.Load(file); err != nil {
			return "", failed(err, "the sandbox is as it was")
		}
		return "loaded " + file, nil
	}
	return "", usage(":sandbox is followed by on, off, reset, save FILE, load FILE, outbox, mfa or cost, not %q", what)
}

func (sh *Shell) cmdClock(_ context.Context, args string) (string, error) {
	if !sh.env.InSandbox() {
		return "", usage("the clock is the sandbox's, and you are at %s; :sandbox goes there", sh.Place())
	}
	s, err := sh.cloud()
	if err != nil {
		return "", err
	}
	if args != "" {
		if err := s.SetClock(args); err != nil {
			return "", usage("%v", err)
		}
	}
	return s.DescribeClock(), nil
}

// cloud gives the sandbox, which starts when it has not been used yet.
func (sh *Shell) cloud() (Sandbox, error) {
	if sh.sandbox == nil {
		return nil, usage("there is no sandbox inside this program")
	}
	s, err := sh.sandbox()
	if err != nil {
		return nil, failed(err, "")
	}
	return s, nil
}
