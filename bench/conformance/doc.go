// Package conformance runs other people's S3 test suites against the sandbox:
//
//	go test -v ./bench/conformance -args -versitygw PATH [-only REGEXP] [-text]
//
// Each test runs in a process of its own against a cloud of its own, and its
// name is reported as passed or failed. known.txt names the tests that must
// fail and why: where the suite asks for what AWS does otherwise, AWS's rules
// stand. A tool that is not installed is named and its run skipped.
package conformance
