package main

import (
	"syscall"
	"testing"
	"time"
)

// TestPromptInStormOfInterrupts: SIGINT at any moment, also between a cell's end
// and the next prompt, ends no shell.
func TestPromptInStormOfInterrupts(t *testing.T) {
	t.Parallel()
	tm := start(t, t.TempDir())
	tm.expect(prompt)
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			case <-time.After(200 * time.Microsecond):
				_ = tm.cmd.Process.Signal(syscall.SIGINT)
			}
		}
	}()
	for range 40 {
		tm.send("time.Sleep(3*time.Millisecond)\r")
		time.Sleep(10 * time.Millisecond) // the storm may end the line, the cell, or both
	}
	close(stop)
	<-stopped
	tm.send("\r")
	tm.send("40+2\r")
	tm.expect("\n42")
	tm.expect(prompt)
	tm.send("\x04")
	tm.ended(0)
}
