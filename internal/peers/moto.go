package peers

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Account is the account that moto gives to the keys of AWSEnv.
const Account = "123456789012"

// StartMoto starts moto_server on a free port of 127.0.0.1, waits until it answers, and ends it with the test (or with
// the test binary, however that dies). It returns the endpoint, http://127.0.0.1:PORT. env is added to its environment
// as KEY=VALUE. The test is skipped when there is no moto_server.
func StartMoto(t testing.TB, env ...string) string {
	t.Helper()
	program := Program(t, "moto_server", "DRIFTLINE_MOTO")
	for attempt := 0; ; attempt++ { // the free port may be taken between asking for it and binding to it
		endpoint, err := startMoto(t, program, env)
		if err == nil {
			return endpoint
		}
		if attempt == 2 {
			t.Fatalf("moto_server does not start: %v", err)
		}
	}
}

func startMoto(t testing.TB, program string, env []string) (string, error) {
	port := FreePort(t)
	log := filepath.Join(t.TempDir(), "moto.log")
	exited := Start(t, Process{
		Command: []string{program, "-H", "127.0.0.1", "-p", port},
		Env:     append(os.Environ(), env...),
		Log:     log,
	})
	endpoint := "http://127.0.0.1:" + port
	if err := Ready(t.Context(), endpoint+"/moto-api/data.json", exited, time.Minute); err != nil {
		text, _ := os.ReadFile(log)
		return "", fmt.Errorf("%w\n%s", err, text)
	}
	return endpoint, nil
}

// AWSEnv is the environment, as KEY=VALUE, that makes SDKs, Terraform, boto3 and the aws CLI talk to endpoint alone:
// no profile, no instance metadata, no shared files of the person who runs the test.
func AWSEnv(endpoint string) []string {
	return []string{
		"AWS_ENDPOINT_URL=" + endpoint,
		"AWS_ACCESS_KEY_ID=test",
		"AWS_SECRET_ACCESS_KEY=test",
		"AWS_REGION=us-east-1",
		"AWS_DEFAULT_REGION=us-east-1",
		"AWS_EC2_METADATA_DISABLED=true",
		"AWS_CONFIG_FILE=" + os.DevNull,
		"AWS_SHARED_CREDENTIALS_FILE=" + os.DevNull,
	}
}

// FreePort is a TCP port of 127.0.0.1 that nothing listened on a moment ago.
func FreePort(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// Process is a program to run beside a test.
type Process struct {
	Command []string
	Dir     string   // working directory, "" for the test's own
	Env     []string // whole environment, nil for the test's own
	Log     string   // file that its output goes to

	EndsWithInput bool // it ends by itself when its standard input does, and needs no guardian
}

// guardian runs its arguments as a child until its own standard input ends, which happens when the test closes the pipe
// and also when the test binary is killed: no peer outlives a test.
// Standard input goes through descriptor 3, since a shell gives its background jobs an empty one.
const guardian = `exec 3<&0; "$@" </dev/null 3<&- & child=$!
(read -r _ <&3; kill "$child") >/dev/null 2>&1 & reader=$!
wait "$child"; status=$?; kill "$reader" 2>/dev/null; exit "$status"`

// Start runs a program until the test ends. The channel is closed when the program exits.
func Start(t testing.TB, p Process) (exited <-chan struct{}) {
	t.Helper()
	output, err := os.Create(p.Log)
	if err != nil {
		t.Fatal(err)
	}
	defer output.Close()
	arguments := p.Command
	if !p.EndsWithInput {
		arguments = append([]string{"sh", "-c", guardian, "sh"}, p.Command...)
	}
	command := exec.Command(arguments[0], arguments[1:]...)
	command.Dir, command.Env, command.Stdout, command.Stderr = p.Dir, p.Env, output, output
	stdin, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatalf("%s: %v", strings.Join(p.Command, " "), err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = command.Wait() // however it ends, it has ended
	}()
	t.Cleanup(func() {
		_ = stdin.Close()
		select {
		case <-done:
		case <-time.After(10 * time.Second):
			_ = command.Process.Kill()
			<-done
		}
	})
	return done
}

// Ready waits until url answers with a status below 500, the program exits, or the time is over.
func Ready(ctx context.Context, url string, exited <-chan struct{}, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for {
		if answers(ctx, url) {
			return nil
		}
		select {
		case <-exited:
			return fmt.Errorf("exited before %s answered", url)
		case <-ctx.Done():
			return fmt.Errorf("%s did not answer within %s", url, limit)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func answers(ctx context.Context, url string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	return response.StatusCode < 500
}
