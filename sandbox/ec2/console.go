package ec2

import (
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
)

// maxConsole is how much of the log's end AWS keeps.
const maxConsole = 64 << 10

// getConsoleOutput gives the boot log: empty until the machine is up, as on
// AWS, and kept through stop and termination.
func getConsoleOutput(q *call, in *ec2.GetConsoleOutputInput) (*ec2.GetConsoleOutputOutput, error) {
	if in.InstanceId == nil {
		return nil, missing("InstanceId")
	}
	list, err := q.named([]string{*in.InstanceId})
	if err != nil {
		return nil, err
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	x := list[0]
	out := &ec2.GetConsoleOutputOutput{InstanceId: aws.String(x.id), Timestamp: aws.Time(q.now)}
	if q.now.Sub(x.booted) >= bootTime {
		text := q.bootLog(x)
		if len(text) > maxConsole {
			text = text[len(text)-maxConsole:]
		}
		out.Output = aws.String(base64.StdEncoding.EncodeToString([]byte(text)))
		out.Timestamp = aws.Time(x.booted.Add(bootTime))
	}
	return out, nil
}

// bootLog tells what the emulated machine is made of: nothing in it but what
// the machine was given.
func (q *call) bootLog(x *instance) string {
	var b strings.Builder
	clock := 0.0
	line := func(step float64, format string, a ...any) {
		fmt.Fprintf(&b, "[%12.6f] %s\r\n", clock, fmt.Sprintf(format, a...))
		clock += step
	}
	host, _, _ := strings.Cut(q.privateDNS(x.private), ".")
	line(0.000412, "%s on an emulated %s machine (%s)", x.image.release, x.kind, x.image.arch)
	line(0.101204, "Command line: root=%s console=ttyS0 kernel=%s", x.image.root, orDash(x.kernel))
	for _, v := range q.volumesOf(x) {
		line(0.010031, "blkfront: %s: %d GiB, volume %s%s", strings.TrimPrefix(v.attached.device, "/dev/"), v.disk.size, v.id, fromSnapshot(v.disk.snapshot))
	}
	line(0.120377, "eth0: %s, %s in %s", x.mac, x.private, x.subnet.cidr)
	line(0.200019, "systemd[1]: Set hostname to <%s>.", host)
	stamp := x.booted.Add(bootTime).Format("Mon, 02 Jan 2006 15:04:05 +0000")
	fmt.Fprintf(&b, "cloud-init[1]: running 'init' at %s. Up %.2f seconds.\r\n", stamp, clock)
	fmt.Fprintf(&b, "ci-info: instance-id %s, boot %d, zone %s\r\n", x.id, x.boots, x.subnet.zone.Name)
	if x.key != "" {
		fingerprint := "deleted since"
		if k := q.key(x.key); k != nil {
			fingerprint = k.fingerprint
		}
		fmt.Fprintf(&b, "ci-info: authorized key of user %s: %s (%s)\r\n", x.image.user, x.key, fingerprint)
	} else {
		fmt.Fprintf(&b, "ci-info: no authorized SSH keys fingerprints found for user %s.\r\n", x.image.user)
	}
	q.announceUserData(&b, x)
	fmt.Fprintf(&b, "\r\n%s\r\nKernel on an %s\r\n\r\n%s login: ", x.image.release, x.image.arch, host)
	return b.String()
}

// announceUserData writes what the machine was given to do. It is shown, not
// run.
func (q *call) announceUserData(b *strings.Builder, x *instance) {
	raw, err := base64.StdEncoding.DecodeString(x.userData)
	if err != nil || len(raw) == 0 {
		fmt.Fprintf(b, "cloud-init[1]: no user data\r\n")
		return
	}
	kind := userDataKind(raw)
	fmt.Fprintf(b, "cloud-init[1]: user data: %s, %d bytes\r\n", kind, len(raw))
	if kind == "gzip" || kind == "binary" {
		return
	}
	for _, l := range strings.Split(strings.TrimRight(string(raw), "\n"), "\n") {
		fmt.Fprintf(b, "user-data: %s\r\n", strings.TrimRight(l, "\r"))
	}
}

// userDataKind names the form of user data as cloud-init tells them apart.
func userDataKind(raw []byte) string {
	s := string(raw)
	switch {
	case strings.HasPrefix(s, "\x1f\x8b"):
		return "gzip"
	case strings.ContainsRune(s, 0):
		return "binary"
	case strings.HasPrefix(s, "#!"):
		return "script"
	case strings.HasPrefix(s, "#cloud-config"):
		return "cloud-config"
	case strings.HasPrefix(strings.ToLower(s), "content-type: multipart"), strings.HasPrefix(strings.ToLower(s), "mime-version:"):
		return "multipart"
	}
	return "text"
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func fromSnapshot(id string) string {
	if id == "" {
		return ""
	}
	return " from " + id
}
