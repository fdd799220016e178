package s3

import (
	"context"
	"crypto/md5"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// ChecksumError says that a download is not what was stored. The file that was
// to be made is not there.
type ChecksumError struct{ Key, Kind, Want, Got string }

// Error names the checksums.
func (e *ChecksumError) Error() string {
	return fmt.Sprintf("key %q came damaged: its %s is %s, S3 says %s", e.Key, e.Kind, e.Got, e.Want)
}

// DownloadFile copies the key's contents, of any size, to a file, in parts side
// by side: HeadObject, GetObject. The file appears when it is whole and its
// checksum is verified, where S3 tells one that can be. All parts are of one
// version: code PreconditionFailed tells that the key was stored anew meanwhile.
// Memory does not grow with the file. Options: Threads, PartSize, Resume,
// VerifyChecksum, OnTransfer, VersionID. Code NoSuchKey, NotFound. Errors:
// *ChecksumError.
//
// Example: key.DownloadFile("copy.jpg", Threads(4))
func (k *Key) DownloadFile(filename string, opts ...TransferOption) (*Transfer, error) {
	t := transferOptions(opts)
	if err := k.check("download"); err != nil {
		return nil, err
	}
	done, err := k.download(k.Bucket.Connection.ctx(), filename, t)
	if err != nil {
		return nil, fmt.Errorf("download key %q of bucket %q to %s: %w", k.Name, k.Bucket.Name, filename, err)
	}
	return done, nil
}

func (k *Key) download(ctx context.Context, filename string, t transferring) (*Transfer, error) {
	version := t.version
	if version == "" {
		version = k.VersionID
	}
	head, err := k.headObject(ctx, version, 0)
	if err != nil {
		return nil, err
	}
	d := &download{key: k, version: version, head: head, size: aws.ToInt64(head.ContentLength), options: t, path: filename + ".part", note: filename + ".part.json"}
	if err := d.open(); err != nil {
		return nil, err
	}
	err = each(ctx, t.threads, d.left(), d.fetch)
	verified := ""
	if err == nil && t.verify {
		verified, err = d.verify(ctx)
	}
	if err = errors.Join(err, d.file.Close()); err != nil {
		var damaged *ChecksumError
		if !t.resume || errors.As(err, &damaged) {
			d.remove()
		}
		return nil, err
	}
	os.Remove(d.note)
	if err := os.Rename(d.path, filename); err != nil {
		return nil, err
	}
	if head.LastModified != nil {
		// As boto does; a file system that can't is no reason to fail.
		_ = os.Chtimes(filename, *head.LastModified, *head.LastModified)
	}
	k.head(head)
	state := d.tally.state
	state.Verified = verified
	return &state, nil
}

// download is one key on its way into a file of parts. Beside it a note says
// which parts have come, for Resume.
type download struct {
	key        *Key
	version    string
	head       *sdk.HeadObjectOutput
	size       int64
	options    transferring
	path, note string
	file       *os.File
	parts      []part
	tally      tally

	mu   sync.Mutex
	came resumeNote
}

type resumeNote struct {
	ETag     string `json:"etag"`
	Size     int64  `json:"size"`
	PartSize int64  `json:"part_size"`
	Parts    []int  `json:"parts"`
}

func (d *download) open() error {
	etag := aws.ToString(d.head.ETag)
	d.came = resumeNote{ETag: etag, Size: d.size, PartSize: d.options.partSize}
	if d.options.resume {
		var old resumeNote
		text, err := os.ReadFile(d.note)
		if err == nil && json.Unmarshal(text, &old) == nil && old.ETag == etag && old.Size == d.size && old.PartSize > 0 {
			if info, err := os.Stat(d.path); err == nil && info.Size() == d.size {
				d.came = old
			}
		}
	}
	mode := os.O_RDWR | os.O_CREATE
	if len(d.came.Parts) == 0 {
		mode |= os.O_TRUNC
	}
	var err error
	if d.file, err = os.OpenFile(d.path, mode, 0o644); err != nil {
		return err
	}
	if err := d.file.Truncate(d.size); err != nil {
		return errors.Join(err, d.file.Close())
	}
	d.parts = split(d.size, d.came.PartSize)
	d.tally = tally{progress: d.options.progress, state: Transfer{Key: d.key.Name, Total: d.size, Parts: len(d.parts)}}
	return nil
}

func (d *download) remove() {
	os.Remove(d.path)
	os.Remove(d.note)
}

func (d *download) left() []part {
	var list []part
	for _, p := range d.parts {
		if slices.Contains(d.came.Parts, p.number) {
			d.tally.state.Resumed++
			d.tally.state.Done += p.size
			continue
		}
		list = append(list, p)
	}
	return list
}

func (d *download) fetch(ctx context.Context, p part) error {
	k, c := d.key, d.key.Bucket.Connection
	out, err := follow(c, k.Bucket.Name, func(opt func(*sdk.Options)) (*sdk.GetObjectOutput, error) {
		return c.Client.GetObject(ctx, &sdk.GetObjectInput{
			Bucket: aws.String(k.Bucket.Name), Key: aws.String(k.Name), VersionId: optional(d.version), IfMatch: d.head.ETag,
			Range: aws.String(fmt.Sprintf("bytes=%d-%d", p.offset, p.offset+p.size-1)),
		}, opt)
	})
	if err != nil {
		return fmt.Errorf("part %d: %w", p.number, err)
	}
	defer out.Body.Close()
	n, err := io.Copy(io.NewOffsetWriter(d.file, p.offset), io.LimitReader(out.Body, p.size+1))
	if err != nil {
		return fmt.Errorf("part %d: %w", p.number, err)
	}
	if n != p.size {
		return fmt.Errorf("part %d: %d bytes came of %d: %w", p.number, n, p.size, io.ErrUnexpectedEOF)
	}
	if d.options.resume {
		if err := d.remember(p.number); err != nil {
			return err
		}
	}
	d.tally.add(p.size)
	return nil
}

// remember writes down that a part has come; the note is never half written.
func (d *download) remember(number int) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.came.Parts = append(d.came.Parts, number)
	text, err := json.Marshal(d.came)
	if err != nil {
		return err
	}
	if err := os.WriteFile(d.note+".new", text, 0o644); err != nil {
		return err
	}
	return os.Rename(d.note+".new", d.note)
}

