package scanner

import (
	"cmp"

	"github.com/seed-e90528ae/driftline/drift"
)

// whereabouts is what one state says about where its provider configurations work. Many types have neither an ARN nor a
// region (a route, a permission, a bucket's setting), and the region of a provider block is as often a variable of which
// only the run of Terraform knew the value: but what else was made by the same configuration tells.
type whereabouts map[configuration]*votes

// configuration is a provider configuration as a state names it.
type configuration struct{ source, alias string }

type votes struct{ accounts, regions map[string]int }

func configurationOf(i drift.Instance) configuration { return configuration{i.Provider, i.Alias} }

// see takes note of an instance whose identity names its place.
func (w whereabouts) see(i drift.Instance, account, region string) {
	of := w[configurationOf(i)]
	if of == nil {
		of = &votes{map[string]int{}, map[string]int{}}
		w[configurationOf(i)] = of
	}
	if account != "" {
		of.accounts[account]++
	}
	if region != "" && region != drift.Global {
		of.regions[region]++
	}
}

// of is where an instance's configuration works, by most of what is known to be its; "" where that does not tell.
func (w whereabouts) of(i drift.Instance) (account, region string) {
	v := w[configurationOf(i)]
	if v == nil {
		return "", ""
	}
	return most(v.accounts), most(v.regions)
}

// most is the name with the most votes, "" where two have as many.
func most(votes map[string]int) string {
	var first string
	for name, n := range votes {
		if n > votes[first] {
			first = name
		}
	}
	for name, n := range votes {
		if name != first && n == votes[first] {
			return ""
		}
	}
	return first
}

// place fills in account and region of an instance where its own attributes do not say: by its state, by the code, or by
// the run's own. The result says that its region is one of several that nothing has chosen from.
func (s *scan) place(i *drift.Instance, w whereabouts) (nowhere bool) {
	account, region := w.of(*i)
	codeAccount, codeRegion := s.providerScope(*i)
	nowhere = cmp.Or(i.Region, region, codeRegion) == "" && len(s.Regions) > 1
	i.Region = cmp.Or(i.Region, region, codeRegion, s.Region)
	i.Account = cmp.Or(i.Account, account, codeAccount, s.Account)
	return nowhere
}

// notThere is why a resource that was not found where the run itself works is not called deleted.
func notThere(i drift.Instance) *drift.Skipped {
	return &drift.Skipped{
		Reason: "it is not in " + i.Region + ", and neither its state nor its provider block says that it should be there",
		Remedy: "give its provider block a region, written out, or look for it by hand",
	}
}
