package sns

import (
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"pawsh/sandbox/wire"
)

// checkListener takes an endpoint on this machine's loopback, and no other:
// the cloud sends nothing out into the world.
func checkListener(protocol, endpoint string) error {
	u, err := url.Parse(endpoint)
	if err != nil || u.Scheme != protocol || u.Host == "" || u.User != nil {
		return invalid("Endpoint Reason: Endpoint must match the specified protocol")
	}
	ip := net.ParseIP(u.Hostname())
	if protocol != "http" || u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return wire.Errorf("NotImplemented", http.StatusNotImplemented, "The sandbox delivers to http on loopback only, such as http://127.0.0.1:8000/, not to %s://%s", u.Scheme, u.Host)
	}
	return nil
}

// delivery is one message on its way to a listener.
type delivery struct {
	endpoint, kind, topic, subscription string
	raw                                 bool
	body                                []byte
}

// postTimeout is how long a listener may take; what it misses is lost.
const postTimeout = 5 * time.Second

var listeners = &http.Client{
	Timeout:       postTimeout,
	Transport:     &http.Transport{Proxy: nil, MaxConnsPerHost: 8, IdleConnTimeout: postTimeout},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // it might lead elsewhere
}

// post sends a delivery beside the request that caused it.
func (d delivery) post() {
	go func() {
		r, err := http.NewRequest(http.MethodPost, d.endpoint, strings.NewReader(string(d.body)))
		if err != nil {
			return // its endpoint was checked
		}
		r.Header.Set("Content-Type", "text/plain; charset=UTF-8")
		r.Header.Set("User-Agent", "Amazon Simple Notification Service Agent")
		r.Header.Set("x-amz-sns-message-type", d.kind)
		r.Header.Set("x-amz-sns-topic-arn", d.topic)
		if d.subscription != "" {
			r.Header.Set("x-amz-sns-subscription-arn", d.subscription)
		}
		if d.raw {
			r.Header.Set("x-amz-sns-rawdelivery", "true")
		}
		if resp, err := listeners.Do(r); err == nil {
			resp.Body.Close()
		}
	}()
}

// introduce asks a listener to confirm its subscription.
func (c *Cloud) introduce(t *topic, s *subscription) {
	body, err := json.Marshal(map[string]string{
		"Type": "SubscriptionConfirmation", "MessageId": c.env.UUID(), "Token": s.token, "TopicArn": t.arn, "Timestamp": c.env.Now().Format("2006-01-02T15:04:05.000Z"),
		"Message":      "You have chosen to subscribe to the topic " + t.arn + ".\nTo confirm the subscription, visit the SubscribeURL included in this message.",
		"SubscribeURL": s.base + "/?" + url.Values{"Action": {"ConfirmSubscription"}, "TopicArn": {t.arn}, "Token": {s.token}}.Encode(), "SignatureVersion": "1",
	})
	if err == nil { // of texts alone
		delivery{endpoint: s.endpoint, kind: "SubscriptionConfirmation", topic: t.arn, body: body}.post()
	}
}

// send posts a notice to a listener, in its envelope or raw.
func (c *Cloud) send(t *topic, s *subscription, n *notice, text string) error {
	d := delivery{endpoint: s.endpoint, kind: "Notification", topic: t.arn, subscription: s.arn(t), raw: s.attributes["RawMessageDelivery"] == "true", body: []byte(text)}
	if !d.raw {
		envelope, err := n.envelope(t, text)
		if err != nil {
			return err
		}
		d.body = []byte(envelope)
	}
	d.post()
	return nil
}
