// Package sandbox holds what is measured and proven of the sandbox cloud as a
// process: that killing it loses nothing (kill_test.go), and what it costs
// under load (load_test.go).
//
//	go test ./bench/sandbox -run Killed -kills 500 -v
//	go test ./bench/sandbox -run xxx -bench . -benchtime 3s
//	go test ./bench/sandbox -run Memory -large -v
package sandbox
