package lineedit

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"time"
)

// LineEditor is what the shell needs of an editor. [Editor] implements it.
type LineEditor interface {
	// ReadLine lets the user edit one block and returns it. It returns
	// io.EOF for Ctrl-D on an empty line or a lost terminal, ErrInterrupt for
	// Ctrl-C, ctx.Err() when ctx ends, a *SignalError for SIGTERM and SIGHUP,
	// ErrClosed after Close. The terminal is restored whenever it returns.
	ReadLine(ctx context.Context) (string, error)
	// Print writes p above the live frame, or straight to the terminal when
	// no line is being edited. Any goroutine may call it.
	Print(p []byte)
	// Suspend runs f with the terminal as it was before ReadLine, and paints
	// the frame again afterwards. It must not be called from a callback of
	// Config: Binding.Cooked is for those.
	Suspend(f func() error) error
	// Ask prints question between two lines, with the terminal as it was
	// before ReadLine, and returns the line that is typed then; what was typed
	// before the question is dropped. It returns ErrEditing while a line is
	// being edited, io.EOF for Ctrl-D, and ctx.Err() when ctx ends, as Ctrl-C
	// should make it: the key is a signal here.
	Ask(ctx context.Context, question string) (string, error)
	// SetText replaces the text being edited and puts the cursor at byte pos;
	// between two lines it is the text the next ReadLine begins with.
	SetText(text string, pos int)
	// Close restores the terminal and ends a ReadLine under way. It may be
	// called any number of times, from any goroutine.
	Close() error
}

var (
	// ErrInterrupt is returned by ReadLine for Ctrl-C.
	ErrInterrupt = errors.New("interrupted")
	// ErrNotTerminal is returned by New when input or output is not a
	// terminal that can be driven: the caller then reads lines itself.
	ErrNotTerminal = errors.New("not a terminal")
	// ErrEditing is returned by Ask while a line is being edited.
	ErrEditing = errors.New("a line is being edited")
	// ErrClosed is returned by ReadLine after Close.
	ErrClosed = errors.New("line editor closed")
)

// SignalError says that a signal which asks the process to end arrived during
// ReadLine. The terminal is restored; the caller leaves with 128 + the number.
type SignalError struct{ Signal os.Signal }

// Error names the signal.
func (e *SignalError) Error() string { return fmt.Sprintf("ended by signal: %v", e.Signal) }

// Config is what an Editor is made of. In, Out and Prompt are required; every
// other field may be left zero.
type Config struct {
	// In is read and switched to raw mode, Out is painted on. Both stay the
	// caller's to close.
	In, Out *os.File
	// Prompt is asked once per ReadLine. It may hold colour escapes and
	// several lines.
	Prompt func() string
	// Continuation stands before every further line of a block; "... " when
	// empty.
	Continuation string
	// Complete returns the suggestions for the cursor at byte pos, best
	// first. It runs on a goroutine of its own: ctx ends when the text has
	// changed, and its deadline is the time budget. What it returns after the
	// deadline is still shown if the text is unchanged.
	Complete func(ctx context.Context, text string, pos int) []Suggestion
	// CompleteAsYouType opens the menu without Tab.
	CompleteAsYouType bool
	// Highlight returns the coloured parts of text in ascending order. It
	// runs on a goroutine of its own; a slow one is painted when it answers.
	Highlight func(text string) []Span
	// Enter says what the Enter key does: run the text if it is complete,
	// otherwise break the line and indent the new one by indent tabs. A
	// negative indent asks for the editor's own. Nil is GoEnter.
	Enter func(text string) (complete bool, indent int)
	// Hint returns one line to be shown under the text, such as the
	// signature of the call at the cursor. It runs like Complete.
	Hint func(ctx context.Context, text string, pos int) string
	// Notice returns a line that stands out, under the Hint: what the text
	// will do when it runs. It runs like Complete.
	Notice func(ctx context.Context, text string) string
	// History serves Up, the ghost text and Ctrl-R.
	History History
	// Bindings are further keys. They win over the editor's own.
	Bindings []Binding
	// Vi tells at each line whether the keys are vi's; nil is emacs.
	Vi func() bool
	// Getenv reads TERM and NO_COLOR; nil is os.Getenv.
	Getenv func(string) string
	// Clock times what waits for the user: a lone Escape, the pause before
	// completion. Nil is the real one.
	Clock Clock
	// Report gets the panics of the callbacks above, which cost their answer
	// and nothing else. Nil drops them.
	Report func(error)
}

// Suggestion is one entry of the completion menu.
type Suggestion struct {
	// Text replaces the bytes Start to End of the edited text.
	Text string
	// Display is what the menu shows; Text when empty.
	Display string
	// Doc is shown beside it, up to its first line break.
	Doc string
	// Start and End are byte offsets.
	Start, End int
	// Kind ("method", "field", "value"...) is shown where there is no Doc.
	Kind string
}

// Style is a list of SGR parameters, such as "1;34" for bold blue. Under
// NO_COLOR only what is not a colour remains of it.
type Style string

// Span colours the bytes Start to End of a text.
type Span struct {
	Start, End int
	Style      Style
}

// History is the past as the editor needs it. Both methods may be called from
// several goroutines at once.
type History interface {
	// Prefix yields the inputs that begin with prefix, newest first.
	Prefix(prefix string) iter.Seq[string]
	// Search returns at most limit inputs that match query, best first; ctx
	// ends when the query has changed.
	Search(ctx context.Context, query string, limit int) []string
}

// Binding gives the caller a key of its own.
type Binding struct {
	// Key is a name such as "alt-e", "f1" or "ctrl-o".
	Key string
	// Cooked runs Do with the terminal restored, as a program needs it.
	Cooked bool
	// Do gets the text and the cursor and returns both anew.
	Do func(ctx context.Context, text string, pos int) (string, int)
}

// Clock is the time as the editor needs it.
type Clock interface {
	Now() time.Time
	// AfterFunc calls f on some goroutine after d, unless stop came first.
	AfterFunc(d time.Duration, f func()) (stop func() bool)
}

type realClock struct{}

func (realClock) Now() time.Time { return time.Now() }

func (realClock) AfterFunc(d time.Duration, f func()) func() bool {
	return time.AfterFunc(d, f).Stop
}
