package session

// ConnectOption is an argument of a Connect function. The options are named as
// boto's keyword arguments.
type ConnectOption func(*connect)

// connect gathers the arguments of one Connect call.
type connect struct {
	accessKeyID, secretAccessKey, securityToken string

	region, profile string
	host, path      string
	endpoint        string
	port            int
	isSecure        *bool
	validateCerts   *bool
	debug           *Level
	anon            bool
	proxy           string
	proxyPort       int
	proxyUser       string
	proxyPass       string
	retryMode       string
}

// AWSAccessKeyID gives the access key (boto: aws_access_key_id). It goes with
// AWSSecretAccessKey.
//
// Example: boto.ConnectEC2(AWSAccessKeyID(id), AWSSecretAccessKey(secret))
func AWSAccessKeyID(id string) ConnectOption { return func(c *connect) { c.accessKeyID = id } }

// AWSSecretAccessKey gives the secret key (boto: aws_secret_access_key).
//
// Example: boto.ConnectS3(AWSAccessKeyID(id), AWSSecretAccessKey(secret))
func AWSSecretAccessKey(secret string) ConnectOption {
	return func(c *connect) { c.secretAccessKey = secret }
}

// SecurityToken gives the session token of temporary credentials
// (boto: security_token).
//
// Example: boto.ConnectS3(AWSAccessKeyID(id), AWSSecretAccessKey(secret), SecurityToken(token))
func SecurityToken(token string) ConnectOption { return func(c *connect) { c.securityToken = token } }

// ProfileName takes credentials and region from a named profile of the shared
// AWS files or of boto.cfg (boto: profile_name).
//
// Example: boto.ConnectEC2(ProfileName("staging"))
func ProfileName(name string) ConnectOption { return func(c *connect) { c.profile = name } }

// Region names the region to connect to (boto: region).
//
// Example: boto.ConnectEC2(Region("eu-west-1")).Region
func Region(name string) ConnectOption { return func(c *connect) { c.region = name } }

// Host connects to a host of your own instead of AWS's (boto: host). A port
// may follow after a colon.
//
// Example: boto.ConnectEuca(Host("cloud.example.com"))
func Host(name string) ConnectOption { return func(c *connect) { c.host = name } }

// Port is the TCP port of the host (boto: port).
//
// Example: boto.ConnectEuca(Host("cloud.example.com"), Port(8773))
func Port(number int) ConnectOption { return func(c *connect) { c.port = number } }

// Path is the path of the service on the host (boto: path).
//
// Example: boto.ConnectEuca(Host("cloud.example.com"), Path("/services/Eucalyptus"))
func Path(path string) ConnectOption { return func(c *connect) { c.path = path } }

// IsSecure chooses https or, when false, http (boto: is_secure).
//
// Example: boto.ConnectS3(Host("storage.example.com"), IsSecure(false))
func IsSecure(yes bool) ConnectOption { return func(c *connect) { c.isSecure = &yes } }

// Endpoint is Host, Port, Path and IsSecure in one URL.
//
// Example: boto.ConnectS3(Endpoint("http://127.0.0.1:9000"))
func Endpoint(url string) ConnectOption { return func(c *connect) { c.endpoint = url } }

// ValidateCerts, when false, accepts any certificate (boto: validate_certs).
//
// Example: boto.ConnectS3(Host("storage.example.com"), ValidateCerts(false))
func ValidateCerts(yes bool) ConnectOption { return func(c *connect) { c.validateCerts = &yes } }

// Anon sends requests without a signature, for public data (boto: anon).
//
// Example: boto.ConnectS3(Anon(true)).GetBucket("photos-2012")
func Anon(yes bool) ConnectOption { return func(c *connect) { c.anon = yes } }

// Debug sets the connection's own debug level as boto counts: 0 nothing, 1 a
// line a call, 2 the requests and responses as they go over the wire.
//
// Example: boto.ConnectEC2(Debug(2)).GetAllZones()
func Debug(level int) ConnectOption {
	return func(c *connect) {
		l := LevelOf(level)
		c.debug = &l
	}
}

// Proxy names the host of an HTTP proxy (boto: proxy).
//
// Example: boto.ConnectEC2(Proxy("proxy.example.com"), ProxyPort(8080))
func Proxy(host string) ConnectOption { return func(c *connect) { c.proxy = host } }

// ProxyPort is the port of the proxy (boto: proxy_port).
//
// Example: boto.ConnectEC2(Proxy("proxy.example.com"), ProxyPort(3128))
func ProxyPort(number int) ConnectOption { return func(c *connect) { c.proxyPort = number } }

// ProxyUser is the user name for the proxy (boto: proxy_user).
//
// Example: boto.ConnectEC2(Proxy("proxy.example.com"), ProxyUser("bob"), ProxyPass(password))
func ProxyUser(name string) ConnectOption { return func(c *connect) { c.proxyUser = name } }

// ProxyPass is the password for the proxy (boto: proxy_pass).
//
// Example: boto.ConnectEC2(Proxy("proxy.example.com"), ProxyUser("bob"), ProxyPass(password))
func ProxyPass(password string) ConnectOption { return func(c *connect) { c.proxyPass = password } }

// RetryMode is how failed calls are tried again: "standard", or "adaptive",
// which also slows the connection down before it sends when the service
// throttles it. retry_mode in [Boto] of boto's files and AWS_RETRY_MODE say it
// for all connections.
//
// Example: boto.ConnectEC2(RetryMode("adaptive")).GetAllInstances()
func RetryMode(name string) ConnectOption { return func(c *connect) { c.retryMode = name } }

func gather(opts []ConnectOption) connect {
	var c connect
	for _, o := range opts {
		if o != nil {
			o(&c)
		}
	}
	return c
}
