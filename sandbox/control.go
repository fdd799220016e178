package sandbox

import (
	"fmt"
	"time"

	"pawsh/sandbox/store"
)

// Now is the cloud's time.
func (s *Server) Now() time.Time { return s.env.Now() }

// Ahead is how far the cloud's clock is ahead of the true time.
func (s *Server) Ahead() time.Duration { return s.clock.Offset() }

// SetClock sets the cloud's clock by what people say: +1h, +2d, a time, or
// real for the true one. What was to happen by then has happened when it
// returns: boots, snapshots, alarms, expiry and lifecycle.
func (s *Server) SetClock(text string) error {
	d, err := s.clock.Parse(text)
	if err != nil {
		return err
	}
	s.change.Lock()
	defer s.change.Unlock()
	c := s.cloud.Load()
	c.account.setAhead(d)
	s.clock.SetOffset(d)
	c.settle()
	return s.commit()
}

// Reset forgets all that is in the cloud and sets the clock back to the true
// time. Address and root key stay.
func (s *Server) Reset() error {
	s.change.Lock()
	defer s.change.Unlock()
	c := newCloud(s.env, s.cloud.Load().account.key(), s.bodies, s.kept, s.sync, s.log)
	return s.replace(c)
}

// Save writes all that is in the cloud to a file, whole or not at all.
func (s *Server) Save(path string) error {
	s.change.Lock()
	defer s.change.Unlock()
	return store.Export(path, s.cloud.Load().units()...)
}

// Load takes a saved cloud in the place of this one. Address and root key
// stay, and the clock is as far ahead as it was. After an error the cloud is
// the one before.
func (s *Server) Load(path string) error {
	s.change.Lock()
	defer s.change.Unlock()
	root := s.cloud.Load().account.key()
	c := newCloud(s.env, root, s.bodies, s.kept, s.sync, s.log)
	if err := store.Import(path, s.bodies, c.units()...); err != nil {
		return err
	}
	if id := c.account.id; id != s.env.AccountID() {
		return fmt.Errorf("load %s: it is of account %s, this sandbox of %s", path, id, s.env.AccountID())
	}
	c.users.SetRoot(c.account.key().id, root.id, root.secret)
	c.account.setRoot(root)
	return s.replace(c)
}

// replace serves another cloud from now on. Requests under way end on the old
// one.
func (s *Server) replace(c *cloud) error {
	if s.dir != nil {
		if err := s.dir.Replace(c.units()...); err != nil {
			return err
		}
	}
	s.clock.SetOffset(c.account.ahead())
	old := s.cloud.Swap(c)
	old.close()
	return nil
}

// sync keeps what was done in a machine.
func (s *Server) sync() {
	if err := s.commit(); err != nil {
		s.log.Print(err)
	}
}

// commit waits until what has changed is on disk, where there is one.
func (s *Server) commit() error {
	if s.dir == nil {
		return nil
	}
	return s.dir.Commit()
}
