package repl

import (
	"context"
	"fmt"
	"strings"

	"pawsh/repl/display"
	"pawsh/repl/settings"
)

func resultCommands() []command {
	return []command{
		{
			name: "display", group: groupResults, args: "[repr|table|tree|json|go]", kind: ArgValue, values: display.Formats(), saved: true,
			help: "how values are printed",
			long: "repr prints as boto does. table fits lists of resources to the width of the terminal, tree shows all fields, " +
				"json prints what AWS said, go prints a Go literal. Key material and passwords are masked in all of them; " +
				"ask for the field itself to see one. :set display table keeps a choice.",
			example: ":display table\nec2.GetAllInstances()",
			run:     (*Shell).cmdDisplay,
		}, {
			name: "pager", group: groupResults, args: "[on|off]", kind: ArgValue, values: []string{"on", "off"},
			help: "show what does not fit the screen in $PAGER",
			long: "The pager is $PAGER, else less. Without a terminal there is none.",
			run:  (*Shell).cmdPager,
		},
	}
}

func (sh *Shell) cmdDisplay(_ context.Context, args string) (string, error) {
	if args == "" {
		return string(sh.view.Format), nil
	}
	f, err := display.ParseFormat(args)
	if err != nil {
		return "", usage("%v", err)
	}
	sh.view.Format = f
	return "", nil
}

func (sh *Shell) cmdPager(_ context.Context, args string) (string, error) {
	switch args {
	case "":
		if sh.paging {
			return "on", nil
		}
		return "off", nil
	case "on", "off":
		sh.paging = args == "on"
		return "", nil
	}
	return "", usage(":pager is on or off")
}

// apply makes the shell as the settings say; only names what changed, "" all.
func (sh *Shell) apply(only string) {
	s := sh.settings
	for _, k := range settings.Keys() {
		if only != "" && k.Name != only {
			continue
		}
		switch k.Name {
		case "display":
			sh.view.Format = display.Format(s.Get(k.Name))
		case "pager":
			sh.paging = s.On(k.Name)
		case "items":
			sh.view.Items = s.Count(k.Name)
		case "timeout":
			if only != "" || s.IsSet(k.Name) && sh.timeout == 0 { // a flag wins
				sh.timeout = s.Duration(k.Name)
			}
		case "time":
			sh.showTime = s.On(k.Name)
		case "python":
			sh.pythonOff = !s.On(k.Name)
		case "color":
			switch s.Get(k.Name) {
			case "always":
				sh.recolor(!sh.noColor)
			case "never":
				sh.recolor(false)
			case "auto":
				sh.recolor(sh.autoColor)
			}
		}
	}
}

func (sh *Shell) recolor(on bool) {
	sh.color = on
	sh.palette = display.NewPalette(on)
}

func (sh *Shell) cmdSet(_ context.Context, args string) (string, error) {
	ws, err := words(args)
	if err != nil {
		return "", err
	}
	if sh.settings == nil && len(ws) == 2 && ws[0] == "python" && (ws[1] == "on" || ws[1] == "off") {
		sh.pythonOff = ws[1] == "off" // a script may say how it is to be read
		return "", nil
	}
	if sh.settings == nil {
		return "", usage("settings belong to the prompt; a script has none")
	}
	switch {
	case len(ws) == 0:
		return sh.listSettings(), nil
	case ws[0] == "-u" && len(ws) == 2:
		err = sh.settings.Unset(ws[1])
		ws = ws[1:]
	case len(ws) == 1:
		k, ok := settings.Find(ws[0])
		if !ok {
			return "", usage("there is no setting %s", ws[0])
		}
		return sh.settings.Get(k.Name), nil
	case ws[0] == "-u":
		return "", usage(":set -u wants one key")
	default:
		value := strings.Join(ws[1:], " ")
		if ws[0] == "prompt" && len(ws) == 2 && !strings.HasSuffix(value, " ") {
			value += " " // a blank before what is typed
		}
		err = sh.settings.Set(ws[0], value)
	}
	if err != nil {
		return "", usage("%v", err)
	}
	sh.apply(ws[0])
	return "", nil
}

func (sh *Shell) listSettings() string {
	var b strings.Builder
	for _, k := range settings.Keys() {
		source := ""
		if sh.settings.IsSet(k.Name) {
			source = " (set)"
		}
		fmt.Fprintf(&b, "%-9s %-14s %s%s\n", k.Name, sh.settings.Get(k.Name), k.Help, source)
	}
	fmt.Fprintf(&b, "in %s", sh.settings.Path())
	return b.String()
}
