package main

import (
	"io"
	"strconv"

	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/internal/secrets"
)

// withhold takes credentials out of the parts of a report that no room judges: what resources are called and tagged with,
// and what others said of them.
func withhold(found *drift.Report, detector *secrets.Detector) {
	resource := func(r *drift.Resource) {
		if detector.Secret("name", r.Name) {
			r.Name = secrets.Withheld
		}
		var tags map[string]string
		for key, value := range r.Tags {
			if !detector.Secret("tags["+strconv.Quote(key)+"]", value) {
				continue
			}
			if tags == nil {
				tags = map[string]string{}
			}
			tags[key] = secrets.Withheld
		}
		if tags == nil {
			return
		}
		for key, value := range r.Tags {
			if tags[key] == "" {
				tags[key] = value
			}
		}
		r.Tags = tags
	}
	for i := range found.Managed {
		resource(&found.Managed[i].Resource)
	}
	for i := range found.Deleted {
		resource(&found.Deleted[i].Resource)
	}
	for i := range found.Drifted {
		resource(&found.Drifted[i].Resource)
	}
	for i := range found.Unmanaged {
		resource(&found.Unmanaged[i].Resource)
	}
	for i := range found.Owned {
		resource(&found.Owned[i].Resource)
	}
	for i := range found.Ignored {
		resource(&found.Ignored[i].Resource)
	}
	for i := range found.Skipped {
		found.Skipped[i].Reason = detector.Strip(found.Skipped[i].Reason)
	}
}

// guarded is a log without the lines that hold a credential; nil for no log.
func guarded(log io.Writer, detector *secrets.Detector) io.Writer {
	if log == nil {
		return nil
	}
	return guard{log, detector}
}

type guard struct {
	log      io.Writer
	detector *secrets.Detector
}

func (g guard) Write(text []byte) (int, error) {
	if !g.detector.Secret("", string(text)) {
		return g.log.Write(text)
	}
	_, err := io.WriteString(g.log, "a line is left out, because it holds a credential\n")
	return len(text), err
}
