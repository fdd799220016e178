package session_test

import (
	"errors"
	"strings"
	"testing"

	"pawsh/bindings/session"
)

func TestWhereAConnectionGoes(t *testing.T) {
	t.Parallel()
	euca := "[Credentials]\neuca_access_key_id = EK\neuca_secret_access_key = ES\ngs_access_key_id = GK\ngs_secret_access_key = GS\n"
	tests := []struct {
		name     string
		env      map[string]string
		files    map[string]string
		region   string
		endpoint string
		service  session.Service
		opts     []session.ConnectOption

		host     string
		port     int
		path     string
		secure   bool
		wantReg  string
		url      string // BaseEndpoint; "" the SDK's own
		source   string // of the region or the endpoint, a part of either
		warnings string
	}{
		{name: "default", service: session.EC2, host: "ec2.us-east-1.amazonaws.com", port: 443, path: "/", secure: true, wantReg: "us-east-1", source: "default"},
		{name: "S3 default", service: session.S3, host: "s3.amazonaws.com", port: 443, path: "/", secure: true, wantReg: "us-east-1", source: "default"},
		{name: "region by argument beats AWS_REGION", env: map[string]string{"AWS_REGION": "us-west-1"}, service: session.EC2, opts: []session.ConnectOption{session.Region("eu-west-1")}, host: "ec2.eu-west-1.amazonaws.com", port: 443, path: "/", secure: true, wantReg: "eu-west-1", source: "arguments"},
		{name: "flag beats AWS_REGION", region: "sa-east-1", env: map[string]string{"AWS_REGION": "us-west-1"}, service: session.EC2, host: "ec2.sa-east-1.amazonaws.com", port: 443, path: "/", secure: true, wantReg: "sa-east-1", source: "--region"},
		{name: "AWS_REGION beats AWS_DEFAULT_REGION", env: map[string]string{"AWS_REGION": "us-west-1", "AWS_DEFAULT_REGION": "us-west-2"}, service: session.EC2, host: "ec2.us-west-1.amazonaws.com", port: 443, path: "/", secure: true, wantReg: "us-west-1", source: "AWS_REGION"},
		{name: "region of the shared config", files: map[string]string{".aws/config": "[default]\nregion = ap-northeast-1\n"}, service: session.SQS, host: "sqs.ap-northeast-1.amazonaws.com", port: 443, path: "/", secure: true, wantReg: "ap-northeast-1", source: ".aws/config"},
		{name: "region of boto's file, as the book has it", files: map[string]string{".boto": "[Boto]\nec2_region_name = eu-west-1\nec2_region_endpoint = ec2.eu-west-1.amazonaws.com\n"}, service: session.EC2, host: "ec2.eu-west-1.amazonaws.com", port: 443, path: "/", secure: true, wantReg: "eu-west-1", source: ".boto:2"},
		{name: "the misprint with hyphens is accepted with a note", files: map[string]string{".boto": "[Boto]\nec2_region_name = eu-west-1\nec2-region-endpoint = ec2.eu-west-1.amazonaws.com\n"}, service: session.EC2, host: "ec2.eu-west-1.amazonaws.com", port: 443, path: "/", secure: true, wantReg: "eu-west-1", source: ".boto:2", warnings: "ec2-region-endpoint is taken as ec2_region_endpoint"},
		{name: "the name alone is enough", files: map[string]string{".boto": "[Boto]\nec2_region_name = eu-west-1\n"}, service: session.EC2, host: "ec2.eu-west-1.amazonaws.com", port: 443, path: "/", secure: true, wantReg: "eu-west-1", source: ".boto:2"},
		{name: "the endpoint alone tells its region", files: map[string]string{".boto": "[Boto]\nec2_region_endpoint = ec2.us-west-2.amazonaws.com\n"}, service: session.EC2, host: "ec2.us-west-2.amazonaws.com", port: 443, path: "", secure: true, wantReg: "us-west-2", url: "https://ec2.us-west-2.amazonaws.com", source: ".boto:2"},
		{name: "an endpoint that contradicts the name is told of", files: map[string]string{".boto": "[Boto]\nec2_region_name = eu-west-1\nec2_region_endpoint = ec2.us-west-2.amazonaws.com\n"}, service: session.EC2, host: "ec2.us-west-2.amazonaws.com", port: 443, path: "", secure: true, wantReg: "us-west-2", url: "https://ec2.us-west-2.amazonaws.com", source: ".boto:3", warnings: "the region name is eu-west-1"},
		{name: "a private cloud's endpoint with a region name of its own", files: map[string]string{".boto": "[Boto]\nec2_region_name = mycloud\nec2_region_endpoint = cloud.example:8773\n"}, service: session.EC2, host: "cloud.example", port: 8773, path: "", secure: true, wantReg: "mycloud", url: "https://cloud.example:8773", source: ".boto:3", warnings: "unknown region"},
		{name: "AWS_ENDPOINT_URL", env: map[string]string{"AWS_ENDPOINT_URL": "http://127.0.0.1:5000/"}, service: session.EC2, host: "127.0.0.1", port: 5000, path: "/", wantReg: "us-east-1", url: "http://127.0.0.1:5000", source: "AWS_ENDPOINT_URL"},
		{name: "the service's own variable beats it", env: map[string]string{"AWS_ENDPOINT_URL": "http://127.0.0.1:5000", "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9000"}, service: session.S3, host: "127.0.0.1", port: 9000, wantReg: "us-east-1", url: "http://127.0.0.1:9000", source: "AWS_ENDPOINT_URL_S3"},
		{name: "--endpoint beats the environment", endpoint: "http://127.0.0.1:7000", env: map[string]string{"AWS_ENDPOINT_URL": "http://127.0.0.1:5000"}, service: session.EC2, host: "127.0.0.1", port: 7000, wantReg: "us-east-1", url: "http://127.0.0.1:7000", source: "--endpoint"},
		{name: "endpoint_url of the shared config", files: map[string]string{".aws/config": "[default]\nendpoint_url = http://127.0.0.1:6000\n"}, service: session.IAM, host: "127.0.0.1", port: 6000, wantReg: "us-east-1", url: "http://127.0.0.1:6000", source: ".aws/config"},
		{name: "host, port, path and scheme by argument", service: session.EC2, opts: []session.ConnectOption{session.Host("cloud.example"), session.Port(8773), session.Path("services/x"), session.IsSecure(false)}, host: "cloud.example", port: 8773, path: "/services/x", wantReg: "us-east-1", url: "http://cloud.example:8773/services/x", source: "arguments"},
		{name: "plain HTTP to AWS", service: session.EC2, opts: []session.ConnectOption{session.IsSecure(false)}, host: "ec2.us-east-1.amazonaws.com", port: 80, path: "/", wantReg: "us-east-1", url: "http://ec2.us-east-1.amazonaws.com", source: "default"},
		{name: "host of [s3]", files: map[string]string{".boto": "[s3]\nhost = storage.example\n"}, service: session.S3, host: "storage.example", port: 443, secure: true, wantReg: "us-east-1", url: "https://storage.example", source: ".boto:2"},
		{name: "IAM signs for us-east-1 everywhere", service: session.IAM, opts: []session.ConnectOption{session.Region("eu-west-1")}, host: "iam.amazonaws.com", port: 443, path: "/", secure: true, wantReg: "us-east-1", source: ""},

		{name: "Eucalyptus as the book has it, with quotes", files: map[string]string{".boto": euca + "[Boto]\neucalyptus_host = \"cloud.example\"\n"}, service: session.Eucalyptus, host: "cloud.example", port: 8773, path: "/services/Eucalyptus", wantReg: "eucalyptus", url: "http://cloud.example:8773/services/Eucalyptus", source: ".boto:7"},
		{name: "Walrus", files: map[string]string{".boto": euca + "[Boto]\nwalrus_host = 10.0.0.5\n"}, service: session.Walrus, host: "10.0.0.5", port: 8773, path: "/services/Walrus", wantReg: "eucalyptus", url: "http://10.0.0.5:8773/services/Walrus", source: ".boto:7"},
		{name: "Eucalyptus over TLS", files: map[string]string{".boto": euca + "[Boto]\nis_secure = True\neucalyptus_host = cloud.example:443\n"}, service: session.Eucalyptus, host: "cloud.example", port: 443, path: "/services/Eucalyptus", secure: true, wantReg: "eucalyptus", url: "https://cloud.example:443/services/Eucalyptus", source: ".boto:8"},
		{name: "Google Cloud Storage", files: map[string]string{".boto": euca}, service: session.GoogleStorage, host: "storage.googleapis.com", port: 443, path: "/", secure: true, wantReg: "auto", url: "https://storage.googleapis.com", source: "default"},
		{name: "Google Cloud Storage elsewhere", files: map[string]string{".boto": euca}, service: session.GoogleStorage, opts: []session.ConnectOption{session.Host("127.0.0.1"), session.Port(99), session.IsSecure(false)}, host: "127.0.0.1", port: 99, wantReg: "auto", url: "http://127.0.0.1:99", source: "arguments"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).keys()
			for name, v := range tt.env {
				w.env[name] = v
			}
			for name, text := range tt.files {
				w.file(name, text)
			}
			w.options.Region, w.options.Endpoint = tt.region, tt.endpoint
			e := w.new()
			target, err := e.Open(tt.service, tt.opts...)
			if err != nil {
				t.Fatal(err)
			}
			path := tt.path
			if path == "" {
				path = "/"
			}
			if target.Host != tt.host || target.Port != tt.port || target.Path != path || target.IsSecure != tt.secure || target.Region != tt.wantReg {
				t.Errorf("%s:%d %s secure=%v region %s; want %s:%d %s secure=%v region %s",
					target.Host, target.Port, target.Path, target.IsSecure, target.Region, tt.host, tt.port, path, tt.secure, tt.wantReg)
			}
			if target.Endpoint != tt.url {
				t.Errorf("endpoint %q, want %q", target.Endpoint, tt.url)
			}
			if !strings.Contains(target.Sources.Region+" "+target.Sources.Endpoint, tt.source) {
				t.Errorf("sources %+v, want %q", target.Sources, tt.source)
			}
			warnings := strings.Join(e.Warnings(), "\n")
			if (tt.warnings == "") != (warnings == "") || !strings.Contains(warnings, tt.warnings) {
				t.Errorf("warnings %q, want %q", warnings, tt.warnings)
			}
		})
	}
}

