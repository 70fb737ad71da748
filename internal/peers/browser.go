package peers

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"
)

// Browser is a headless Chromium with one page, driven over its pipe by the DevTools protocol.
// https://chromedevtools.github.io/devtools-protocol/
type Browser struct {
	t       testing.TB
	to      *os.File
	session string

	mu      sync.Mutex
	next    int
	waiting map[int]chan answer
	seen    []Event
	ended   chan struct{} // closed when Chromium is gone
}

// Event is something that the browser tells by itself.
type Event struct {
	Method string
	Params json.RawMessage
}

type answer struct {
	ID     int
	Result json.RawMessage
	Error  *struct{ Message string }
	Event
}

// StartBrowser starts Chromium until the test ends: DRIFTLINE_CHROMIUM, else the one on PATH under any of its names. The
// test is skipped when there is none.
func StartBrowser(t testing.TB) *Browser {
	t.Helper()
	program := os.Getenv("DRIFTLINE_CHROMIUM")
	err := error(nil)
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if program != "" {
			break
		}
		program, err = exec.LookPath(name)
	}
	Require(t, "chromium", err)
	readByIt, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	from, writtenByIt, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	// The sandbox cannot be had as root or in most containers; what is opened are files of the tests' own.
	cmd := exec.Command(program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
		"--remote-debugging-pipe", "--user-data-dir="+t.TempDir())
	cmd.ExtraFiles = []*os.File{readByIt, writtenByIt}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_, _ = readByIt.Close(), writtenByIt.Close()
	b := &Browser{t: t, to: to, waiting: map[int]chan answer{}, ended: make(chan struct{})}
	go b.listen(from)
	t.Cleanup(func() {
		_ = to.Close() // Chromium ends with its pipe
		select {
		case <-b.ended:
		case <-time.After(10 * time.Second):
			_ = cmd.Process.Kill()
		}
		_ = cmd.Wait()
	})
	var target struct{ TargetID string }
	b.into(&target, "Target.createTarget", map[string]any{"url": "about:blank"})
	var attached struct{ SessionID string }
	b.into(&attached, "Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true})
	b.session = attached.SessionID
	for _, domain := range []string{"Page", "Network", "Runtime"} {
		b.Do(domain+".enable", nil)
	}
	return b
}

// listen hands answers to those who wait and keeps events. Messages end in a NUL.
func (b *Browser) listen(from *os.File) {
	defer close(b.ended)
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, 256<<20)
	lines.Split(func(data []byte, atEOF bool) (int, []byte, error) {
		if i := bytes.IndexByte(data, 0); i >= 0 {
			return i + 1, data[:i], nil
		}
		return 0, nil, nil
	})
	for lines.Scan() {
		var a answer
		if json.Unmarshal(lines.Bytes(), &a) != nil {
			continue
		}
		b.mu.Lock()
		if a.ID == 0 {
			b.seen = append(b.seen, a.Event)
		} else if c := b.waiting[a.ID]; c != nil {
			c <- a
		}
		b.mu.Unlock()
	}
}

// Do calls a method of the protocol; the test ends when it fails.
func (b *Browser) Do(method string, params any) json.RawMessage {
	b.t.Helper()
	c := make(chan answer, 1)
	b.mu.Lock()
	b.next++
	id := b.next
	b.waiting[id] = c
	b.mu.Unlock()
	call := map[string]any{"id": id, "method": method}
	if params != nil {
		call["params"] = params
	}
	if b.session != "" {
		call["sessionId"] = b.session
	}
	message, err := json.Marshal(call)
	if err == nil {
		_, err = b.to.Write(append(message, 0))
	}
	if err != nil {
		b.t.Fatalf("%s: %v", method, err)
	}
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	select {
	case a := <-c:
		if a.Error != nil {
			b.t.Fatalf("%s: %s", method, a.Error.Message)
		}
		return a.Result
	case <-b.ended:
		b.t.Fatalf("%s: chromium has gone", method)
	case <-ctx.Done():
		b.t.Fatalf("%s: no answer in a minute", method)
	}
	return nil
}

func (b *Browser) into(to any, method string, params any) {
	b.t.Helper()
	if err := json.Unmarshal(b.Do(method, params), to); err != nil {
		b.t.Fatalf("%s: %v", method, err)
	}
}

// Events are those of a method so far.
func (b *Browser) Events(method string) (events []Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range b.seen {
		if e.Method == method {
			events = append(events, e)
		}
	}
	return events
}

// Open loads an address and waits until all of it is there.
func (b *Browser) Open(address string) {
	b.t.Helper()
	before := len(b.Events("Page.loadEventFired"))
	b.Do("Page.navigate", map[string]any{"url": address})
	for range 600 {
		if len(b.Events("Page.loadEventFired")) > before {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.t.Fatalf("%s was not loaded in half a minute", address)
}

// Eval is what an expression of JavaScript gives, in the page.
func (b *Browser) Eval(to any, expression string) {
	b.t.Helper()
	var r struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails json.RawMessage
	}
	b.into(&r, "Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true})
	if len(r.ExceptionDetails) > 0 {
		b.t.Fatalf("%s: %s", expression, r.ExceptionDetails)
	}
	if to != nil {
		if err := json.Unmarshal(r.Result.Value, to); err != nil {
			b.t.Fatalf("%s: %v in %s", expression, err, r.Result.Value)
		}
	}
}

// Press presses and releases a key of the keyboard: "Tab", "Enter", "/" …
func (b *Browser) Press(key string) {
	b.t.Helper()
	text := map[string]string{"Enter": "\r"}[key]
	if len(key) == 1 {
		text = key
	}
	code := map[string]int{"Tab": 9, "Enter": 13, " ": 32, "ArrowDown": 40}[key]
	for _, kind := range []string{"keyDown", "keyUp"} {
		params := map[string]any{"type": kind, "key": key, "windowsVirtualKeyCode": code}
		if kind == "keyDown" && text != "" {
			params["text"] = text
		}
		b.Do("Input.dispatchKeyEvent", params)
	}
}

// Show makes the window so large, and its colours light or dark.
func (b *Browser) Show(width, height int, scheme string) {
	b.t.Helper()
	b.Do("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false})
	b.Do("Emulation.setEmulatedMedia", map[string]any{"features": []any{map[string]any{"name": "prefers-color-scheme", "value": scheme}}})
}

// Shot is a picture of the page as PNG, as far down as it goes.
func (b *Browser) Shot() []byte {
	b.t.Helper()
	var shot struct{ Data []byte }
	b.into(&shot, "Page.captureScreenshot", map[string]any{"format": "png", "captureBeyondViewport": true})
	return shot.Data
}

func (e Event) String() string { return fmt.Sprintf("%s %s", e.Method, e.Params) }
