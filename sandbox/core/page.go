package core

import (
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
)

// Page cuts one page out of items that stand in a stable order. token is
// what the last page gave ("" for the first), max the page's size (0: no
// limit). It returns the page and the token of the next, "" on the last; ok
// is false when the token was not made here.
func Page[T any](items []T, token string, max int) (page []T, next string, ok bool) {
	start := 0
	if token != "" {
		if start, ok = decodeToken(token); !ok {
			return nil, "", false
		}
	}
	start = min(start, len(items))
	end := len(items)
	if max > 0 && max < end-start {
		end = start + max
		next = encodeToken(end)
	}
	return items[start:end], next, true
}

func encodeToken(n int) string {
	b := binary.BigEndian.AppendUint64(nil, uint64(n))
	return base64.RawURLEncoding.EncodeToString(binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b)))
}

func decodeToken(s string) (int, bool) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) != 12 || crc32.ChecksumIEEE(b[:8]) != binary.BigEndian.Uint32(b[8:]) {
		return 0, false
	}
	return int(binary.BigEndian.Uint64(b[:8])), true
}
