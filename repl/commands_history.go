package repl

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"pawsh/history"
	"pawsh/repl/diag"
)

func historyCommands() []command {
	return []command{
		{
			name: "history", group: groupHistory, args: "[-n N] [-g PATTERN] [--session]", kind: ArgText,
			values: []string{"-n", "-g", "--session"},
			help:   "earlier cells, the newest last",
			long: "-n shows the last N, 20 without it, 0 all. -g shows those that contain PATTERN, in which * stands for anything; case does not matter. " +
				"--session shows this session's only. In front stands what :rerun and :edit take: the number of a cell of this session, a name for others. " +
				"`pawsh history` prints the history for other programs.",
			example: ":history -g run*instances -n 5",
			run:     (*Shell).cmdHistory,
		}, {
			name: "rerun", group: groupHistory, args: "[N...]", kind: ArgCell,
			help:    "run earlier cells again, the last one without N",
			long:    "N is what :history shows in front, or a range such as 3-5.",
			example: ":rerun 3-5",
			run:     (*Shell).cmdRerun,
		}, {
			name: "edit", aliases: []string{"e"}, group: groupHistory, args: "[N]", kind: ArgCell,
			help:    "edit a cell, the last one without N",
			long:    "The editor is $VISUAL, else $EDITOR, else vi. Alt-E opens the text at the prompt in it. What it saves comes back to the prompt, where Enter runs it. N is what :history shows in front.",
			example: ":edit 3",
			run:     (*Shell).cmdEdit,
		},
	}
}

// HistoryQuery says which entries of a history are wanted.
type HistoryQuery struct {
	N       int    // the newest so many; 0 for all
	Pattern string // what they contain; * stands for anything, case does not matter
	Session string // those of one run of the shell; "" for all
}

// Find gives the entries, the oldest first.
func (q HistoryQuery) Find(s *history.Store) ([]history.Entry, error) {
	var found []history.Entry
	parts := strings.Split(strings.ToLower(q.Pattern), "*")
	for e, err := range s.Entries() {
		if err != nil {
			return nil, err
		}
		if q.Session != "" && e.Session != q.Session || !containsInOrder(strings.ToLower(e.Input), parts) {
			continue
		}
		if found = append(found, e); len(found) == q.N {
			break
		}
	}
	slices.Reverse(found)
	return found, nil
}

func containsInOrder(text string, parts []string) bool {
	for _, p := range parts {
		i := strings.Index(text, p)
		if i < 0 {
			return false
		}
		text = text[i+len(p):]
	}
	return true
}

// historyJSON is an entry as `pawsh history --json` prints it.
type historyJSON struct {
	ID         string    `json:"id"`
	Session    string    `json:"session"`
	N          int       `json:"n"`
	Time       time.Time `json:"time"`
	Account    string    `json:"account"`
	Region     string    `json:"region"`
	Input      string    `json:"input"`
	Go         string    `json:"go,omitempty"`
	Status     string    `json:"status,omitempty"` // empty: never ended
	DurationMS float64   `json:"duration_ms"`
}

// WriteHistory prints entries for other programs: the inputs as they were
// typed, or a JSON object a line.
func WriteHistory(w io.Writer, entries []history.Entry, asJSON bool) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, e := range entries {
		var err error
		if asJSON {
			err = enc.Encode(historyJSON{e.ID, e.Session, e.N, e.Time, e.Account, e.Region, history.Redact(e.Input),
				history.Redact(e.Go), e.Status, float64(e.Duration.Microseconds()) / 1000})
		} else {
			_, err = fmt.Fprintln(w, strings.TrimRight(history.Redact(e.Input), "\n"))
		}
		if err != nil {
			return fmt.Errorf("write history: %w", err)
		}
	}
	return nil
}

func noHistory() error {
	return &diag.Error{Kind: diag.Runtime, Message: "no history is kept in this shell",
		Hint: "the prompt keeps one; `pawsh history` prints it"}
}

