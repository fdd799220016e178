// Package lineedit is the terminal line editor of the shell: it turns what a
// person types or pastes into one block of text, and paints it while it grows.
//
// It knows terminals and text, a little of Go's tokens (words, brackets,
// indentation), and nothing of AWS, of the interpreter or of where history is
// kept: all of that comes in through [Config]. The terminal is in raw mode only
// inside [Editor.ReadLine]; before and after it is as the editor found it, so
// that Ctrl-C reaches the process as a signal while a cell runs.
//
//	bytes  -> decoder -> events -> model  -> frame -> layout -> rows -> screen
//	(tty)     (keys,     (keymap)  (text,    (what to  (cells)          (paints the
//	           pastes)              menu,     show)                      difference)
//	                                undo)
//	                                  ^
//	   completion, hint, ghost,       |  answers, through a mailbox; none of
//	   highlighting, history search --+  them is ever waited for by a key
//
// Decoder, model and layout are pure: they are tested and fuzzed without a
// terminal. Only the Editor and the tty touch file descriptors.
//
// From c-bata/go-prompt the package takes the key codes, the table of escape
// sequences and the suggestion filters. Its loop, input reader, buffer and
// completion manager are not used: they leave the terminal raw while a cell
// runs, deadlock when a resize meets Enter and call the completer on the key
// path. Its VT100Writer and Document keep their state in unexported fields that
// only its own loop can reach, so painting is done by the screen of this package.
package lineedit
