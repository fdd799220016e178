package ec2_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"pawsh/bindings/ec2"
	"pawsh/bindings/session"
)

// TestWaits goes through the states of everything that has to be waited for,
// in a cloud whose clock the waits move on.
func TestWaits(t *testing.T) {
	t.Parallel()
	c := connectSandbox(t)
	i := must(c.RunInstances(anyImage(t, c), ec2.Placement("us-east-1a")))(t).Instances[0]
	var states []string
	check := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	check("running", i.WaitUntilRunning(session.OnProgress(func(w session.Waiting) { states = append(states, w.State) })))
	if i.State != "running" || len(states) < 2 || states[0] != "pending" || states[len(states)-1] != "running" {
		t.Errorf("%s after %v", i.State, states)
	}
	v := must(c.CreateVolume(1, "us-east-1a"))(t)
	check("available", v.WaitUntilAvailable())
	must(v.Attach(i.ID, "/dev/sdf"))(t)
	check("attached", v.WaitUntilInUse())
	if v.AttachmentState() != "attached" {
		t.Errorf("attachment %s", v.AttachmentState())
	}
	s := must(v.CreateSnapshot("backup"))(t)
	check("completed", s.WaitUntilCompleted())
	if s.Status != "completed" || s.Progress != "100%" {
		t.Errorf("snapshot %s %s", s.Status, s.Progress)
	}
	check("stop", i.Stop())
	check("stopped", i.WaitUntilStopped())
	must(v.Detach())(t)
	check("available again", v.WaitUntilAvailable())
	must(v.Delete())(t)
	check("deleted", v.WaitUntilDeleted())
	check("terminate", i.Terminate())
	check("terminated", i.WaitUntilTerminated())
	var gone *session.WaitError
	if err := i.WaitUntilRunning(); !errors.As(err, &gone) || gone.State != "terminated" || gone.Reason == "" {
		t.Errorf("waiting for what has ended: %v", err)
	}
}

// TestWaitTellsTheReason has EC2 end an instance that could not start.
func TestWaitTellsTheReason(t *testing.T) {
	t.Parallel()
	looks := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		looks++
		switch looks {
		case 1:
			w.WriteHeader(http.StatusBadRequest)
			io.WriteString(w, `<Response><Errors><Error><Code>InvalidInstanceID.NotFound</Code><Message>not yet</Message></Error></Errors></Response>`)
		default:
			io.WriteString(w, `<DescribeInstancesResponse><reservationSet><item><instancesSet><item><instanceId>i-1</instanceId><instanceState><code>48</code><name>terminated</name></instanceState><reason>Server.InternalError</reason><stateReason><message>Client.VolumeLimitExceeded: Volume limit exceeded</message></stateReason></item></instancesSet></item></reservationSet></DescribeInstancesResponse>`)
		}
	}))
	t.Cleanup(server.Close)
	c := connectTo(t, server.URL)
	i := &ec2.Instance{ID: "i-1", Connection: c}
	err := i.WaitUntilRunning()
	if err == nil || !strings.HasSuffix(err.Error(), "it is terminated after 2s: Client.VolumeLimitExceeded: Volume limit exceeded") {
		t.Errorf("%v after %d looks", err, looks)
	}
}

// TestWaitsThatFail has each kind of thing go wrong, and an image come good.
func TestWaitsThatFail(t *testing.T) {
	t.Parallel()
	image := func(state string) string {
		return `<DescribeImagesResponse><imagesSet><item><imageId>ami-1</imageId><imageState>` + state + `</imageState><stateReason><message>Client.InvalidDevice</message></stateReason></item></imagesSet></DescribeImagesResponse>`
	}
	volume := `<DescribeVolumesResponse><volumeSet><item><volumeId>vol-1</volumeId><status>error</status></item></volumeSet></DescribeVolumesResponse>`
	snapshot := `<DescribeSnapshotsResponse><snapshotSet><item><snapshotId>snap-1</snapshotId><status>error</status><statusMessage>key not accessible</statusMessage></item></snapshotSet></DescribeSnapshotsResponse>`
	for _, tt := range []struct {
		name    string
		answers []string
		wait    func(*ec2.Connection) error
		want    string
	}{
		{"image", []string{image("pending"), image("available")}, func(c *ec2.Connection) error { return (&ec2.Image{ID: "ami-1", Connection: c}).WaitUntilAvailable() }, ""},
		{"failed image", []string{image("failed")}, func(c *ec2.Connection) error { return (&ec2.Image{ID: "ami-1", Connection: c}).WaitUntilAvailable() }, "it is failed after 0s: Client.InvalidDevice"},
		{"volume", []string{volume}, func(c *ec2.Connection) error { return (&ec2.Volume{ID: "vol-1", Connection: c}).WaitUntilAvailable() }, "it is error after 0s: the volume is error"},
		{"snapshot", []string{snapshot}, func(c *ec2.Connection) error {
			return (&ec2.Snapshot{ID: "snap-1", Connection: c}).WaitUntilCompleted()
		}, "it is error after 0s: key not accessible"},
	} {
		answers := tt.answers
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, answers[0])
			answers = answers[1:]
		}))
		t.Cleanup(server.Close)
		err := tt.wait(connectTo(t, server.URL))
		if (tt.want == "" && err != nil) || (tt.want != "" && (err == nil || !strings.HasSuffix(err.Error(), tt.want))) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}
