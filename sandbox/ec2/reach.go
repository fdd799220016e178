package ec2

// SSHAddress is the loopback address, host:port, at which the sshd of the
// machine with a public address really listens; "" where none does: there is no
// such machine, it does not run, or it was launched without a key pair.
func (c *Cloud) SSHAddress(publicIP string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, r := range c.regions {
		q := &call{region: r, now: r.env.Now()}
		r.settle(q.now)
		for _, x := range r.instances {
			if publicIP == "" || q.publicIP(x) != publicIP {
				continue
			}
			q.openSSH(x, publicIP)
			if x.listens {
				return q.machineOf(x).SSHAddress()
			}
		}
	}
	return ""
}
