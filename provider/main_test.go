package provider

import (
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	if Supervise() {
		return
	}
	os.Exit(m.Run())
}
