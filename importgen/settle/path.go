package settle

import (
	"strconv"
	"strings"
)

// step is one part of a change's path: a name, a key in brackets or an index.
type step struct {
	name  string // attribute or block; "" for the others
	key   string // of a map
	index int    // of a list, -1 for the others
}

// parsePath reads a path as drift.Change has it: tags["Name"], ingress[0].from_port.
func parsePath(path string) []step {
	var steps []step
	for path != "" {
		if rest, ok := strings.CutPrefix(path, "["); ok {
			quoted, err := strconv.QuotedPrefix(rest)
			if err == nil {
				key, _ := strconv.Unquote(quoted) // a quoted prefix unquotes
				steps = append(steps, step{key: key, index: -1})
				path = strings.TrimPrefix(rest[len(quoted):], "]")
				continue
			}
			number, after, _ := strings.Cut(rest, "]")
			index, err := strconv.Atoi(number)
			if err != nil {
				return nil
			}
			steps = append(steps, step{index: index})
			path = after
			continue
		}
		path = strings.TrimPrefix(path, ".")
		end := strings.IndexAny(path, ".[")
		if end < 0 {
			end = len(path)
		}
		steps = append(steps, step{name: path[:end], index: -1})
		path = path[end:]
	}
	return steps
}

// word is what a step asks for in an object or map.
func (s step) word() string {
	if s.name != "" {
		return s.name
	}
	return s.key
}
