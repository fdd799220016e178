// Command gotest runs the Go distribution's own test programs, those marked
// "// run", through pawsh and says which passed, which were refused before they
// had an effect, and which went wrong.
//
//	go run ./bench/gotest [-pawsh PATH] [-limit TIME] [-v] [NAME ...]
//
// With -limit those that were still running after ten seconds run once more, one
// after the other: the ones that then end as they should are slow, not hung.
//
// Programs that need unsafe, os/exec, the runtime or internal packages are left
// out.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sort"
	"strings"
	"sync"
	"time"
)

type program struct {
	file, want string
	checked    bool // there is a file of the output
}

type verdict struct{ class, detail string }

func main() {
	bin := flag.String("pawsh", "", "program to test; built when empty")
	verbose := flag.Bool("v", false, "also list what passed")
	limit := flag.Duration("limit", 0, "how long what hung may run in a second attempt; none when 0")
	flag.Parse()
	if *bin == "" {
		dir, err := os.MkdirTemp("", "gotest")
		check(err)
		defer os.RemoveAll(dir)
		*bin = filepath.Join(dir, "pawsh")
		c := exec.Command("go", "build", "-o", *bin, "./cmd/pawsh")
		c.Stderr = os.Stderr
		check(c.Run())
	}
	progs := programs(flag.Args())
	verdicts := make([]verdict, len(progs))
	var wg sync.WaitGroup
	slots := make(chan bool, runtime.NumCPU())
	for i, p := range progs {
		wg.Add(1)
		slots <- true
		go func() {
			defer func() { <-slots; wg.Done() }()
			verdicts[i] = run(*bin, p, usual)
		}()
	}
	wg.Wait()
	for i, p := range progs {
		if verdicts[i].class == "hung" && *limit > usual {
			if v := run(*bin, p, *limit); v.class == "passed" {
				verdicts[i] = verdict{"slow", fmt.Sprintf("more than %v, less than %v", usual, *limit)}
			} else {
				verdicts[i] = v
			}
		}
	}
	count := map[string]int{}
	for i, p := range progs {
		count[verdicts[i].class]++
		if verdicts[i].class != "passed" || *verbose {
			fmt.Printf("%-8s %-28s %.220s\n", verdicts[i].class, filepath.Base(p.file), verdicts[i].detail)
		}
	}
	var classes []string
	for c := range count {
		classes = append(classes, c)
	}
	sort.Strings(classes)
	fmt.Printf("%d programs:", len(progs))
	for _, c := range classes {
		fmt.Printf(" %s %d (%.1f %%)", c, count[c], 100*float64(count[c])/float64(len(progs)))
	}
	fmt.Println()
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "gotest:", err)
		os.Exit(1)
	}
}

func programs(names []string) []program {
	out, err := exec.Command("go", "env", "GOROOT").Output()
	check(err)
	root := strings.TrimSpace(string(out))
	var files []string
	for _, pattern := range []string{"test/*.go", "test/*/*.go"} {
		fs, err := filepath.Glob(filepath.Join(root, pattern))
		check(err)
		files = append(files, fs...)
	}
	if len(files) == 0 {
		fmt.Fprintln(os.Stderr, "gotest: skipped: this Go distribution has no test folder")
		os.Exit(0)
	}
	var progs []program
	for _, f := range files {
		if len(names) > 0 && !contains(names, filepath.Base(f)) {
			continue
		}
		b, err := os.ReadFile(f)
		check(err)
		text := string(b)
		first, _, _ := strings.Cut(text, "\n")
		if strings.TrimSpace(first) != "// run" || !strings.Contains(text, "\npackage main") || leftOut(text) {
			continue
		}
		want, err := os.ReadFile(strings.TrimSuffix(f, ".go") + ".out")
		progs = append(progs, program{f, strings.TrimSpace(string(want)), err == nil})
	}
	return progs
}

func contains(names []string, n string) bool {
	for _, x := range names {
		if x == n {
			return true
		}
	}
	return false
}

func leftOut(text string) bool {
	for _, s := range []string{`"unsafe"`, `"os/exec"`, "runtime.", `"go/`, "internal/"} {
		if strings.Contains(text, s) {
			return true
		}
	}
	return false
}

// usual is how long a program may run.
const usual = 10 * time.Second

// run gives a program to a process of its own, as one cell.
func run(bin string, p program, limit time.Duration) verdict {
	code, err := os.ReadFile(p.file)
	check(err)
	req, err := json.Marshal(map[string]any{"id": 1, "code": string(code), "timeout_ms": limit.Milliseconds()})
	check(err)
	ctx, cancel := context.WithTimeout(context.Background(), limit+10*time.Second)
	defer cancel()
	c := exec.CommandContext(ctx, bin, "--json", "--sandbox")
	c.Stdin = strings.NewReader(string(req) + "\n")
	var stderr strings.Builder
	c.Stderr = &stderr
	out, _ := c.Output() // a program that failed has no answer, see below
	if ctx.Err() != nil {
		return verdict{"frozen", ""}
	}
	var a struct {
		Status, Stdout string
		Error          struct{ Kind, Message string }
	}
	if json.Unmarshal(out, &a) != nil {
		return verdict{"crashed", firstLine(stderr.String())}
	}
	switch {
	case a.Error.Kind == "compile":
		return verdict{"refused", a.Error.Message}
	case a.Status == "interrupted":
		return verdict{"hung", ""}
	case a.Status != "ok" && !strings.HasPrefix(a.Error.Message, "os.Exit(0)"):
		return verdict{"wrong", a.Error.Message}
	case p.checked && strings.TrimSpace(a.Stdout) != p.want:
		return verdict{"wrong", fmt.Sprintf("printed %.60q, want %.60q", strings.TrimSpace(a.Stdout), p.want)}
	}
	return verdict{"passed", ""}
}

func firstLine(s string) string {
	l, _, _ := strings.Cut(s, "\n")
	return l
}
