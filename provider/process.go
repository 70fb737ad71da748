package provider

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/go-plugin/runner"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/seed-e90528ae/driftline/provider/internal/tfplugin"
)

// handshake is what every Terraform provider expects of its parent: a check against being run by hand, not a secret.
var handshake = plugin.HandshakeConfig{
	MagicCookieKey:   "TF_PLUGIN_MAGIC_COOKIE",
	MagicCookieValue: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
}

const (
	answerTimeout = 5 * time.Second // for a health check: a process that takes longer does not answer any more
	killTimeout   = 3 * time.Second // for the supervisor to end by itself once its pipe is closed
	stopTimeout   = time.Second     // for the provider to take note that the end is near
	deathTimeout  = 2 * time.Second // for a process to end after its connection broke
)

// process is one running provider plugin.
type process struct {
	conn        *grpc.ClientConn
	protocol    int // 5 or 6
	callTimeout time.Duration

	runner *supervised
	stderr *panicLine
	born   time.Time
	told   bool // has been asked for its schemas

	mu       sync.Mutex
	inflight int
	lost     *loss     // set once, when the process is found dead or is given up
	lastUsed time.Time // when inflight became 0
}

// loss is how a process was lost.
type loss struct {
	inflight int    // calls under way at that moment
	reason   string // "crashed (panic: …)", "was killed by signal 9", "stopped answering"
	fault    bool   // the plugin did it by itself, as far as one can tell
}

// errRefused says that the process was lost before the call began: take another one.
var errRefused = errors.New("provider process is gone")

// lostError says that the process was lost during the call.
type lostError struct{ *loss }

func (e lostError) Error() string { return e.reason }

// hungError says that a call was given up while the process went on answering others.
type hungError struct{ after time.Duration }

func (e hungError) Error() string { return fmt.Sprintf("did not answer within %s", e.after) }

// startProcess starts a plugin under a supervisor and completes the handshake.
func startProcess(ctx context.Context, binary pluginBinary, environ []string, callTimeout time.Duration, log io.Writer) (*process, error) {
	if os.Getenv(superviseEnv) != "" {
		// This very process was meant to be a supervisor; going on would start itself without end.
		return nil, errors.New("main or TestMain does not call provider.Supervise first")
	}
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find own executable: %w", err)
	}
	p := &process{callTimeout: callTimeout, stderr: &panicLine{next: log}, born: time.Now(), lastUsed: time.Now()}
	if p.runner, err = newSupervised(self, binary); err != nil {
		return nil, err
	}
	// go-plugin takes no context for a start: end the process under its hands.
	defer context.AfterFunc(ctx, func() { p.runner.Kill(context.Background()) })()
	config := &plugin.ClientConfig{
		HandshakeConfig:  handshake,
		VersionedPlugins: map[int]plugin.PluginSet{5: {}, 6: {}},
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		AutoMTLS:         true,
		SkipHostEnv:      true,
		Logger:           pluginLogger(log),
		Stderr:           p.stderr,
		RunnerFunc: func(_ hclog.Logger, spec *exec.Cmd, sockets string) (runner.Runner, error) {
			p.runner.sockets = sockets
			p.runner.cmd.Env = append(p.runner.cmd.Env, pluginEnviron(binary.source, environ)...)
			p.runner.cmd.Env = append(p.runner.cmd.Env, spec.Env...)
			return p.runner, nil
		},
	}
	client := plugin.NewClient(config)
	address, err := client.Start()
	if err == nil {
		p.protocol = client.NegotiatedVersion()
		if p.conn, err = dial(address, config.TLSConfig); err == nil {
			return p, nil
		}
	}
	p.kill()
	if line := p.stderr.line(); line != "" {
		err = fmt.Errorf("%w (%s)", err, line)
	}
	return nil, err
}

// dial connects to a plugin that has announced itself, by the certificates that go-plugin exchanged at its start. It
// stands in for go-plugin's own Client and Kill, which bring its older protocol's server along: that one calls methods
// by name, upon which the linker keeps every method of every cloud's client, two thirds of the program.
func dial(address net.Addr, certificates *tls.Config) (*grpc.ClientConn, error) {
	conn, err := grpc.NewClient("passthrough:///provider",
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, address.Network(), address.String())
		}),
		grpc.WithTransportCredentials(credentials.NewTLS(certificates)))
	if err != nil {
		return nil, err
	}
	go drain(conn)
	return conn, nil
}

