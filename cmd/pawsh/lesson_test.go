package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestLesson takes a lesson as a person does: the code stands at the prompt,
// Enter runs it, one may look around, and the exercise is done by oneself.
func TestLesson(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	tm := start(t, home)
	tm.expect(prompt)
	tm.send(":lesson create-bucket\r")
	tm.expect("Creating a bucket")
	tm.expect("Step 1")
	tm.expect(`b := s3.Lookup("paws-cookbook")`)
	tm.send("\r")
	tm.expect("b == nil")
	tm.send("\r")
	tm.expect("true")
	tm.expect("Step 2")
	tm.expect(`b = s3.CreateBucket("paws-cookbook")`)

	// What is typed in between does not count as the step.
	tm.send("\x151 + 41\r")
	tm.expect("42")
	tm.expect(`b = s3.CreateBucket("paws-cookbook")`)
	tm.send("\r")
	tm.expect(prompt + "b")
	tm.send("\r")
	tm.expect("<Bucket: paws-cookbook>")
	tm.expect("Step 3")
	tm.expect(`s3.Lookup("paws-cookbook")`)
	tm.send("\r")
	tm.expect("s3.GetAllBuckets()")
	tm.send("\r")
	tm.expect("the cloud is as it should be")
	tm.expect("Exercise 1")
	tm.send(":lesson hint\r")
	tm.expect("It is one call.")
	tm.send("s3.CreateBucket(\"another-name\")\r")
	tm.expect("Not yet")
	tm.send("s3.CreateBucket(\"paws-cookbook-logs\")\r")
	tm.expect("That is it.")
	tm.expect("Cleaning up")
	tm.expect(`s3.DeleteBucket("paws-cookbook-logs")`)
	tm.expect("The lesson is done.")
	tm.expect(":lesson bucket-location")
	tm.send("s3.GetAllBuckets()\r")
	tm.expect("[<Bucket: another-name>]")
	tm.expect(prompt)
	tm.send("\x04")
	tm.ended(exitOK)

	kept, err := os.ReadFile(filepath.Join(home, ".local", "state", "pawsh", "lessons.json"))
	if err != nil || !strings.Contains(string(kept), `"done": true`) {
		t.Errorf("progress %s: %v", kept, err)
	}
}

// TestLessonGoesOn leaves a lesson and comes back to it in another session,
// whose sandbox knows nothing of the first.
func TestLessonGoesOn(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	tm := start(t, home)
	tm.expect(prompt)
	tm.send(":lesson object-metadata\r")
	tm.expect("Step 1")
	tm.expect(`b := s3.GetBucket("paws-cookbook")`)
	tm.send("\x15:lesson skip\r")
	tm.expect("Step 2")
	tm.expect(`b.Lookup("photo.jpg").Metadata`)
	tm.send("\x15:lesson stop\r")
	tm.expect("Left the lesson")
	tm.expect(prompt)
	tm.send("\x04")
	tm.ended(exitOK)

	tm = start(t, home)
	tm.expect(prompt)
	tm.send(":lesson object-metadata\r")
	tm.expect("Going on where you were")
	tm.expect("Step 2")
	tm.expect(`b.Lookup("photo.jpg").Metadata`)
	tm.send("\r")
	tm.expect(`"author": "mitch"`)
	tm.expect("Exercise 1")
	tm.expect(prompt)
	tm.send("\x04")
	tm.ended(exitOK)
}
