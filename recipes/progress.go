package recipes

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Progress is how far a person has come in each lesson, by the recipe's id.
type Progress map[string]Place

// Place is how far a person has come in one lesson.
type Place struct {
	At   int  `json:"at"`   // as Player.At
	Done bool `json:"done"` // at least once
}

// ProgressPath is the file that keeps progress: pawsh/lessons.json under
// XDG_STATE_HOME, or under ~/.local/state.
func ProgressPath(getenv func(string) string, home string) string {
	dir := getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(dir) { // as the XDG specification has it
		dir = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(dir, "pawsh", "lessons.json")
}

// LoadProgress reads the file; one that is not there is no progress.
func LoadProgress(path string) (Progress, error) {
	p := Progress{}
	src, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	}
	if err == nil {
		err = json.Unmarshal(src, &p)
	}
	if err != nil {
		return Progress{}, fmt.Errorf("read the progress of lessons: %s: %w", path, err)
	}
	return p, nil
}

// Save writes the file; a crash leaves the old one.
func (p Progress) Save(path string) error {
	out, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return fmt.Errorf("keep the progress of lessons: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("keep the progress of lessons: %w", err)
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".lessons-")
	if err != nil {
		return fmt.Errorf("keep the progress of lessons: %w", err)
	}
	_, err = tmp.Write(append(out, '\n'))
	err = errors.Join(err, tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		_ = os.Remove(tmp.Name())
		return fmt.Errorf("keep the progress of lessons: %w", err)
	}
	return nil
}
