package machine

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"
	"time"

	"github.com/pkg/sftp"

	"pawsh/sandbox/machine/disk"
)

// sftpHandlers serve the machine's tree with the rights of one user.
func sftpHandlers(v disk.View) sftp.Handlers {
	h := sftpFiles{v}
	return sftp.Handlers{FileGet: h, FilePut: h, FileCmd: h, FileList: h}
}

type sftpFiles struct{ v disk.View }

// sftpError turns errors of the tree into those that have a status in SFTP.
func sftpError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return sftp.ErrSSHFxNoSuchFile
	case errors.Is(err, fs.ErrPermission):
		return sftp.ErrSSHFxPermissionDenied
	}
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return errors.New(pe.Err.Error())
	}
	return err
}

// Fileread opens a file to read.
func (h sftpFiles) Fileread(r *sftp.Request) (io.ReaderAt, error) {
	f, err := h.v.Open(r.Filepath, os.O_RDONLY, 0)
	if err != nil {
		return nil, sftpError(err)
	}
	return f, nil
}

// Filewrite opens a file to write.
func (h sftpFiles) Filewrite(r *sftp.Request) (io.WriterAt, error) {
	want := r.Pflags()
	flag := os.O_WRONLY
	if want.Read {
		flag = os.O_RDWR
	}
	for _, f := range []struct {
		on   bool
		flag int
	}{{want.Creat, os.O_CREATE}, {want.Trunc, os.O_TRUNC}, {want.Excl, os.O_EXCL}} {
		if f.on {
			flag |= f.flag
		}
	}
	f, err := h.v.Open(r.Filepath, flag, 0o644)
	if err != nil {
		return nil, sftpError(err)
	}
	return f, nil
}

// Filecmd carries out what changes names and attributes.
func (h sftpFiles) Filecmd(r *sftp.Request) error {
	p := r.Filepath
	switch r.Method {
	case "Setstat":
		return sftpError(h.setStat(p, r))
	case "Rename", "PosixRename":
		if _, err := h.v.Lstat(r.Target); err == nil && r.Method == "Rename" {
			return sftp.ErrSSHFxFailure
		}
		return sftpError(h.v.Rename(p, r.Target))
	case "Remove":
		info, err := h.v.Lstat(p)
		if err == nil && info.IsDir() {
			err = syscall.EISDIR
		}
		if err == nil {
			err = h.v.Remove(p)
		}
		return sftpError(err)
	case "Rmdir":
		info, err := h.v.Lstat(p)
		if err == nil && !info.IsDir() {
			err = syscall.ENOTDIR
		}
		if err == nil {
			err = h.v.Remove(p)
		}
		return sftpError(err)
	case "Mkdir":
		return sftpError(h.v.Mkdir(p, 0o755))
	case "Symlink":
		return sftpError(h.v.Symlink(p, r.Target))
	case "Link":
		return sftpError(h.v.Link(p, r.Target))
	}
	return sftp.ErrSSHFxOpUnsupported
}

func (h sftpFiles) setStat(p string, r *sftp.Request) error {
	a, has := r.Attributes(), r.AttrFlags()
	if has.Size {
		if err := h.v.Truncate(p, int64(a.Size)); err != nil {
			return err
		}
	}
	if has.Permissions {
		if err := h.v.Chmod(p, a.FileMode()); err != nil {
			return err
		}
	}
	if has.UidGid {
		if err := h.v.Chown(p, int(a.UID), int(a.GID)); err != nil {
			return err
		}
	}
	if has.Acmodtime {
		return h.v.Touch(p, time.Unix(int64(a.Mtime), 0).UTC())
	}
	return nil
}

// Filelist answers what is listed and described.
func (h sftpFiles) Filelist(r *sftp.Request) (sftp.ListerAt, error) {
	switch r.Method {
	case "List":
		list, err := h.v.ReadDir(r.Filepath)
		if err != nil {
			return nil, sftpError(err)
		}
		out := make(listed, len(list))
		for i := range list {
			out[i] = sftpInfo{list[i]}
		}
		return out, nil
	case "Stat":
		info, err := h.v.Stat(r.Filepath)
		return listed{sftpInfo{info}}, sftpError(err)
	}
	return nil, sftp.ErrSSHFxOpUnsupported
}

// Lstat describes a symbolic link itself.
func (h sftpFiles) Lstat(r *sftp.Request) (sftp.ListerAt, error) {
	info, err := h.v.Lstat(r.Filepath)
	return listed{sftpInfo{info}}, sftpError(err)
}

// Readlink gives where a symbolic link points to.
func (h sftpFiles) Readlink(p string) (string, error) {
	info, err := h.v.Lstat(p)
	if err == nil && info.Target() == "" {
		err = syscall.EINVAL
	}
	return info.Target(), sftpError(err)
}

// sftpInfo tells the owner in the way the server asks for it.
type sftpInfo struct{ disk.Info }

func (i sftpInfo) Uid() uint32 { uid, _ := i.Owner(); return uint32(uid) }
func (i sftpInfo) Gid() uint32 { _, gid := i.Owner(); return uint32(gid) }

type listed []fs.FileInfo

// ListAt copies from an offset.
func (l listed) ListAt(to []fs.FileInfo, off int64) (int, error) {
	if off >= int64(len(l)) {
		return 0, io.EOF
	}
	n := copy(to, l[off:])
	if n < len(to) {
		return n, io.EOF
	}
	return n, nil
}
