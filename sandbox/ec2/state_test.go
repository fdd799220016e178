package ec2

import (
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"pawsh/sandbox/store"
)

// keep attaches the world's cloud to a directory.
func (w *world) keep(dir string) *store.Store {
	w.Helper()
	s, err := store.Open(dir, w.Logf)
	if err != nil {
		w.Fatal(err)
	}
	w.c.Sync = func() {
		if err := s.Commit(); err != nil {
			w.Error(err)
		}
	}
	if err := s.Attach(w.c.State()); err != nil {
		w.Fatal(err)
	}
	return s
}

// TestMachinesAreKept: what a command in a machine has written is on disk
// when the command has ended, and the machine goes on from there: its files,
// its host key, its console, and no second first boot.
func TestMachinesAreKept(t *testing.T) {
	t.Parallel()
	dir, killed := t.TempDir(), t.TempDir()
	w := newWorld(t)
	s := w.keep(dir)
	id, key := w.boot("#!/bin/sh\necho first boot\necho data > /root/data\n", nil)
	sh := w.login(id, key)
	sh("echo by hand > kept; ln -s kept link; mkdir -p a/b; chmod 600 kept; seq 1 20000 > long; sync")
	if err := os.CopyFS(killed, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	look := "cat link; stat -c '%a %U' kept; ls -d a/b; tail -1 long; sudo cat /root/data; cat /etc/hostname"
	want := sh(look)
	if !strings.Contains(want, "by hand\n600 ec2-user\na/b\n20000\ndata\n") {
		t.Fatalf("before: %q", want)
	}
	w.c.Close()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, d := range []string{dir, killed} {
		again := &world{T: t, now: w.now, ctx: w.ctx}
		again.c = New(w.c.env)
		s := again.keep(d)
		if got := again.login(id, key)(look); got != want {
			t.Errorf("after: %q, want %q", got, want)
		}
		log := again.console(id)
		if strings.Count(log, "first boot") != 1 || strings.Count(log, "Linux version") != 1 {
			t.Errorf("console:\n%s", log)
		}
		do(again, rebootInstances, &ec2.RebootInstancesInput{InstanceIds: []string{id}})
		w.pass(bootTime)
		if log := again.console(id); strings.Count(log, "Linux version") != 2 || !strings.Contains(log, "earlier boot") {
			t.Errorf("console after a reboot:\n%s", log)
		}
		again.c.Close()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}
