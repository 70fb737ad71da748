package redact

import (
	"bytes"
	"io"
	"net/http"
	"sync"
)

// Writer replaces secrets in what passes through it, also those that come in several pieces. Its methods may be called
// from several goroutines.
type Writer struct {
	redactor *Redactor
	next     io.Writer

	mu     sync.Mutex
	held   string // may be the beginning of a secret
	inLine bool   // what was passed on last ended in the middle of a line
}

// Writer makes a Writer in front of another. It must be flushed at the end.
func (r *Redactor) Writer(next io.Writer) *Writer { return &Writer{redactor: r, next: next} }

// Unwrap is what the Writer passes on to.
func (w *Writer) Unwrap() io.Writer { return w.next }

// Write takes all of text. What may be the beginning of a secret it keeps until it knows.
func (w *Writer) Write(text []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.pass(w.clean(text)); err != nil {
		return 0, err
	}
	return len(text), nil
}

func (w *Writer) clean(text []byte) (clean []byte) {
	r := w.redactor
	if r == nil {
		return text
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	clean, w.held, _ = r.forms.replace(w.held + string(text))
	return clean
}

func (w *Writer) pass(text []byte) error {
	if len(text) > 0 {
		w.inLine = text[len(text)-1] != '\n'
	}
	_, err := w.next.Write(text)
	return err
}

// Past is the way past the Writer, for the commands that tell a workflow what to mask: each begins a line.
func (w *Writer) Past() io.Writer { return past{w} }

type past struct{ w *Writer }

func (p past) Write(line []byte) (int, error) {
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	text := line
	if p.w.inLine {
		text = append([]byte{'\n'}, line...)
	}
	return len(line), p.w.pass(text)
}

// Flush writes what was kept: no secret came of it.
func (w *Writer) Flush() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.held == "" {
		return nil
	}
	rest := w.redactor.String(w.held)
	w.held = ""
	return w.pass([]byte(rest))
}

// Transport replaces secrets in the bodies of requests. Headers go as they are: that is where credentials belong.
func (r *Redactor) Transport(next http.RoundTripper) http.RoundTripper { return transport{r, next} }

type transport struct {
	redactor *Redactor
	next     http.RoundTripper
}

func (t transport) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.Body == nil || request.Body == http.NoBody {
		return t.next.RoundTrip(request)
	}
	body, err := io.ReadAll(request.Body)
	if err := closing(request.Body, err); err != nil {
		return nil, err
	}
	body = t.redactor.Bytes(body)
	clean := request.Clone(request.Context()) // a RoundTripper must not change its request
	clean.Body = io.NopCloser(bytes.NewReader(body))
	clean.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	clean.ContentLength = int64(len(body))
	return t.next.RoundTrip(clean)
}

func closing(c io.Closer, err error) error {
	if closed := c.Close(); err == nil {
		err = closed
	}
	return err
}
