package history

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// million is a history of a million cells that ended, 250 MB. Half of the
// inputs are repeats.
func million(b *testing.B) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "history.jsonl")
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriterSize(f, 1<<20)
	for i := range 1_000_000 {
		fmt.Fprintf(w, `{"kind":"cell","id":"%x","input":"ec2.RunInstances(\"ami-%08x\", KeyName(\"paws\"))","session":"s%d","n":%d,"time":"2024-05-06T07:08:09Z","account":"sandbox","region":"us-east-1"}`+"\n", i, i%500_000, i/100, i%100)
		fmt.Fprintf(w, `{"kind":"done","id":"%x","status":"ok","us":1234}`+"\n", i)
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	return path
}

func BenchmarkMillion(b *testing.B) {
	path := million(b)
	first := func(s *Store, prefix string) {
		for range s.Prefix(prefix) {
			break
		}
	}
	find := func(b *testing.B, s *Store, query string) {
		if _, err := s.Search(context.Background(), query, 100); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("open and recall the last", func(b *testing.B) {
		for b.Loop() {
			s, err := Open(Options{Path: path})
			if err != nil {
				b.Fatal(err)
			}
			first(s, "")
			s.Close()
		}
	})
	b.Run("first search, common", func(b *testing.B) {
		for b.Loop() {
			s, _ := Open(Options{Path: path})
			find(b, s, "runinst")
			s.Close()
		}
	})
	b.Run("first search, no match", func(b *testing.B) {
		for b.Loop() {
			s, _ := Open(Options{Path: path})
			find(b, s, "no such thing")
			s.Close()
		}
	})
	s, err := Open(Options{Path: path})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	find(b, s, "no such thing")
	for name, query := range map[string]string{"common": "runinst", "one match": "ami-0007a11f", "words": "keyname ami-0007a11f", "fuzzy": "rinst paws", "no match": "no such thing"} {
		b.Run("next search, "+name, func(b *testing.B) {
			for b.Loop() {
				find(b, s, query)
			}
		})
	}
	b.Run("ghost without match", func(b *testing.B) {
		for b.Loop() {
			first(s, "s3.GetBucket")
		}
	})
	b.Run("last hundred entries", func(b *testing.B) {
		for b.Loop() {
			n := 0
			for range s.Entries() {
				if n++; n == 100 {
					break
				}
			}
		}
	})
}

func BenchmarkAppendAndFinish(b *testing.B) {
	s := newStore(b)
	for b.Loop() {
		id, err := s.Append(Entry{Input: `ec2.RunInstances("ami-7341831a")`})
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Finish(id, "ok", "", 0); err != nil {
			b.Fatal(err)
		}
	}
}
