package history

import "context"

// Warm reads what a search that finds nothing would have to read, a block at a
// time between the calls of others, until ctx ends. It returns when all is read.
func (s *Store) Warm(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refresh(); err != nil || s.index == nil {
		return err
	}
	for x := s.index; ctx.Err() == nil; {
		if more, err := s.more(); err != nil || !more || !s.breathe(x) {
			return err
		}
	}
	return ctx.Err()
}
