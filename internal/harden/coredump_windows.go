package harden

// NoCoreDumps does nothing: Windows writes no dump of a Go program's memory unless an administrator asks for it.
func NoCoreDumps() error { return nil }