// cmdHistory prints earlier cells.
func (sh *Shell) cmdHistory(_ context.Context, args string) (string, error) {
	if sh.history == nil {
		return "", noHistory()
	}
	ws, err := words(args)
	if err != nil {
		return "", err
	}
	q := HistoryQuery{N: 20}
	fs := flag.NewFlagSet("history", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.IntVar(&q.N, "n", 20, "")
	fs.StringVar(&q.Pattern, "g", "", "")
	own := fs.Bool("session", false, "")
	if err := fs.Parse(ws); err != nil || fs.NArg() > 0 || q.N < 0 {
		return "", usage(":history [-n N] [-g PATTERN] [--session]")
	}
	if *own {
		q.Session = sh.sessionID()
	}
	found, err := q.Find(sh.history)
	if err != nil {
		return "", failed(err, "")
	}
	var b strings.Builder
	for _, e := range found {
		sign := ' '
		if e.Status != "" && e.Status != "ok" {
			sign = '!'
		}
		head := fmt.Sprintf("%8s %c %s  %-10s ", sh.reference(e), sign, e.Time.Local().Format("2006-01-02 15:04"), e.Account)
		fmt.Fprintf(&b, "%s%s\n", head, strings.ReplaceAll(e.Input, "\n", "\n"+strings.Repeat(" ", len(head))))
	}
	return b.String(), nil
}

// sessionID names this run of the shell in the history.
func (sh *Shell) sessionID() string { return sh.history.Session() }

// shortID is how many letters of an entry's id stand for it.
const shortID = 7

// reference is what :rerun and :edit call an entry by.
func (sh *Shell) reference(e history.Entry) string {
	switch {
	case isCommand(e.Input):
		return ""
	case e.Session == sh.sessionID():
		if c, ok := sh.session.cell(e.N); ok && history.Redact(c.text) == e.Input {
			return strconv.Itoa(e.N)
		}
	}
	return e.ID[:min(len(e.ID), shortID)]
}

// errNoCell tells that a reference names nothing.
var errNoCell = errors.New("no such cell")

// recall gives the text of an earlier cell. secret tells that the history has
// it without its secrets.
func (sh *Shell) recall(ref string) (text string, secret bool, err error) {
	n, numErr := strconv.Atoi(ref)
	if ref == "" || numErr == nil {
		if c, ok := sh.session.cell(n); ok {
			return c.text, false, nil
		}
	}
	if sh.history != nil && (ref == "" || len(ref) >= 4) {
		for e, err := range sh.history.Entries() {
			if err != nil {
				return "", false, failed(err, "")
			}
			if isCommand(e.Input) || !strings.HasPrefix(e.ID, ref) {
				continue
			}
			return e.Input, strings.Contains(e.Input, "<redacted:"), nil
		}
	}
	d := &diag.Error{Kind: diag.Compile, Message: fmt.Sprintf("there is no cell %s", ref), Err: errNoCell,
		Hint: ":history shows earlier cells with their numbers"}
	if ref == "" {
		d.Message = "there is no earlier cell"
	}
	return "", false, d
}

func (sh *Shell) cmdRerun(ctx context.Context, args string) (string, error) {
	refs, err := references(args)
	if err != nil {
		return "", err
	}
	if len(refs) == 0 {
		refs = []string{""}
	}
	texts := make([]string, len(refs))
	for i, r := range refs { // all are looked up before the first runs
		text, secret, err := sh.recall(r)
		if err != nil {
			return "", err
		}
		if secret {
			return "", &diag.Error{Kind: diag.Compile, Message: fmt.Sprintf("cell %s held a secret, which the history does not keep", r),
				Hint: ":edit " + r + " lets you put it in"}
		}
		texts[i] = text
	}
	for _, text := range texts {
		fmt.Fprintln(sh.err, sh.palette.Dim(history.Redact(text)))
		if err := sh.Run(ctx, text); err != nil {
			return "", printed{err}
		}
	}
	return "", nil
}

// maxRange bounds a range of cells.
const maxRange = 1000

// references splits the arguments of :rerun; a range becomes its numbers.
func references(args string) ([]string, error) {
	var out []string
	for _, w := range strings.Fields(args) {
		from, to, ok := strings.Cut(w, "-")
		if !ok {
			out = append(out, w)
			continue
		}
		a, err1 := strconv.Atoi(from)
		b, err2 := strconv.Atoi(to)
		if err1 != nil || err2 != nil || a < 1 || b < a || b-a >= maxRange {
			return nil, usage("%q is no range of cells, such as 3-5", w)
		}
		for n := a; n <= b; n++ {
			out = append(out, strconv.Itoa(n))
		}
	}
	return out, nil
}
