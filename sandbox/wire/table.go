package wire

// table holds the names of one service on the wire.
type table struct{}
