package e2e

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// mostProviders watches the processes below pid until the context ends, and says how many of them were providers at once.
// It is 0 where the system keeps no /proc.
func mostProviders(ctx context.Context, pid int) int {
	most := 0
	for ctx.Err() == nil {
		most = max(most, providersBelow(pid))
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
		}
	}
	return most
}

func providersBelow(pid int) int {
	parents, providers := map[int]int{}, []int{}
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0
	}
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		// pid (name) state parent …: a name may hold anything, and has at most 15 bytes. (proc(5))
		before, after, _ := strings.Cut(string(text), "(")
		name, rest := after[:max(0, strings.LastIndex(after, ")"))], strings.Fields(after[strings.LastIndex(after, ")")+1:])
		id, err := strconv.Atoi(strings.TrimSpace(before))
		if err != nil || len(rest) < 2 {
			continue
		}
		parents[id], _ = strconv.Atoi(rest[1])
		if strings.HasPrefix(name, "terraform-provi") {
			providers = append(providers, id)
		}
	}
	count := 0
	for _, id := range providers {
		for id > 1 && id != pid {
			id = parents[id]
		}
		if id == pid {
			count++
		}
	}
	return count
}
