package boto

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/pkg/sftp"
)

// withFiles runs do with a connection for files.
func (c *SSHClient) withFiles(do func(*sftp.Client) error) error {
	f, err := c.OpenSFTP()
	if err != nil {
		return err
	}
	defer f.Close()
	defer c.until(f)()
	return do(f)
}

// PutFile copies a file of this machine to the other (boto: put_file).
//
// Example: ssh.PutFile("cat.jpg", "/tmp/cat.jpg")
func (c *SSHClient) PutFile(src, dst string) error {
	err := c.withFiles(func(f *sftp.Client) error {
		from, err := os.Open(src)
		if err != nil {
			return err
		}
		defer from.Close()
		to, err := f.Create(dst)
		if err != nil {
			return err
		}
		_, err = to.ReadFrom(from)
		if err = errors.Join(err, to.Close()); err != nil {
			return err
		}
		if info, err := from.Stat(); err == nil {
			return f.Chmod(dst, info.Mode().Perm())
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("put %s to %s on %s: %w", src, dst, c.Host, err)
	}
	return nil
}

// GetFile copies a file of the other machine to this, where it appears when it
// is whole (boto: get_file).
//
// Example: ssh.GetFile("/etc/hostname", "hostname.txt")
func (c *SSHClient) GetFile(src, dst string) error {
	err := c.withFiles(func(f *sftp.Client) error {
		from, err := f.Open(src)
		if err != nil {
			return err
		}
		defer from.Close()
		tmp, err := os.CreateTemp(filepath.Dir(dst), "."+filepath.Base(dst)+".*")
		if err != nil {
			return err
		}
		defer os.Remove(tmp.Name())
		_, err = io.Copy(tmp, from)
		if err = errors.Join(err, tmp.Close()); err != nil {
			return err
		}
		return os.Rename(tmp.Name(), dst)
	})
	if err != nil {
		return fmt.Errorf("get %s of %s: %w", src, c.Host, err)
	}
	return nil
}

// Listdir lists the names in a folder of the machine (boto: listdir).
//
// Example: ssh.Listdir("/etc")
func (c *SSHClient) Listdir(path string) (names []string, err error) {
	err = c.withFiles(func(f *sftp.Client) error {
		list, err := f.ReadDir(path)
		for _, info := range list {
			names = append(names, info.Name())
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list %s of %s: %w", path, c.Host, err)
	}
	return names, nil
}

// Isdir tells whether a path of the machine is a folder (boto: isdir).
//
// Example: ssh.Isdir("/etc")
func (c *SSHClient) Isdir(path string) (bool, error) {
	info, err := c.stat(path)
	return info != nil && info.IsDir(), err
}

// Exists tells whether a path of the machine is there (boto: exists).
//
// Example: ssh.Exists("/etc/hostname")
func (c *SSHClient) Exists(path string) (bool, error) {
	info, err := c.stat(path)
	return info != nil, err
}

// stat gives nil for what is not there.
func (c *SSHClient) stat(path string) (info fs.FileInfo, err error) {
	err = c.withFiles(func(f *sftp.Client) error {
		info, err = f.Stat(path)
		if errors.Is(err, fs.ErrNotExist) {
			info, err = nil, nil
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look at %s of %s: %w", path, c.Host, err)
	}
	return info, nil
}
