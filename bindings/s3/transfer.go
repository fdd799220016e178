package s3

import (
	"context"
	"fmt"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// TransferOption is an argument of UploadFile and DownloadFile.
type TransferOption interface{ transfer(*transferring) }

type transferring struct {
	threads  int
	partSize int64
	resume   bool
	verify   bool
	progress func(Transfer)
	put      []SetContentsOption
	version  string
}

type transferOption func(*transferring)

func (f transferOption) transfer(t *transferring) { f(t) }

func (o PolicyOption) transfer(t *transferring)            { t.put = append(t.put, o) }
func (o ReducedRedundancyOption) transfer(t *transferring) { t.put = append(t.put, o) }
func (o EncryptKeyOption) transfer(t *transferring)        { t.put = append(t.put, o) }
func (o VersionIDOption) transfer(t *transferring)         { t.version = o.id }

// Threads is how many parts are on their way at a time, 8 unless given.
//
// Example: key.UploadFile("cat.jpg", Threads(8))
func Threads(n int) TransferOption {
	return transferOption(func(t *transferring) { t.threads = max(n, 1) })
}

// PartSize is the size of a part in bytes, 8 MiB unless given and at least
// 5 MiB of an upload, as S3 wants. It grows where a file would have more than
// 10,000 parts.
//
// Example: key.UploadFile("cat.jpg", PartSize(16 << 20))
func PartSize(bytes int64) TransferOption {
	return transferOption(func(t *transferring) { t.partSize = max(bytes, 1) })
}

// Resume goes on where an earlier transfer of the same file broke off: parts
// that are there and are the same are not sent again. A transfer that fails
// with it keeps its parts, which cost until the upload is resumed or cancelled.
//
// Example: key.UploadFile("cat.jpg", Resume(true))
func Resume(yes bool) TransferOption { return transferOption(func(t *transferring) { t.resume = yes }) }

// VerifyChecksum, when false, does not read a downloaded file again to compare
// it with what S3 says its checksum is.
//
// Example: key.DownloadFile("copy.jpg", VerifyChecksum(false))
func VerifyChecksum(yes bool) TransferOption {
	return transferOption(func(t *transferring) { t.verify = yes })
}

// OnTransfer has f called after each part, one call at a time.
//
// Example: key.UploadFile("cat.jpg", OnTransfer(func(t Transfer) { fmt.Println(t.String()) }))
func OnTransfer(f func(Transfer)) TransferOption {
	return transferOption(func(t *transferring) { t.progress = f })
}

// Transfer tells how far an upload or download is.
type Transfer struct {
	Key      string
	Done     int64  // bytes, with those that were there already
	Total    int64  // bytes
	Parts    int    // of the whole
	Resumed  int    // parts that were there already
	Verified string // by which checksum, "" for none
}

// String prints the transfer in per cent.
func (t *Transfer) String() string {
	percent := int64(100)
	if t.Total > 0 {
		percent = 100 * t.Done / t.Total
	}
	return fmt.Sprintf("<Transfer: %s %d%% of %d bytes>", t.Key, percent, t.Total)
}

const (
	defaultPartSize = 8 << 20
	leastPartSize   = 5 << 20
	mostParts       = 10000
	defaultThreads  = 8
)

func transferOptions(opts []TransferOption) transferring {
	t := transferring{threads: defaultThreads, partSize: defaultPartSize, verify: true}
	for _, o := range opts {
		o.transfer(&t)
	}
	return t
}

// part is a piece of a file: number counts from 1.
type part struct {
	number       int
	offset, size int64
}

// split cuts size bytes into parts.
func split(size, partSize int64) []part {
	list := make([]part, 0, size/partSize+1)
	for offset := int64(0); offset < size; offset += partSize {
		list = append(list, part{len(list) + 1, offset, min(partSize, size-offset)})
	}
	return list
}

// fits makes parts so large that S3 takes their number.
func fits(size, partSize int64) int64 {
	if least := (size + mostParts - 1) / mostParts; least > partSize {
		const mib = 1 << 20
		return (least + mib - 1) / mib * mib
	}
	return partSize
}

// tally counts the parts that are done and tells those who watch.
type tally struct {
	mu       sync.Mutex
	state    Transfer
	progress func(Transfer)
}

func (t *tally) add(size int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.state.Done += size
	if t.progress != nil {
		t.progress(t.state)
	}
}

// each does the parts, a bounded number at a time. The first error ends those
// under way and begins no more.
func each(ctx context.Context, threads int, parts []part, do func(context.Context, part) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	work := make(chan part)
	var wg sync.WaitGroup
	for range min(threads, len(parts)) {
		wg.Go(func() {
			for p := range work {
				if err := do(ctx, p); err != nil {
					cancel(err)
					return
				}
			}
		})
	}
feed:
	for _, p := range parts {
		select {
		case work <- p:
		case <-ctx.Done():
			break feed
		}
	}
	close(work)
	wg.Wait()
	return context.Cause(ctx)
}

// weak tells stores that may not know the SDK's checksums: MD5 serves there.
func (c *Connection) weak() bool {
	return c.Target.Config.RequestChecksumCalculation == aws.RequestChecksumCalculationWhenRequired
}

// headObject asks for a key with its checksum, or for one of its parts.
func (k *Key) headObject(ctx context.Context, version string, partNumber int32) (*sdk.HeadObjectOutput, error) {
	c := k.Bucket.Connection
	in := &sdk.HeadObjectInput{Bucket: aws.String(k.Bucket.Name), Key: aws.String(k.Name), VersionId: optional(version)}
	if !c.weak() {
		in.ChecksumMode = types.ChecksumModeEnabled
	}
	if partNumber > 0 {
		in.PartNumber = aws.Int32(partNumber)
	}
	return follow(c, k.Bucket.Name, func(opt func(*sdk.Options)) (*sdk.HeadObjectOutput, error) {
		return c.Client.HeadObject(ctx, in, opt)
	})
}
