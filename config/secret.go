package config

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// redacted stands where a sensitive value would.
const redacted = "(redacted)"

// Secret is a value that no formatting, logging or encoding shows. The zero value is an empty secret.
type Secret struct {
	// A pointer, so that even fmt's reflection over an unexported field prints an address and not the value.
	value *string
}

// NewSecret keeps value out of sight.
func NewSecret(value string) Secret {
	if value == "" {
		return Secret{}
	}
	return Secret{value: &value}
}

// Reveal returns the value itself: for the one call that needs it.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// IsZero says that there is no value.
func (s Secret) IsZero() bool { return s.value == nil }

// String is "(redacted)", or "" when there is no value.
func (s Secret) String() string {
	if s.IsZero() {
		return ""
	}
	return redacted
}

// Format redacts under every verb of fmt.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// MarshalText redacts in JSON and in every other encoding that asks for text.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue redacts in logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// String lists the settings that the command knows as name=value, sensitive ones redacted.
func (c Config) String() string {
	var b strings.Builder
	b.WriteString(string(c.Command))
	for _, s := range Settings() {
		if !s.Serves(c.Command) {
			continue
		}
		fmt.Fprintf(&b, " %s=%q", s.Name, s.show(&c))
	}
	return b.String()
}

// GoString is String: %#v shows no more than %v.
func (c Config) GoString() string { return c.String() }

// Format is String under every verb.
func (c Config) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, c.String()) }

// MarshalText is String.
func (c Config) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// LogValue is a group with the settings that the command knows, sensitive ones redacted.
func (c Config) LogValue() slog.Value {
	attrs := []slog.Attr{slog.String("command", string(c.Command))}
	for _, s := range Settings() {
		if s.Serves(c.Command) {
			attrs = append(attrs, slog.String(s.Name, s.show(&c)))
		}
	}
	return slog.GroupValue(attrs...)
}
