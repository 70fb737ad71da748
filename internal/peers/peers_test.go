package peers

import (
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestHoldsProvider(t *testing.T) {
	t.Parallel()
	platform := runtime.GOOS + "_" + runtime.GOARCH
	for name, tc := range map[string]struct {
		path string
		want bool
	}{
		"unpacked":       {awsProvider + "/5.100.0/" + platform + "/terraform-provider-aws", true},
		"packed":         {awsProvider + "/terraform-provider-aws_5.100.0_" + platform + ".zip", true},
		"other platform": {awsProvider + "/5.100.0/plan9_mips/terraform-provider-aws", false},
		"other provider": {"registry.terraform.io/hashicorp/random/1.0.0/" + platform + "/x", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			file := filepath.Join(dir, filepath.FromSlash(tc.path))
			if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			if got := holdsProvider(dir); got != tc.want {
				t.Errorf("got %v, want %v", got, tc.want)
			}
		})
	}
}

func TestStartEndsWhatItStarted(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("needs sh")
	}
	var exited <-chan struct{}
	t.Run("inner", func(t *testing.T) {
		exited = Start(t, Process{Command: []string{"sleep", "300"}, Log: filepath.Join(t.TempDir(), "log")})
		select {
		case <-exited:
			t.Error("ended before the test did")
		case <-time.After(100 * time.Millisecond):
		}
	})
	select {
	case <-exited:
	case <-time.After(15 * time.Second):
		t.Error("still running after its test")
	}
}

func TestReadyTellsOfAnExit(t *testing.T) {
	t.Parallel()
	exited := Start(t, Process{Command: []string{"true"}, Log: filepath.Join(t.TempDir(), "log")})
	err := Ready(t.Context(), "http://127.0.0.1:"+FreePort(t), exited, 30*time.Second)
	if err == nil || !strings.Contains(err.Error(), "exited before") {
		t.Errorf("got %v", err)
	}
}

func TestStartMoto(t *testing.T) {
	E2E(t)
	t.Parallel()
	if !answers(t.Context(), StartMoto(t)) {
		t.Error("moto does not answer")
	}
	if _, err := http.Get(StartMoto(t) + "/moto-api/"); err != nil {
		t.Error(err)
	}
	if config, err := os.ReadFile(CLIConfig(t)); err != nil || !strings.Contains(string(config), "filesystem_mirror") {
		t.Errorf("%s, %v", config, err)
	}
}