// drain takes what the plugin prints, until the connection ends: a plugin waits for somebody to read it.
func drain(conn *grpc.ClientConn) {
	printed, err := conn.NewStream(context.Background(), &grpc.StreamDesc{ServerStreams: true}, "/plugin.GRPCStdio/StreamStdio")
	if err != nil {
		return
	}
	if printed.SendMsg(&emptypb.Empty{}) != nil || printed.CloseSend() != nil {
		return
	}
	for printed.RecvMsg(&emptypb.Empty{}) == nil { // what it says stays behind in fields that nobody declared
		continue
	}
}

func pluginLogger(log io.Writer) hclog.Logger {
	if log == nil {
		return hclog.NewNullLogger()
	}
	return hclog.New(&hclog.LoggerOptions{Name: "provider", Output: log, Level: hclog.Debug})
}

// call makes one call under the deadline. Its error is a lostError, a hungError, the context's own, or what the
// plugin answered.
func (p *process) call(ctx context.Context, method rpc, request, answer proto.Message) error {
	limited, cancel := context.WithTimeout(ctx, p.callTimeout)
	defer cancel()
	return p.explain(ctx, limited, p.callTimeout, invoke(limited, p.conn, p.protocol, method, request, answer))
}

// explain finds out what is behind a failed call. limited is ctx with the deadline of the call, which came after a time.
func (p *process) explain(ctx, limited context.Context, after time.Duration, err error) error {
	if err == nil {
		return nil
	}
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	if limited.Err() != nil || status.Code(err) == codes.DeadlineExceeded && due(limited) {
		if p.answers(ctx) {
			return hungError{after}
		}
		return lostError{p.lose("stopped answering", true)}
	}
	if p.answers(ctx) {
		return err // what the plugin itself answered, not a broken connection
	}
	return lostError{p.autopsy(ctx)}
}

// due says that a deadline is here or about to be: the plugin's side of a call has the same one, and its clock may win.
func due(ctx context.Context) bool {
	deadline, ok := ctx.Deadline()
	return ok && time.Until(deadline) < time.Second
}

// answers says whether the process still serves anything.
func (p *process) answers(ctx context.Context) bool {
	if p.isLost() {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	_, err := grpc_health_v1.NewHealthClient(p.conn).Check(ctx, &grpc_health_v1.HealthCheckRequest{Service: plugin.GRPCServiceName})
	return err == nil || status.Code(err) == codes.Unimplemented || status.Code(err) == codes.NotFound
}

// autopsy gives the process a moment to end after its connection broke, and says how it ended.
func (p *process) autopsy(ctx context.Context) *loss {
	select {
	case <-p.runner.exited:
	case <-time.After(deathTimeout):
		return p.lose("closed its connection", true)
	case <-ctx.Done():
		return p.lose("closed its connection", false)
	}
	code := p.runner.code
	if code > 128 {
		return p.lose(fmt.Sprintf("was killed by signal %d", code-128), false)
	}
	if line := p.stderr.line(); line != "" {
		return p.lose("crashed ("+line+")", true)
	}
	return p.lose(fmt.Sprintf("ended with exit code %d", code), true)
}

// lose marks the process as lost, once, and kills what is left of it. Later callers learn the first reason.
func (p *process) lose(reason string, fault bool) *loss {
	p.mu.Lock()
	if p.lost == nil {
		p.lost = &loss{inflight: p.inflight, reason: reason, fault: fault}
	}
	lost := p.lost
	p.mu.Unlock()
	p.runner.Kill(context.Background())
	return lost
}

func (p *process) isLost() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lost != nil
}

// begin counts a user of the process in; end counts it out. A lost process takes no more.
func (p *process) begin() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.lost == nil && p.runner.hasExited() {
		p.lost = &loss{inflight: p.inflight, reason: "ended", fault: false}
	}
	if p.lost != nil {
		return errRefused
	}
	p.inflight++
	return nil
}

func (p *process) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.inflight--
	p.lastUsed = time.Now()
}

// idle is since when nobody uses the process; ok is false while somebody does.
func (p *process) idle() (since time.Time, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lastUsed, p.inflight == 0
}

// stop tells the provider to end its work, then ends it.
func (p *process) stop() {
	if !p.isLost() && !p.runner.hasExited() {
		ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
		defer cancel()
		// Its answer changes nothing: the process is killed either way.
		_ = invoke(ctx, p.conn, p.protocol, rpcStop, &tfplugin.StopRequest{}, &tfplugin.StopResponse{})
	}
	p.lose("was closed", false)
	p.kill()
}

