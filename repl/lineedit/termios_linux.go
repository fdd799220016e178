package lineedit

import "golang.org/x/sys/unix"

const ioctlGetTermios, ioctlSetTermios = unix.TCGETS, unix.TCSETS

// ioctlSetFlush is ioctlSetTermios that drops what was typed and not yet read.
const ioctlSetFlush = unix.TCSETSF
