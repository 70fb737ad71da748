package importgen

import (
	"context"
	"fmt"
	"testing"

	"github.com/seed-e90528ae/driftline/drift"
)

// BenchmarkPlanningRounds measures what verification asks of a provider: plans and validations per block, over the
// traps of TestTraps.
func BenchmarkPlanningRounds(b *testing.B) {
	planner := &fakePlanner{types: map[string]fakeType{}}
	var items []Item
	for name, c := range traps {
		typ := c.resource.Type + "_" + name
		planner.types[typ] = c.typ
		for i := range 20 {
			r := c.resource
			r.Type, r.ImportID = typ, fmt.Sprintf("%s-%d", r.ImportID, i)
			items = append(items, Item{r, drift.Object{Value: object(c.typ.schema, c.object)}})
		}
	}
	var calls Calls
	for b.Loop() {
		result, err := Generate(context.Background(), items, Options{Planner: planner})
		if err != nil {
			b.Fatal(err)
		}
		calls = result.Calls
	}
	b.ReportMetric(float64(calls.Plan)/float64(len(items)), "plans/block")
	b.ReportMetric(float64(calls.Validate)/float64(len(items)), "validations/block")
	b.ReportMetric(float64(len(items))*float64(b.N)/b.Elapsed().Seconds(), "blocks/s")
}
