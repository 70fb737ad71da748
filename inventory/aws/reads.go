package aws

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

// readsTable says which IAM actions the AWS provider's own reads of a type take, as a proxy between it and a simulated AWS
// saw them: a type and its actions to a line. TestProviderReads records it, and fails when the provider asks for more.
//
//go:embed reads.txt
var readsTable string

// reads are its lines by type.
var reads = sync.OnceValue(func() map[string][]string {
	table := map[string][]string{}
	for line := range strings.Lines(readsTable) {
		if words := strings.Fields(line); len(words) > 0 && !strings.HasPrefix(line, "#") {
			table[words[0]] = words[1:]
		}
	}
	return table
})

// Reads are the IAM actions by which the AWS provider reads a resource of a type, sorted. It is not known for a type that
// has never been read from a simulated AWS.
func Reads(typ string) (actions []string, known bool) {
	actions, known = reads()[typ]
	return slices.Clone(actions), known
}
