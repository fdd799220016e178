//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package lineedit

const ioctlInputQueue = 0x4004667f // FIONREAD
