package wire

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"slices"
	"strconv"
	"strings"
)

// chunkSigner continues a SigV4 signature into the body: each chunk's
// signature covers the one before.
type chunkSigner struct {
	key          []byte
	stamp, scope string
	previous     string
}

func (s *chunkSigner) sign(text string) string { return hex.EncodeToString(hmacSHA256(s.key, text)) }

// check compares a signature over sum, and makes it the previous one.
func (s *chunkSigner) check(kind, middle string, sum []byte, got string) bool {
	want := s.sign(kind + "\n" + s.stamp + "\n" + s.scope + "\n" + s.previous + "\n" + middle + hex.EncodeToString(sum))
	s.previous = want
	return hmac.Equal([]byte(want), []byte(got))
}

// chunkReader undoes the framing of aws-chunked:
//
//	hex-size[;chunk-signature=hex] CRLF data CRLF ... 0[;...] CRLF [name:value CRLF ...] CRLF
//
// It holds no more than a buffer: a chunk's data is handed out before its
// signature is known, and an error follows where that does not match.
type chunkReader struct {
	signer   *chunkSigner // nil: chunks are not signed
	trailers bool
	// announced are the trailers that X-Amz-Trailer names: those, and no
	// others, must come.
	announced []string

	br      *bufio.Reader
	left    int64 // of the open chunk
	small   bool  // a chunk under minChunk has come: it must be the last
	hash    hash.Hash
	sig     string
	started bool
	values  map[string]string
	err     error
}

const (
	maxChunk      = 5 << 30
	minChunk      = 8 << 10 // but for the last
	maxChunkLine  = 4096
	maxTrailers   = 32
	sigTrailer    = "x-amz-trailer-signature"
	chunkKind     = "AWS4-HMAC-SHA256-PAYLOAD"
	trailerKind   = "AWS4-HMAC-SHA256-TRAILER"
	chunkSigParam = "chunk-signature="
)

var (
	errChunkSize  = Errorf("InvalidChunkSizeError", 400, "Only the last chunk is allowed to have a size less than 8192 bytes")
	errChunkFrame = Errorf("IncompleteBody", 400, "The request body terminated unexpectedly")
	errChunkSig   = Errorf("SignatureDoesNotMatch", 403, textMismatchS3)
	errTrailer    = Errorf("MalformedTrailerError", 400, "The request contained trailing data that was not well-formed or did not conform to our published schema.")
)

func (c *chunkReader) open(r io.Reader) {
	c.br = bufio.NewReaderSize(r, 32<<10)
	c.hash = sha256.New()
	c.values = map[string]string{}
}

// Read gives the data of the chunks.
func (c *chunkReader) Read(b []byte) (int, error) {
	for c.err == nil && c.left == 0 {
		c.err = c.next()
	}
	if c.err != nil {
		return 0, c.err
	}
	if int64(len(b)) > c.left {
		b = b[:c.left]
	}
	n, err := c.br.Read(b)
	c.left -= int64(n)
	c.hash.Write(b[:n]) // a hash never fails
	if err != nil {
		c.err = errChunkFrame
		if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			c.err = err
		}
		if n > 0 {
			return n, nil
		}
		return 0, c.err
	}
	return n, nil
}

// next closes the chunk that was read and opens the one that follows.
func (c *chunkReader) next() error {
	if c.started {
		if line, err := c.line(); err != nil || line != "" {
			return errChunkFrame
		}
		if err := c.closeChunk(); err != nil {
			return err
		}
	}
	c.started = true
	line, err := c.line()
	if err != nil {
		return err
	}
	size, ext, _ := strings.Cut(line, ";")
	n, err := strconv.ParseInt(strings.TrimSpace(size), 16, 64)
	switch {
	case err != nil, n < 0, n > maxChunk:
		return errChunkFrame
	case n > 0 && c.small:
		return errChunkSize
	}
	c.small = n < minChunk
	c.sig = strings.TrimPrefix(strings.TrimSpace(ext), chunkSigParam)
	c.left = n
	c.hash.Reset()
	if n > 0 {
		return nil
	}
	if err := c.closeChunk(); err != nil {
		return err
	}
	return c.readTrailers()
}

func (c *chunkReader) closeChunk() error {
	if c.signer != nil && !c.signer.check(chunkKind, emptySHA256+"\n", c.hash.Sum(nil), c.sig) {
		return errChunkSig
	}
	return nil
}

// readTrailers reads to the end of the body. The signature of trailers covers
// their lines, each ended by a newline.
func (c *chunkReader) readTrailers() error {
	var lines strings.Builder
	for {
		line, err := c.line()
		if err != nil {
			return err
		}
		if line == "" {
			break
		}
		name, value, ok := strings.Cut(line, ":")
		name, value = strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)
		if !ok || !c.trailers || len(c.values) >= maxTrailers || name != sigTrailer && !slices.Contains(c.announced, name) {
			return errTrailer
		}
		c.values[name] = value
		if name != sigTrailer {
			lines.WriteString(name + ":" + value + "\n")
		}
	}
	for _, name := range c.announced {
		if c.trailers && c.values[name] == "" {
			return errTrailer
		}
	}
	if c.signer != nil && c.trailers {
		if c.values[sigTrailer] == "" {
			return errTrailer
		}
		sum := sha256.Sum256([]byte(lines.String()))
		if !c.signer.check(trailerKind, "", sum[:], c.values[sigTrailer]) {
			return errChunkSig
		}
	}
	return io.EOF
}

func (c *chunkReader) trailer(name string) string { return c.values[name] }

// line reads one line without its end. The end of the body where a line
// should be is errChunkFrame.
func (c *chunkReader) line() (string, error) {
	var b []byte
	for {
		part, err := c.br.ReadSlice('\n')
		b = append(b, part...)
		if len(b) > maxChunkLine {
			return "", errChunkFrame
		}
		switch {
		case err == nil:
			line, ok := strings.CutSuffix(string(b), "\r\n")
			if !ok {
				return "", errChunkFrame
			}
			return line, nil
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return "", errChunkFrame
		default:
			return "", err
		}
	}
}
