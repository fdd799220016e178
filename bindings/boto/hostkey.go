package boto

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"sync"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"
)

// HostKeyError says that a machine shows another key than the one that is
// written down for it: it was made anew, or somebody is in between.
type HostKeyError struct {
	Host string
	File string // "" for a machine of the sandbox
	Line int
}

// Error says where the known key stands.
func (e *HostKeyError) Error() string {
	if e.File == "" {
		return e.Host + " shows another key than the first time"
	}
	return fmt.Sprintf("%s shows another key than the one in %s:%d; if the machine was made anew, remove that line", e.Host, e.File, e.Line)
}

// pinning serialises the writing of files of known machines.
var pinning sync.Mutex

// pinnedKeys checks machines against a file, and writes down those that are
// not in it yet. algorithms are those of the keys known for the address: a
// server with several keys must show the one that is known.
func pinnedKeys(file, address string) (check ssh.HostKeyCallback, algorithms []string, err error) {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return nil, nil, err
	}
	known, err := knownhosts.New(file)
	if errors.Is(err, fs.ErrNotExist) {
		known = func(string, net.Addr, ssh.PublicKey) error { return &knownhosts.KeyError{} }
	} else if err != nil {
		return nil, nil, fmt.Errorf("known machines: %w", err)
	}
	check = func(host string, remote net.Addr, key ssh.PublicKey) error {
		err := known(host, remote, key)
		var wrong *knownhosts.KeyError
		switch {
		case !errors.As(err, &wrong):
			return err
		case len(wrong.Want) > 0:
			return &HostKeyError{Host: host, File: wrong.Want[0].Filename, Line: wrong.Want[0].Line}
		}
		return pin(file, host, key)
	}
	return check, algorithmsOf(known, address), nil
}

// algorithmsOf asks the file by showing it a key that it can't know.
func algorithmsOf(known ssh.HostKeyCallback, address string) (list []string) {
	var wrong *knownhosts.KeyError
	if !errors.As(known(address, &net.TCPAddr{}, noKey{}), &wrong) {
		return nil
	}
	for _, k := range wrong.Want {
		t := k.Key.Type()
		if t == ssh.KeyAlgoRSA {
			list = append(list, ssh.KeyAlgoRSASHA256, ssh.KeyAlgoRSASHA512)
		}
		list = append(list, t)
	}
	return list
}

// noKey is a key that no machine has.
type noKey struct{}

func (noKey) Type() string                        { return "none" }
func (noKey) Marshal() []byte                     { return nil }
func (noKey) Verify([]byte, *ssh.Signature) error { return errors.New("no key") }

// sandboxPins are the keys of machines of sandboxes, by instance id: these are
// gone with the program, and their addresses come again with other machines.
var sandboxPins = pins{keys: map[string]string{}}

type pins struct {
	mu   sync.Mutex
	keys map[string]string
}

// check gives the check of one machine's key.
func (p *pins) check(id string) ssh.HostKeyCallback {
	return func(host string, _ net.Addr, key ssh.PublicKey) error {
		p.mu.Lock()
		defer p.mu.Unlock()
		shown := string(key.Marshal())
		if known, ok := p.keys[id]; ok && known != shown {
			return &HostKeyError{Host: id}
		}
		p.keys[id] = shown
		return nil
	}
}

func pin(file, host string, key ssh.PublicKey) error {
	pinning.Lock()
	defer pinning.Unlock()
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("write down the key of %s: %w", host, err)
	}
	_, err = f.WriteString(knownhosts.Line([]string{knownhosts.Normalize(host)}, key) + "\n")
	return errors.Join(err, f.Close())
}
