package lineedit

import "golang.org/x/sys/unix"

const ioctlInputQueue = unix.TIOCINQ
