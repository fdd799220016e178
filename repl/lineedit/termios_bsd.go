//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package lineedit

import "golang.org/x/sys/unix"

const ioctlGetTermios, ioctlSetTermios = unix.TIOCGETA, unix.TIOCSETA

// ioctlSetFlush is ioctlSetTermios that drops what was typed and not yet read.
const ioctlSetFlush = unix.TIOCSETAF
