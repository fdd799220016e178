package s3

import (
	"cmp"
	"context"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// cancelTimeout bounds the tidying after an upload that failed.
const cancelTimeout = 10 * time.Second

// UploadFile stores a file of any size under the key, in parts side by side
// where it is larger than one: PutObject, or CreateMultipartUpload, UploadPart,
// CompleteMultipartUpload. S3 checks the checksum of each part. Memory does not
// grow with the file. Options: Threads, PartSize, Resume, OnTransfer, Policy,
// ReducedRedundancy, EncryptKey. Codes NoSuchBucket, EntityTooLarge.
//
// Example: bucket.NewKey("cat2.jpg").UploadFile("cat.jpg")
func (k *Key) UploadFile(filename string, opts ...TransferOption) (*Transfer, error) {
	t := transferOptions(opts)
	if k.Name == "" {
		k.Name = filepath.Base(filename)
	}
	if err := k.check("upload to"); err != nil {
		return nil, err
	}
	f, err := os.Open(filename)
	if err != nil {
		return nil, fmt.Errorf("upload to key %q: %w", k.Name, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("upload to key %q: %w", k.Name, err)
	}
	if k.ContentType == "" {
		k.ContentType = typeByName(filename)
	}
	size := info.Size()
	t.partSize = fits(size, max(t.partSize, leastPartSize))
	if size <= t.partSize {
		n, err := k.put(f, t.put)
		if err != nil {
			return nil, err
		}
		done := &Transfer{Key: k.Name, Done: n, Total: n, Parts: 1, Verified: k.Bucket.Connection.checksumName()}
		if t.progress != nil {
			t.progress(*done)
		}
		return done, nil
	}
	u := &upload{key: k, file: f, size: size, options: t}
	done, err := u.run(k.Bucket.Connection.ctx())
	if err != nil {
		return nil, fmt.Errorf("upload %s to key %q of bucket %q: %w", filename, k.Name, k.Bucket.Name, err)
	}
	return done, nil
}

func (c *Connection) checksumName() string {
	if c.weak() {
		return "MD5"
	}
	return "CRC32"
}

// upload is one file on its way in parts.
type upload struct {
	key     *Key
	file    io.ReaderAt
	size    int64
	options transferring
	parts   []part
	done    []types.CompletedPart // by part number - 1; ETag nil where it is not there
	tally   tally
}

func (u *upload) run(ctx context.Context) (*Transfer, error) {
	k := u.key
	mp, resumed, err := u.begin()
	if err != nil {
		return nil, err
	}
	u.tally = tally{progress: u.options.progress, state: Transfer{Key: k.Name, Total: u.size, Parts: len(u.parts), Resumed: resumed}}
	var left []part
	for _, p := range u.parts {
		if u.done[p.number-1].ETag == nil {
			left = append(left, p)
		} else {
			u.tally.state.Done += p.size
		}
	}
	if err := each(ctx, u.options.threads, left, func(ctx context.Context, p part) error { return u.send(ctx, mp, p) }); err != nil {
		if !u.options.resume {
			u.cancel(ctx, mp)
		}
		return nil, err
	}
	c := k.Bucket.Connection
	out, err := follow(c, k.Bucket.Name, func(opt func(*sdk.Options)) (*sdk.CompleteMultipartUploadOutput, error) {
		return c.Client.CompleteMultipartUpload(ctx, &sdk.CompleteMultipartUploadInput{
			Bucket: aws.String(k.Bucket.Name), Key: aws.String(k.Name), UploadId: aws.String(mp.ID),
			MultipartUpload: &types.CompletedMultipartUpload{Parts: u.done},
		}, opt)
	})
	if err != nil {
		return nil, err
	}
	k.Size, k.ETag, k.VersionID, k.MD5 = u.size, aws.ToString(out.ETag), aws.ToString(out.VersionId), ""
	state := u.tally.state
	state.Verified = c.checksumName()
	return &state, nil
}

// begin makes the upload, or finds the one to go on with.
func (u *upload) begin() (mp *MultiPartUpload, resumed int, err error) {
	if u.options.resume {
		if mp, resumed, err = u.find(); mp != nil || err != nil {
			return mp, resumed, err
		}
	}
	u.cut(u.options.partSize)
	mp, err = u.key.Bucket.initiate(u.key, u.options.put)
	return mp, 0, err
}

func (u *upload) cut(partSize int64) {
	u.parts = split(u.size, partSize)
	u.done = make([]types.CompletedPart, len(u.parts))
}

// find looks for the newest upload to the key whose parts can be of this file,
// and compares what is there with the file.
func (u *upload) find() (*MultiPartUpload, int, error) {
	all, err := u.key.Bucket.GetAllMultipartUploads()
	if err != nil {
		return nil, 0, err
	}
	all = slices.DeleteFunc(all, func(m *MultiPartUpload) bool { return m.KeyName != u.key.Name })
	slices.SortFunc(all, func(a, b *MultiPartUpload) int { return b.Initiated.Compare(a.Initiated) })
	for _, mp := range all {
		there, err := mp.GetAllParts()
		if err != nil {
			return nil, 0, err
		}
		slices.SortFunc(there, func(a, b *Part) int { return cmp.Compare(a.PartNumber, b.PartNumber) })
		partSize := u.options.partSize
		// Any part but the last tells how the file was cut.
		if len(there) > 0 && int64(there[0].PartNumber)*there[0].Size < u.size {
			partSize = there[0].Size
		}
		if partSize < leastPartSize || u.size > partSize*mostParts {
			continue
		}
		u.cut(partSize)
		resumed := 0
		for _, p := range there {
			if p.PartNumber > len(u.parts) {
				continue
			}
			same, err := u.same(u.parts[p.PartNumber-1], p)
			if err != nil {
				return nil, 0, err
			}
			if same {
				u.done[p.PartNumber-1] = completed(p.PartNumber, p.ETag, p.checksums())
				resumed++
			}
		}
		return mp, resumed, nil
	}
	return nil, 0, nil
}

// same compares a part that is there with the file, by the CRC that S3 keeps
// or else the MD5 that is its ETag. What can't be compared is sent again.
func (u *upload) same(p part, there *Part) (bool, error) {
	if there.Size != p.size {
		return false, nil
	}
	var h hash.Hash = md5.New()
	want := strings.Trim(there.ETag, `"`)
	crc := there.checksums().ChecksumCRC32
	if crc != nil {
		h = crc32.NewIEEE()
	}
	if _, err := io.Copy(h, io.NewSectionReader(u.file, p.offset, p.size)); err != nil {
		return false, err
	}
	if crc != nil {
		return base64.StdEncoding.EncodeToString(h.Sum(nil)) == *crc, nil
	}
	return hex.EncodeToString(h.Sum(nil)) == want, nil
}

// send stores one part.
func (u *upload) send(ctx context.Context, mp *MultiPartUpload, p part) error {
	c := u.key.Bucket.Connection
	in := &sdk.UploadPartInput{
		Bucket: aws.String(mp.BucketName), Key: aws.String(mp.KeyName), UploadId: aws.String(mp.ID),
		PartNumber: aws.Int32(int32(p.number)), ContentLength: aws.Int64(p.size),
	}
	if c.weak() {
		h := md5.New()
		if _, err := io.Copy(h, io.NewSectionReader(u.file, p.offset, p.size)); err != nil {
			return err
		}
		in.ContentMD5 = aws.String(base64.StdEncoding.EncodeToString(h.Sum(nil)))
	} else {
		in.ChecksumAlgorithm = types.ChecksumAlgorithmCrc32
	}
	out, err := follow(c, mp.BucketName, func(opt func(*sdk.Options)) (*sdk.UploadPartOutput, error) {
		in.Body = io.NewSectionReader(u.file, p.offset, p.size)
		return c.Client.UploadPart(ctx, in, opt)
	})
	if err != nil {
		return fmt.Errorf("part %d: %w", p.number, err)
	}
	u.done[p.number-1] = completed(p.number, aws.ToString(out.ETag), types.Part{ChecksumCRC32: out.ChecksumCRC32})
	u.tally.add(p.size)
	return nil
}

// completed is a part as CompleteMultipartUpload wants it: with the checksums
// that S3 has of it, or S3 refuses an upload that was begun with them.
func completed(number int, etag string, sums types.Part) types.CompletedPart {
	return types.CompletedPart{
		PartNumber: aws.Int32(int32(number)), ETag: aws.String(etag), ChecksumCRC32: sums.ChecksumCRC32, ChecksumCRC32C: sums.ChecksumCRC32C,
		ChecksumCRC64NVME: sums.ChecksumCRC64NVME, ChecksumSHA1: sums.ChecksumSHA1, ChecksumSHA256: sums.ChecksumSHA256,
	}
}

// checksums are those S3 told of the part.
func (p *Part) checksums() types.Part {
	raw, _ := p.Raw.(types.Part)
	return raw
}

// cancel throws the parts away, also where the context has ended: they cost.
func (u *upload) cancel(ctx context.Context, mp *MultiPartUpload) {
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), cancelTimeout)
	defer stop()
	c := u.key.Bucket.Connection
	// A failure leaves parts behind; the upload's own error is the one to tell.
	_, _ = follow(c, mp.BucketName, func(opt func(*sdk.Options)) (*sdk.AbortMultipartUploadOutput, error) {
		return c.Client.AbortMultipartUpload(ctx, &sdk.AbortMultipartUploadInput{Bucket: aws.String(mp.BucketName), Key: aws.String(mp.KeyName), UploadId: aws.String(mp.ID)}, opt)
	})
}
