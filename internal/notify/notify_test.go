package notify

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestPost(t *testing.T) {
	t.Parallel()
	var got string
	status := http.StatusOK
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = r.Method + " " + r.Header.Get("Content-Type") + " " + string(body)
		w.Header().Set("Location", "https://elsewhere.example.com/")
		w.WriteHeader(status)
	}))
	t.Cleanup(server.Close)
	secret := server.URL + "/services/T0/B0/hunter2"
	if err := Post(context.Background(), server.Client().Transport, secret, `2 drifted "x"`); err != nil || got != `POST application/json {"text":"2 drifted \"x\""}` {
		t.Errorf("%v, got %s", err, got)
	}
	for _, status = range []int{http.StatusFound, http.StatusForbidden, http.StatusInternalServerError} {
		err := Post(context.Background(), server.Client().Transport, secret, "x")
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%d: %v", status, err)
		}
	}
	server.Close()
	if err := Post(context.Background(), server.Client().Transport, secret, "x"); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("nobody there: %v", err)
	}
}
