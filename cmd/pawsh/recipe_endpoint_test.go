package main

import "testing"

func TestOnLoopback(t *testing.T) {
	t.Parallel()
	for endpoint, want := range map[string]bool{
		"http://127.0.0.1:5000": true, "http://localhost:5000/": true, "http://[::1]:8773/services": true,
		"": false, "https://ec2.us-east-1.amazonaws.com": false, "http://localhost.example": false, "http://10.0.0.7": false, "127.0.0.1": false,
	} {
		if got := onLoopback(endpoint); got != want {
			t.Errorf("%q: %v", endpoint, got)
		}
	}
}
