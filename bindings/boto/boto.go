// Package boto is what a cell knows as boto: the functions that open
// connections, the modules of the services, the configuration files and the
// debug log. The functions use the session that Use set; a program that never
// calls Use works with the process's own environment and files.
package boto

import (
	"fmt"
	"os"
	"sync"

	"pawsh/bindings/ec2"
	"pawsh/bindings/s3"
	"pawsh/bindings/session"
)

var current struct {
	mu  sync.Mutex
	env *session.Env
}

// Use makes env the session that the functions of this package work with.
// Connections made before keep theirs.
func Use(env *session.Env) {
	current.mu.Lock()
	defer current.mu.Unlock()
	current.env = env
}

// Env is the session in use. Without Use it is made of the process's
// environment and files, with the debug log on standard error.
func Env() (*session.Env, error) {
	current.mu.Lock()
	defer current.mu.Unlock()
	if current.env == nil {
		env, err := session.New(session.Options{Log: os.Stderr})
		if err != nil {
			return nil, fmt.Errorf("configure boto: %w", err)
		}
		current.env = env
	}
	return current.env, nil
}

// connect runs the Connect function of a service with the session in use.
func connect[C any](open func(*session.Env, ...session.ConnectOption) (*C, error), opts []session.ConnectOption) (*C, error) {
	env, err := Env()
	if err != nil {
		return nil, err
	}
	return open(env, opts...)
}

// ConnectEC2 opens a connection to EC2 (boto: connect_ec2). It sends nothing.
// Errors: *session.NoCredentialsError.
//
// Example: c := boto.ConnectEC2(Region("eu-west-1")); c.GetAllZones()
func ConnectEC2(opts ...session.ConnectOption) (*ec2.Connection, error) {
	return connect(ec2.Connect, opts)
}

// ConnectS3 opens a connection to S3 (boto: connect_s3). It sends nothing.
// Errors: *session.NoCredentialsError.
//
// Example: boto.ConnectS3().GetAllBuckets()
func ConnectS3(opts ...session.ConnectOption) (*s3.Connection, error) {
	return connect(s3.Connect, opts)
}

// ConnectEuca opens a connection to the EC2 of a Eucalyptus cloud: host
// eucalyptus_host of boto's file, port 8773, path /services/Eucalyptus, plain
// HTTP, keys euca_* (boto: connect_euca). Errors: *session.NoHostError,
// *session.NoCredentialsError.
//
// Example: boto.ConnectEuca(Host("cloud.example.com")).GetAllZones()
func ConnectEuca(opts ...session.ConnectOption) (*ec2.Connection, error) {
	return connect(ec2.ConnectEucalyptus, opts)
}

// ConnectWalrus opens a connection to the S3 of a Eucalyptus cloud: host
// walrus_host of boto's file, port 8773, path /services/Walrus, plain HTTP,
// keys euca_* (boto: connect_walrus). Errors: *session.NoHostError,
// *session.NoCredentialsError.
//
// Example: boto.ConnectWalrus(Host("cloud.example.com")).GetAllBuckets()
func ConnectWalrus(opts ...session.ConnectOption) (*s3.Connection, error) {
	return connect(s3.ConnectWalrus, opts)
}

// ConnectGS opens a connection to Google Cloud Storage with the interoperable
// keys gs_* (boto: connect_gs). Errors: *session.NoCredentialsError.
//
// Example: boto.ConnectGS().GetAllBuckets()
func ConnectGS(opts ...session.ConnectOption) (*s3.Connection, error) {
	return connect(s3.ConnectGoogle, opts)
}

// SetStreamLogger names the debug log, which then tells of calls
// (boto: set_stream_logger). Connections made with Debug(2) tell all.
//
// Example: boto.SetStreamLogger("paws")
func SetStreamLogger(name string) error {
	env, err := Env()
	if err != nil {
		return err
	}
	env.SetStreamLogger(name)
	return nil
}

// Code is the code AWS gave an error, such as InvalidKeyPair.NotFound; "" when
// it gave none.
//
// Example: _, err := ec2.GetAllKeyPairs(KeyNames("none")); boto.Code(err) == "InvalidKeyPair.NotFound"
func Code(err error) string { return session.Code(err) }

// EncodedMessage is what sts.DecodeAuthorizationMessage wants to know of a call
// that was refused: the text that EC2 encodes into its error; "" when there is
// none.
//
// Example: _, err := ec2.CreateVolume(1, "us-east-1a"); boto.EncodedMessage(err)
func EncodedMessage(err error) string {
	d, _ := session.Denied(err)
	return d.Encoded
}

// Configuration is boto's configuration files, as boto.Config
// (boto: boto.config).
type Configuration struct{}

// Config reads the options of boto's files of the session in use.
var Config Configuration

func (Configuration) files() *session.BotoConfig {
	env, err := Env()
	if err != nil {
		return &session.BotoConfig{}
	}
	return env.Config()
}

// Get gives an option's text, or def, or "" (boto: get).
//
// Example: boto.Config.Get("Boto", "ec2_region_name", "us-east-1")
func (c Configuration) Get(section, name string, def ...string) string {
	return c.files().Get(section, name, def...)
}

// GetInt gives an option as an int, or def, or 0 (boto: getint).
//
// Example: boto.Config.GetInt("Boto", "num_retries", 5)
func (c Configuration) GetInt(section, name string, def ...int) int {
	return c.files().GetInt(section, name, def...)
}

// GetFloat gives an option as a float64, or def, or 0 (boto: getfloat).
//
// Example: boto.Config.GetFloat("Boto", "http_socket_timeout", 70)
func (c Configuration) GetFloat(section, name string, def ...float64) float64 {
	return c.files().GetFloat(section, name, def...)
}

// GetBool gives an option as a bool, or def, or false (boto: getbool).
//
// Example: boto.Config.GetBool("Boto", "is_secure", true)
func (c Configuration) GetBool(section, name string, def ...bool) bool {
	return c.files().GetBool(section, name, def...)
}

// HasOption tells whether section has the option (boto: has_option).
//
// Example: boto.Config.HasOption("Credentials", "aws_access_key_id")
func (c Configuration) HasOption(section, name string) bool {
	return c.files().HasOption(section, name)
}

// Sections lists the sections, sorted (boto: sections).
//
// Example: boto.Config.Sections()
func (c Configuration) Sections() []string { return c.files().Sections() }

// Files lists the files that were read, in order.
//
// Example: boto.Config.Files()
func (c Configuration) Files() []string { return c.files().Files() }
