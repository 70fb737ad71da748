package assessment

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/seed-e90528ae/driftline/drift"
)

// infracostReport is what of Infracost's JSON is read.
// https://www.infracost.io/docs/features/cli_commands/#breakdown
type infracostReport struct {
	Version  string // of the format
	Currency string
	Projects []struct {
		Breakdown struct {
			Resources []struct {
				Name        string
				MonthlyCost *string // null of what depends on use
			}
		}
	}
}

const whatCost = "monthly cost"

// NoInfracost says in the report that costs were asked for and nobody is there to tell.
func NoInfracost(found *drift.Report) {
	skip(found, whatCost, errors.New("infracost is not on PATH"), "install Infracost in a step before this one, or leave infracost_api_key out")
}

// Cost has Infracost estimate what the unmanaged resources cost, root module by root module, and puts it into the report.
// Infracost sends attributes of the resources to its own service, whose key this is. An estimate that fails becomes
// skipped.
func Cost(ctx context.Context, found *drift.Report, key string, o Options) {
	settings := append(environ(o.Environ, "INFRACOST_"), "INFRACOST_API_KEY="+key, "INFRACOST_SKIP_UPDATE_CHECK=true",
		"INFRACOST_ENABLE_CLOUD=false", "INFRACOST_ENABLE_CLOUD_UPLOAD=false", "INFRACOST_NO_COLOR=true")
	var roots []string
	for _, u := range found.Unmanaged {
		if u.File != "" && !slices.Contains(roots, u.RootModule) {
			roots = append(roots, u.RootModule)
		}
	}
	slices.Sort(roots)
	costs := map[string]float64{} // root module and address → a month
	currency := ""
	err := laidOut(o.Files, func(dir string) error {
		for _, root := range roots {
			out, err := o.ask(ctx, dir, settings, "breakdown", "--path", filepath.Join(dir, filepath.FromSlash(root)), "--format", "json", "--log-level", "error")
			if err != nil {
				return err
			}
			var report infracostReport
			if err := json.Unmarshal(out, &report); err != nil {
				return fmt.Errorf("infracost's answer cannot be read: %w", err)
			}
			currency = report.Currency
			for _, project := range report.Projects {
				for _, r := range project.Breakdown.Resources {
					if r.MonthlyCost == nil {
						continue
					}
					cost, err := strconv.ParseFloat(*r.MonthlyCost, 64)
					if err != nil || math.IsInf(cost, 0) || math.IsNaN(cost) {
						return fmt.Errorf("infracost says that %s costs %q", r.Name, *r.MonthlyCost)
					}
					costs[root+"\x00"+r.Name] = math.Round(cost*100) / 100
				}
			}
		}
		return nil
	})
	if err != nil {
		skip(found, whatCost, err, "check the key and that Infracost's service can be reached, or leave infracost_api_key out")
		return
	}
	for i := range found.Unmanaged {
		u := &found.Unmanaged[i]
		if cost, ok := costs[u.RootModule+"\x00"+u.SuggestedAddress]; ok && u.File != "" {
			u.MonthlyCost = &cost
		}
	}
	found.Cost = &drift.Cost{Estimator: "Infracost", Currency: currency}
	found.Finish()
}
