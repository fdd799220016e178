package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/ec2/imds"
	"github.com/aws/smithy-go"
)

// Bounds of reading the instance metadata: the service is a hop away, or not
// there at all.
const (
	metadataTimeout = 1 * time.Second // boto's metadata_service_timeout
	metadataEntries = 500
	metadataDepth   = 8
)

// InstanceMetadata is what the metadata service says of the machine that this
// program runs on, by name; a name that holds others is an InstanceMetadata of
// its own, text of several lines a []string, JSON what it decodes to.
type InstanceMetadata map[string]any

// ErrNoMetadata says that this machine is no EC2 instance, or that its
// metadata service is switched off.
var ErrNoMetadata = errors.New("no instance metadata service answers here: this machine is no EC2 instance, or it is switched off")

// InstanceMetadata reads the metadata below a path, "" for all, by IMDSv2: a
// session's token first. The whole is bounded by metadata_service_timeout of
// [Boto], 1 second unless set, for each answer. Errors: ErrNoMetadata.
func (e *Env) InstanceMetadata(path string) (InstanceMetadata, error) {
	if strings.EqualFold(e.opts.Getenv("AWS_EC2_METADATA_DISABLED"), "true") {
		return nil, fmt.Errorf("%w (AWS_EC2_METADATA_DISABLED)", ErrNoMetadata)
	}
	timeout := metadataTimeout
	if s := e.boto.GetFloat("Boto", "metadata_service_timeout"); s > 0 && s < 1000 {
		timeout = time.Duration(s * float64(time.Second))
	}
	r := metadataReader{timeout: timeout, left: metadataEntries, client: imds.New(imds.Options{
		Endpoint: e.opts.Getenv("AWS_EC2_METADATA_SERVICE_ENDPOINT"), ClientEnableState: imds.ClientEnabled,
		Retryer: aws.NopRetryer{}, EnableFallback: aws.FalseTernary,
	})}
	path = strings.Trim(path, "/")
	if path != "" {
		path += "/"
	}
	tree, err := r.folder(e.Context(), path, 0)
	if err != nil {
		return nil, err
	}
	return tree, nil
}

type metadataReader struct {
	client  *imds.Client
	timeout time.Duration
	left    int // entries that may still be read
}

func (r *metadataReader) get(ctx context.Context, path string) (string, error) {
	if r.left--; r.left < 0 {
		return "", fmt.Errorf("the instance metadata has more than %d entries; ask for a path", metadataEntries)
	}
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	out, err := r.client.GetMetadata(ctx, &imds.GetMetadataInput{Path: path})
	if err != nil {
		var op *smithy.OperationError
		if errors.As(err, &op) && StatusCode(err) == 0 {
			return "", fmt.Errorf("%w: %s", ErrNoMetadata, innermost(err))
		}
		return "", fmt.Errorf("instance metadata %q: %w", path, err)
	}
	defer out.Content.Close()
	text, err := io.ReadAll(io.LimitReader(out.Content, 1<<20))
	if err != nil {
		return "", fmt.Errorf("instance metadata %q: %w", path, err)
	}
	return string(text), nil
}

func (r *metadataReader) folder(ctx context.Context, path string, depth int) (InstanceMetadata, error) {
	listing, err := r.get(ctx, path)
	if err != nil {
		return nil, err
	}
	tree := InstanceMetadata{}
	for name := range strings.FieldsSeq(listing) {
		key, at := name, path+name
		// A public key is listed as "0=name" and lies in "0/openssh-key".
		if strings.HasPrefix(path, "public-keys/") || path == "public-keys/" {
			if number, keyName, ok := strings.Cut(name, "="); ok {
				key, at = keyName, path+number+"/"
			}
		}
		if strings.HasSuffix(at, "/") && depth < metadataDepth {
			sub, err := r.folder(ctx, at, depth+1)
			if missing(err) {
				continue
			}
			if err != nil {
				return nil, err
			}
			tree[strings.TrimSuffix(key, "/")] = sub
			continue
		}
		text, err := r.get(ctx, at)
		if missing(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		tree[key] = metadataValue(text)
	}
	return tree, nil
}

// missing tells an entry that is listed and not there, as some are.
func missing(err error) bool { return StatusCode(err) == 404 }

func metadataValue(text string) any {
	if t := strings.TrimSpace(text); strings.HasPrefix(t, "{") {
		var v any
		if json.Unmarshal([]byte(t), &v) == nil {
			return v
		}
	}
	if strings.Contains(text, "\n") {
		return strings.Split(strings.TrimRight(text, "\n"), "\n")
	}
	return text
}