func TestBadEndpoints(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"127.0.0.1:5000", "ftp://x", "http://", "http://user:topsecret@host/", "::"} {
		w := newWorld(t).keys()
		w.options.Endpoint = text
		_, err := session.New(w.options)
		if err == nil {
			t.Errorf("endpoint %q was accepted", text)
		} else if strings.Contains(err.Error(), "topsecret") {
			t.Errorf("the error repeats a password: %v", err)
		}
	}
	w := newWorld(t).keys()
	for _, host := range []string{"a b", "x/y", `"q"`, "a?b"} {
		if _, err := w.new().Open(session.EC2, session.Host(host)); err == nil {
			t.Errorf("host %q was accepted", host)
		}
	}
	if _, err := w.new().Open(session.EC2, session.Host("h"), session.Port(70000)); err == nil {
		t.Error("port 70000 was accepted")
	}
}

func TestRegionNames(t *testing.T) {
	t.Parallel()
	w := newWorld(t).keys()
	e := w.new()
	_, err := e.Open(session.EC2, session.Region("eu-west1"))
	var unknown *session.UnknownRegionError
	if !errors.As(err, &unknown) || unknown.Nearest != "eu-west-1" {
		t.Errorf("eu-west1: %v", err)
	}
	if target, err := e.Open(session.EC2, session.Region("eu-west-9")); err != nil || target.Host != "ec2.eu-west-9.amazonaws.com" || len(e.Warnings()) != 1 {
		t.Errorf("a region AWS may open: %v, warnings %q", err, e.Warnings())
	}
	if _, err := e.Open(session.EC2, session.Region("mycloud"), session.Host("cloud.example")); err != nil {
		t.Errorf("a region of a private cloud: %v", err)
	}
}

