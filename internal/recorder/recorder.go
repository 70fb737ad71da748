package recorder

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"testing"
)

// Recorder is a running proxy.
type Recorder struct {
	URL string // http://127.0.0.1:PORT

	mu    sync.Mutex
	calls []Call
	fault func(Call) http.Handler
	stop  chan struct{} // closed with the test: lets requests go that never get an answer
}

// Start runs a proxy in front of target until the test ends. What answers by naming itself (queue URLs) goes on to name
// the target, so that identities do not depend on the way a request took.
func Start(t testing.TB, target string) *Recorder {
	t.Helper()
	to, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	r := &Recorder{stop: make(chan struct{})}
	onward := &httputil.ReverseProxy{
		Rewrite:   func(p *httputil.ProxyRequest) { p.SetURL(to); p.Out.Host = to.Host },
		Transport: &http.Transport{MaxIdleConnsPerHost: 64},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) { // a client that gave up, or a target that ended
			http.Error(w, err.Error(), http.StatusBadGateway)
		},
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		call, err := Classify(request)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if handler := r.note(call); handler != nil {
			handler.ServeHTTP(w, request)
			return
		}
		onward.ServeHTTP(w, request)
	}))
	t.Cleanup(func() { close(r.stop); server.Close() })
	r.URL = server.URL
	return r
}

// note records a call and returns what answers it instead of the target, nil for nothing.
func (r *Recorder) note(c Call) http.Handler {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls = append(r.calls, c)
	if r.fault == nil {
		return nil
	}
	return r.fault(c)
}

// Take returns the calls since it was last called.
func (r *Recorder) Take() []Call {
	r.mu.Lock()
	defer r.mu.Unlock()
	calls := r.calls
	r.calls = nil
	return calls
}

// Fault sets what answers a call instead of the target, nil for nothing. A nil function ends all faults.
func (r *Recorder) Fault(fault func(Call) http.Handler) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fault = fault
}

// Status answers with a status code and a text that no SDK understands.
func Status(code int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "<html>upstream said no", code)
	})
}

// Garbage answers with success and with bytes that are of no protocol.
func Garbage() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/octet-stream")
		_, _ = w.Write([]byte("\x00\xff}]>"))
	})
}

// Never does not answer until the client gives up or the test ends.
func (r *Recorder) Never() http.Handler {
	return http.HandlerFunc(func(_ http.ResponseWriter, request *http.Request) {
		select {
		case <-request.Context().Done():
		case <-r.stop:
		}
	})
}
