package config

import (
	"fmt"
	"strings"
)

// Mistake is one thing that is wrong with what was given. Where, Problem and Remedy are never empty.
type Mistake struct {
	Where   string // the flag, input or environment variable: `--region`
	Given   string // the value as it was given; "" when there was none or when it is sensitive
	Problem string // what is wrong with it
	Remedy  string // what to write instead
}

// Error is one line: --region "us-esat-1" is no AWS region; did you mean us-east-1?
func (m *Mistake) Error() string {
	subject := m.Where
	if m.Given != "" {
		subject += fmt.Sprintf(" %q", m.Given)
	}
	return fmt.Sprintf("%s %s; %s", subject, m.Problem, m.Remedy)
}

// UsageError holds every mistake of a command line and its environment, in the order of the settings table.
// A program ends with exit code 3 on it.
type UsageError struct {
	Mistakes []*Mistake
}

// Error is one line for a single mistake, and a headed list for several.
func (e *UsageError) Error() string {
	if len(e.Mistakes) == 1 {
		return e.Mistakes[0].Error()
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d mistakes in the flags and inputs:", len(e.Mistakes))
	for _, m := range e.Mistakes {
		b.WriteString("\n  - " + m.Error())
	}
	return b.String()
}

// Unwrap lets errors.As find each mistake.
func (e *UsageError) Unwrap() []error {
	errs := make([]error, len(e.Mistakes))
	for i, m := range e.Mistakes {
		errs[i] = m
	}
	return errs
}