// kill ends the process and waits until it is gone.
func (p *process) kill() {
	p.runner.Kill(context.Background())
	if p.runner.started.Load() {
		<-p.runner.exited
	}
	if p.conn != nil {
		p.conn.Close()
	}
	os.RemoveAll(p.runner.sockets)
}

// supervised runs a plugin under a re-execution of this program: see Supervise.
type supervised struct {
	cmd            *exec.Cmd
	binary         string
	sockets        string         // the folder that go-plugin made for the plugin's socket
	lifeline       io.WriteCloser // the supervisor's standard input
	stdout, stderr io.ReadCloser
	started        atomic.Bool
	exited         chan struct{} // closed once the supervisor has been waited for
	code           int           // its exit code, valid then
}

var _ runner.Runner = (*supervised)(nil)

func newSupervised(self string, binary pluginBinary) (*supervised, error) {
	cmd := exec.Command(self, "supervise", binary.path) // the arguments are for whoever reads a process list
	cmd.Env = []string{superviseEnv + "=" + binary.path, abandonedEnv + "=" + binary.folder}
	prepareSupervisor(cmd)
	s := &supervised{cmd: cmd, binary: binary.path, exited: make(chan struct{})}
	var err error
	if s.lifeline, err = cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if s.stdout, err = cmd.StdoutPipe(); err != nil {
		return nil, err
	}
	if s.stderr, err = cmd.StderrPipe(); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *supervised) Start(context.Context) error {
	err := s.cmd.Start()
	s.started.Store(err == nil)
	return err
}

// Wait is called once, by go-plugin, after it has read all output.
func (s *supervised) Wait(context.Context) error {
	err := s.cmd.Wait()
	s.code = exitCode(err)
	close(s.exited)
	return err
}

// Kill closes the lifeline, upon which the supervisor kills the plugin and ends. It does not wait for that.
func (s *supervised) Kill(context.Context) error {
	// A word before the end: without it the supervisor takes it that Driftline was killed. It fails only where nobody is
	// left to hear it.
	_, _ = io.WriteString(s.lifeline, farewell)
	s.lifeline.Close()
	if !s.started.Load() {
		return nil
	}
	go func() {
		select {
		case <-s.exited:
		case <-time.After(killTimeout):
			s.cmd.Process.Kill()
		}
	}()
	return nil
}

func (s *supervised) hasExited() bool {
	select {
	case <-s.exited:
		return true
	default:
		return false
	}
}

func (s *supervised) Stdout() io.ReadCloser { return s.stdout }
func (s *supervised) Stderr() io.ReadCloser { return s.stderr }
func (s *supervised) Name() string          { return s.binary }

func (s *supervised) ID() string {
	if s.cmd.Process == nil {
		return ""
	}
	return fmt.Sprint(s.cmd.Process.Pid)
}

func (s *supervised) Diagnose(context.Context) string {
	return "the provider plugin ended without announcing itself; is it built for this system?"
}

func (s *supervised) PluginToHost(network, address string) (string, string, error) {
	return network, address, nil
}

func (s *supervised) HostToPlugin(network, address string) (string, string, error) {
	return network, address, nil
}

// panicLine watches a plugin's standard error for the line that says why it crashed. Only what the Go runtime itself
// says is kept: a panic's own text may hold values.
type panicLine struct {
	next io.Writer // may be nil

	mu      sync.Mutex
	partial string
	found   string
}

var runtimePanics = []string{"panic: runtime error: ", "panic: interface conversion: ", "panic: assignment to entry in nil map",
	"fatal error: "}

func (w *panicLine) Write(data []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for line := range strings.Lines(w.partial + string(data)) {
		if !strings.HasSuffix(line, "\n") && len(line) < 4096 {
			w.partial = line
			break
		}
		w.partial = ""
		w.look(strings.TrimSpace(line))
	}
	if w.next != nil {
		_, _ = w.next.Write(data)
	}
	return len(data), nil
}

func (w *panicLine) look(line string) {
	if w.found != "" {
		return
	}
	for _, prefix := range runtimePanics {
		if strings.HasPrefix(line, prefix) {
			w.found = clip(line, 200)
			return
		}
	}
	if strings.HasPrefix(line, "panic: ") {
		w.found = "panic"
	}
}

func (w *panicLine) line() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.found
}

// clip shortens a text to n runes.
func clip(text string, n int) string {
	if runes := []rune(text); len(runes) > n {
		return string(runes[:n]) + "…"
	}
	return text
}
