package repl

// withheld lists members of compiled packages that cells can't name: they would
// stop or end the process, or tell of the interpreter's own functions where a
// person asks for those of the session.
var withheld = map[string][]string{
	"runtime":       {"Breakpoint", "Caller", "Callers", "CallersFrames", "FuncForPC", "Stack"},
	"runtime/debug": {"PrintStack", "SetMaxStack", "SetMaxThreads", "SetPanicOnFault", "Stack"},
	"testing":       {"AllocsPerRun", "Main", "MainStart"},
}

// isWithheld tells whether a member is kept from cells.
func isWithheld(path, name string) bool {
	for _, n := range withheld[path] {
		if n == name {
			return true
		}
	}
	return false
}
