package repl

import "testing"

func TestTypeOfAnEarlierType(t *testing.T) {
	t.Parallel()
	s := newTestSession(t)
	s.value("type Y int")
	s.value("type X Y")
	s.value("type Z = Y")
	if got := s.value(`fmt.Sprintf("%T %T %v", X(3), Z(4), Z(4)+Y(X(1)))`); got != `"main.X main.Y 5"` {
		t.Errorf("got %s", got)
	}
}