func TestMissingHostsAndKeysOfOtherClouds(t *testing.T) {
	t.Parallel()
	w := newWorld(t).keys()
	e := w.new()
	var noHost *session.NoHostError
	if _, err := e.Open(session.Eucalyptus); !errors.As(err, &noHost) || !strings.Contains(err.Error(), "eucalyptus_host") {
		t.Errorf("Eucalyptus: %v", err)
	}
	if _, err := e.Open(session.Walrus); !errors.As(err, &noHost) || !strings.Contains(err.Error(), "walrus_host") {
		t.Errorf("Walrus: %v", err)
	}
	var none *session.NoCredentialsError
	if _, err := e.Open(session.GoogleStorage); !errors.As(err, &none) || !strings.Contains(err.Error(), "gs_access_key_id") {
		t.Errorf("Google: %v", err)
	}
	// The keys of AWS must never go to another cloud.
	if _, err := e.Open(session.Eucalyptus, session.Host("cloud.example")); !errors.As(err, &none) {
		t.Errorf("Eucalyptus with AWS's keys only: %v", err)
	}
}

func TestSettingsTellSourcesAndNoSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.file(".boto", "[Credentials]\naws_access_key_id = AKBOTO\naws_secret_access_key = topsecret1\neuca_secret_access_key = topsecret2\n[Boto]\nhttp_socket_timeout = 5\nnum_retries = 1\nproxy = http://u:topsecret3@proxy.example\neucalyptus_host = cloud.example\n")
	w.env["AWS_REGION"] = "eu-west-1"
	e := w.new()
	text := ""
	for _, s := range e.Settings() {
		text += s.Name + "=" + s.Value + " (" + s.Source + ")\n"
	}
	for _, want := range []string{"region=eu-west-1 (AWS_REGION)", "credentials=AKBOTO", "http_socket_timeout=5s (" + w.home, "num_retries=1", "eucalyptus_host=cloud.example", "profile=default"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if strings.Contains(text, "topsecret") {
		t.Errorf("a secret is in\n%s", text)
	}
}

func TestNewWarnsOfABrokenBotoFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := w.file(".boto", "[Credentials]\nrubbish\naws_access_key_id = AK\naws_secret_access_key = SK\n[Boto]\nhttp_socket_timeout = soon\n")
	e := w.new()
	warnings := strings.Join(e.Warnings(), "\n")
	for _, want := range []string{path + ":2:", path + ":6:", `"soon"`} {
		if !strings.Contains(warnings, want) {
			t.Errorf("%q is not in %q", want, warnings)
		}
	}
	if target, err := e.Open(session.EC2); err != nil || target.AccessKeyID != "AK" {
		t.Errorf("the rest of the file is not used: %v", err)
	}
}

func TestMissingNamedBotoFileIsAWarning(t *testing.T) {
	t.Parallel()
	w := newWorld(t).keys()
	w.env["BOTO_CONFIG"] = "~/nowhere.cfg"
	if e := w.new(); len(e.Warnings()) != 1 || !strings.Contains(e.Warnings()[0], "nowhere.cfg") {
		t.Errorf("warnings %q", e.Warnings())
	}
}
