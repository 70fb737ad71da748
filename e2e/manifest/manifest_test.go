// Package manifest holds the Kubernetes example to Kubernetes' own types and the Dockerfile to BuildKit's own checks, and runs
// the one's image as the other asks. It is a module of its own, so that nothing of them comes near what Driftline is built
// from, and it speaks to no cluster and no container engine.
package manifest

import (
	"bytes"
	"os"
	"testing"

	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

// TestCronJob reads every document strictly: a field that Kubernetes does not have, or has elsewhere, is a mistake.
func TestCronJob(t *testing.T) {
	text, err := os.ReadFile("../../examples/kubernetes/cronjob.yaml")
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for document := range bytes.SplitSeq(text, []byte("\n---\n")) {
		var head struct{ APIVersion, Kind string }
		if err := yaml.Unmarshal(document, &head); err != nil {
			t.Fatal(err)
		}
		kinds[head.APIVersion+" "+head.Kind]++
		var into any = &core.ServiceAccount{}
		if head.Kind == "CronJob" {
			into = &batch.CronJob{}
		}
		if err := yaml.UnmarshalStrict(document, into); err != nil {
			t.Errorf("%s: %v", head.Kind, err)
		}
		job, ok := into.(*batch.CronJob)
		if !ok {
			continue
		}
		pod := job.Spec.JobTemplate.Spec.Template.Spec
		if pod.SecurityContext.SeccompProfile.Type != core.SeccompProfileTypeRuntimeDefault || pod.HostNetwork || pod.HostPID || pod.HostIPC {
			t.Errorf("the pod sees more than it must: %+v", pod)
		}
		for _, c := range pod.Containers {
			if c.SecurityContext.Privileged != nil && *c.SecurityContext.Privileged || len(c.Ports) > 0 {
				t.Errorf("the container may do more than it must: %+v", c)
			}
		}
	}
	if kinds["batch/v1 CronJob"] != 1 || kinds["v1 ServiceAccount"] != 1 {
		t.Errorf("%v", kinds)
	}
}

// cronJob is the example's.
func cronJob(t *testing.T) *batch.CronJob {
	t.Helper()
	text, err := os.ReadFile("../../examples/kubernetes/cronjob.yaml")
	if err != nil {
		t.Fatal(err)
	}
	_, document, found := bytes.Cut(text, []byte("\n---\n"))
	job := &batch.CronJob{}
	if err := yaml.UnmarshalStrict(document, job); err != nil || !found {
		t.Fatal(err)
	}
	return job
}