// verify compares the file with what S3 tells of the contents: the MD5 that is
// the ETag of what was stored in one piece, the MD5 of the parts' MD5s of what
// came in parts, or the CRC32 of the whole or of the parts. kind is "" where
// S3 tells nothing that can be compared, as with keys of KMS.
func (d *download) verify(ctx context.Context) (kind string, err error) {
	etag := strings.Trim(aws.ToString(d.head.ETag), `"`)
	digest, count, inParts := strings.Cut(etag, "-")
	plain := len(digest) == 2*md5.Size && d.head.ServerSideEncryption != types.ServerSideEncryptionAwsKms && d.head.SSECustomerAlgorithm == nil
	n, _ := strconv.Atoi(count)
	switch {
	case plain && !inParts:
		return d.compare("MD5", digest, func() (string, error) {
			h := md5.New()
			_, err := io.Copy(h, io.NewSectionReader(d.file, 0, d.size))
			return hex.EncodeToString(h.Sum(nil)), err
		})
	case plain && n > 0:
		first, err := d.key.headObject(ctx, d.version, 1)
		if err != nil {
			return "", err
		}
		partSize := aws.ToInt64(first.ContentLength)
		if partSize <= 0 || int(aws.ToInt32(first.PartsCount)) != n || (d.size+partSize-1)/partSize != int64(n) {
			return "", nil // parts of different sizes, or a store that does not tell
		}
		return d.compare("MD5 of parts", etag, func() (string, error) {
			h := md5.New()
			for _, p := range split(d.size, partSize) {
				one := md5.New()
				if _, err := io.Copy(one, io.NewSectionReader(d.file, p.offset, p.size)); err != nil {
					return "", err
				}
				h.Write(one.Sum(nil))
			}
			return hex.EncodeToString(h.Sum(nil)) + "-" + count, nil
		})
	case d.head.ChecksumCRC32 != nil && !strings.Contains(*d.head.ChecksumCRC32, "-"):
		return d.compare("CRC32", *d.head.ChecksumCRC32, func() (string, error) {
			h := crc32.NewIEEE()
			_, err := io.Copy(h, io.NewSectionReader(d.file, 0, d.size))
			return base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint32(nil, h.Sum32())), err
		})
	}
	return "", nil
}

func (d *download) compare(kind, want string, sum func() (string, error)) (string, error) {
	got, err := sum()
	if err != nil {
		return "", err
	}
	if got != want {
		return "", &ChecksumError{Key: d.key.Name, Kind: kind, Want: want, Got: got}
	}
	return kind, nil
}
