package check

import (
	"go/types"
	"maps"
)

// CheckAll checks cells that are to run one after the other, each with the
// names that those before it declare, and leaves nothing of them. failed is the
// index of the first that is wrong; the last cell has number n + len(srcs).
func (s *Scope) CheckAll(srcs []string, n int) (failed int, err error) {
	saved, outs, fallback := s.save(), maps.Clone(s.outs), s.fallback
	defer func() {
		s.restore(saved)
		s.outs, s.fallback = outs, fallback
	}()
	s.objs, s.packages = maps.Clone(s.objs), maps.Clone(s.packages)
	for i, src := range srcs {
		c, err := s.Check(src, n+i+1)
		if err != nil {
			return i, err
		}
		s.Commit(c)
	}
	return 0, nil
}

// Last is the type of the last value, nil when there is none.
func (s *Scope) Last() types.Type {
	if s.last[0] == nil {
		return nil
	}
	return s.last[0].Type()
}
