// Package s3bench measures the S3 bindings beside other tools, in one run:
//
//	go test -run Compare -v ./bench/s3 -args -compare
//	go test -run xxx -bench . ./bench/s3
//
// Tools that are not installed are left out and named.
package s3bench
