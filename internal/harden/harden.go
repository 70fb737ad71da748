// Package harden takes from this process, and from all that it starts, ways of leaking what is in its memory. It asks for
// no privilege and removes none.
package harden
