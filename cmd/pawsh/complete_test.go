package main

import "testing"

// Tab at the prompt of the real program.
func TestPromptCompletes(t *testing.T) {
	t.Parallel()
	tm := start(t, t.TempDir())
	tm.expect(prompt)
	tm.send("ec2.GetAllZ")
	tm.expect("GetAllZ")
	tm.send("\t")
	tm.expect("ones") // what completion adds
	tm.send("(")
	tm.expect("«opts ...GetAllZonesOption»") // the signature of the call
	tm.send(")[0]\r")
	tm.expect("Zone:us-east-1a")
	tm.expect(prompt)

	// A string is completed by what there is in the cloud.
	tm.send("ec2.CreateKeyPair(\"paws\")\r")
	tm.expect("KeyPair:paws")
	tm.expect(prompt)
	tm.send("ec2.GetKeyPair(\"")
	tm.expect("GetKeyPair(\"")
	tm.send("\t")
	tm.expect("paws\"")
	tm.send(")\r")
	tm.expect("KeyPair:paws")
	tm.expect(prompt)

	// F1 shows the documentation and keeps the line.
	tm.send("ec2.TerminateInstances")
	tm.expect("TerminateInstances")
	tm.send("\x1bOP")
	tm.expect("ends instances for good")
	tm.expect("ec2.TerminateInstances")
	tm.send("\x03")
	tm.expect("^C")
	tm.expect(prompt)
	tm.send(":quit\r")
	tm.ended(0)
}
