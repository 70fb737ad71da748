package aws

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/internal/peers"
)

// memory is what moto has answered to the listings of the seeded estate. From memory the whole catalogue is listed in a
// fraction of a second, so that each of its actions can be denied.
type memory struct {
	config  awssdk.Config // by which it was asked
	account string

	mu      sync.Mutex
	types   []string // that were listed
	answers map[string]answer
}

type answer struct {
	Status int
	Header http.Header
	Body   string
}

// question is what a call asks, without when and by whom.
func question(c apiCall) string {
	return c.service + " " + c.operation + "?" + c.query.Encode() + "\n" + c.body
}

// memoryFile is a memory that was written down, for tests without peers. A type that has joined the catalogue since is not
// in it, and is left to the tests with moto; of one whose listing has changed the answers are missing.
const memoryFile = "testdata/moto.json.gz"

// rememberMoto lists every type that moto can list in the estate of the seeds, and remembers each answer. With
// DRIFTLINE_RECORD_MOTO set it is written down.
func rememberMoto(t *testing.T) *memory {
	t.Helper()
	startMoto(t)
	seed(t, "us-east-1", "drift")
	inventory, err := New(t.Context(), Options{Include: inMoto})
	if err != nil {
		t.Fatal(err)
	}
	m := &memory{config: inventory.accounts[0].config, account: inventory.accounts[0].id, answers: map[string]answer{}}
	m.types = where(Types(), inMoto)
	inventory.accounts[0].config.HTTPClient = wire(m.ask)
	collect(t.Context(), t, inventory) // what moto does not answer is part of the memory too
	if len(m.answers) < 500 {
		t.Fatalf("moto has answered only %d questions", len(m.answers))
	}
	if os.Getenv("DRIFTLINE_RECORD_MOTO") != "" {
		m.write(t)
	}
	return m
}

type written struct {
	Types   []string
	Answers map[string]answer
}

func (m *memory) write(t *testing.T) {
	t.Helper()
	var file bytes.Buffer
	compressed, err := gzip.NewWriterLevel(&file, gzip.BestCompression)
	if err == nil {
		err = json.NewEncoder(compressed).Encode(written{m.types, m.answers})
	}
	if err := errors.Join(err, compressed.Close(), os.WriteFile(memoryFile, file.Bytes(), 0o644)); err != nil {
		t.Fatal(err)
	}
}

// remember reads what was written down.
func remember(t *testing.T) *memory {
	t.Helper()
	file, err := os.Open(memoryFile)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var w written
	compressed, err := gzip.NewReader(file)
	if err == nil {
		err = json.NewDecoder(compressed).Decode(&w)
	}
	if err != nil {
		t.Fatal(err)
	}
	return &memory{
		config: awssdk.Config{Region: "us-east-1", BaseEndpoint: awssdk.String("http://127.0.0.1"), Credentials: credentials.NewStaticCredentialsProvider("test", "test", "")},
		// A type that moto no longer stands for has a recording of its own.
		account: peers.Account, answers: w.Answers, types: where(w.Types, func(typ string) bool { _, known := byType()[typ]; return known && inMoto(typ) }),
	}
}

// ask answers from memory, and asks the cloud what it does not remember.
func (m *memory) ask(c apiCall, r *http.Request) (*http.Response, error) {
	m.mu.Lock()
	a, known := m.answers[question(c)]
	m.mu.Unlock()
	if known {
		return a.replay(r), nil
	}
	r.Body = io.NopCloser(strings.NewReader(c.body))
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	a = answer{response.StatusCode, http.Header{}, string(body)}
	for _, name := range []string{"Content-Type", "X-Amzn-Errortype", "X-Amz-Crc32", "X-Amz-Bucket-Region", "Smithy-Protocol"} {
		if value := response.Header.Get(name); value != "" {
			a.Header.Set(name, value)
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.answers[question(c)] = a
	return a.replay(r), nil
}

func (a answer) replay(r *http.Request) *http.Response {
	return &http.Response{StatusCode: a.Status, Status: http.StatusText(a.Status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.Header.Clone(), Body: io.NopCloser(strings.NewReader(a.Body)), ContentLength: int64(len(a.Body)), Request: r}
}

// recall answers from memory alone.
func (m *memory) recall(t *testing.T) wire {
	return func(c apiCall, r *http.Request) (*http.Response, error) {
		a, known := m.answers[question(c)]
		if !known {
			t.Errorf("moto was not asked: %s\nif the listing has changed: make record-moto", question(c))
			return reply(r, http.StatusNotImplemented, ""), nil
		}
		return a.replay(r), nil
	}
}

// inventory lists types of the one region over the wire, as New would have it.
func (m *memory) inventory(over wire, types ...string) *Inventory {
	config := m.config.Copy()
	config.HTTPClient = over
	config.Retryer = func() awssdk.Retryer { return newRetryer(time.Millisecond) }
	return &Inventory{
		accounts: []account{{id: m.account, config: config, regions: []string{config.Region}}},
		options: Options{Regions: []string{config.Region}, Concurrency: 8, CallTimeout: time.Minute,
			Include: func(typ string) bool { return slices.Contains(types, typ) }},
		config: config,
	}
}

// signedAs are the IAM prefixes of services whose requests are signed for another name.
var signedAs = map[string]string{"monitoring": "cloudwatch", "sesv2": "ses"}

// actionOf is the IAM action that allows a call.
func actionOf(c apiCall, r *http.Request) string {
	prefix, name := cmp.Or(signedAs[c.service], c.service), middleware.GetOperationName(r.Context())
	if prefix == "apigateway" { // its actions are HTTP's methods
		return prefix + ":" + r.Method
	}
	return prefix + ":" + cmp.Or(spelled[name], name)
}

// called is over with each call's action noted.
func called(over wire, actions *sync.Map) wire {
	return func(c apiCall, r *http.Request) (*http.Response, error) {
		actions.Store(actionOf(c, r), true)
		return over(c, r)
	}
}

func sorted(set *sync.Map) []string {
	var list []string
	set.Range(func(name, _ any) bool { list = append(list, name.(string)); return true })
	slices.Sort(list)
	return list
}

// seen is what an inventory tells of a type: its resources by import ID, each with all that is known of it, and its skips.
type seen struct {
	listed map[string]string
	skips  []string
}

// survey runs an inventory and sorts what it tells by type.
func survey(t *testing.T, inventory *Inventory) map[string]*seen {
	t.Helper()
	all := map[string]*seen{}
	of := func(typ string) *seen {
		if all[typ] == nil {
			all[typ] = &seen{listed: map[string]string{}}
		}
		return all[typ]
	}
	listed, skips := collect(t.Context(), t, inventory)
	for _, l := range listed {
		of(l.Type).listed[l.ImportID] += asText(t, l)
	}
	for _, s := range skips {
		of(s.Type).skips = append(of(s.Type).skips, fmt.Sprintf("%s: %s; %s", s.What, s.Reason, s.Remedy))
	}
	for _, s := range all {
		slices.Sort(s.skips)
	}
	return all
}

func asText(t *testing.T, l drift.Listed) string {
	t.Helper()
	text, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func (s *seen) equal(other *seen) bool {
	if s == nil || other == nil {
		return s == other
	}
	return maps.Equal(s.listed, other.listed) && slices.Equal(s.skips, other.skips)
}
