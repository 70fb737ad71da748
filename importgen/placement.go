package importgen

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
)

// place chooses the root module of every block: the one that a rule of the user's names; else the one whose resources it
// refers to, straight or through other unmanaged resources (networks that it only stands in left aside); else the one
// that refers to it; else, among those whose provider configurations fit its account and region, the only one, or the one
// whose tags, names and kinds of resources are most like its own; else the default one. No root module gets what none of
// its provider configurations can reach, but by a rule.
func place(blocks []*block, opts Options) {
	votes := referenceVotes(blocks, opts)
	accounts, alike := accountsOf(opts.Managed), newLikeness(opts.Managed)
	for i, b := range blocks {
		b.root, b.placement, b.confidence = choose(b, votes[i], opts, accounts, alike)
	}
	stub := defaultStub(blocks, opts)
	for _, b := range blocks {
		b.configure(opts, stub)
		b.local = localNameIn(b.root, b.Provider, opts)
	}
}

// accountsOf are the accounts that a root module manages something in, by its directory. Provider configurations seldom
// say which account they are for.
func accountsOf(managed []drift.Managed) map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for _, m := range managed {
		if m.Account == "" || m.RootModule == "" {
			continue
		}
		if out[m.RootModule] == nil {
			out[m.RootModule] = map[string]bool{}
		}
		out[m.RootModule][m.Account] = true
	}
	return out
}

// vote is what speaks for a root module.
type vote struct {
	count int
	via   string // address of a managed resource in it
}

// referenceVotes counts, per block, the managed resources of each root module that it refers to. Blocks that refer to
// none pass on the votes of the unmanaged resources that they refer to, and then of those that refer to them.
func referenceVotes(blocks []*block, opts Options) []map[string]vote {
	type ref struct{ typ, account, value string }
	managed := map[ref][]drift.Managed{}
	for _, m := range opts.Managed {
		if m.RootModule != "" {
			key := ref{m.Type, m.Account, m.ImportID}
			managed[key] = append(managed[key], m)
		}
	}
	owners := map[ref]int{}
	for i, b := range blocks {
		for _, attr := range attrsReferredTo[b.Type] {
			if v := member(b.Object.Value, attr); v != cty.NilVal && v.IsKnown() && !v.IsNull() && v.Type() == cty.String {
				owners[ref{b.Type, b.Account, v.AsString()}] = i
			}
		}
	}
	votes := make([]map[string]vote, len(blocks))
	neighbours := make([][]int, len(blocks))
	for i, b := range blocks {
		votes[i] = map[string]vote{}
		for _, m := range mentions(b.Type, b.conf, "") {
			for _, t := range m.targets {
				key := ref{t.typ, b.Account, m.key.value}
				if ground(t.typ) && !ground(b.Type) {
					continue
				}
				for _, found := range managed[key] {
					v := votes[i][found.RootModule]
					votes[i][found.RootModule] = vote{v.count + 1, cmp.Or(v.via, found.Address.String())}
				}
				if owner, ok := owners[key]; ok && owner != i {
					neighbours[i] = append(neighbours[i], owner)
				}
			}
		}
	}
	inherit(votes, neighbours)
	inherit(votes, reversed(neighbours))
	return votes
}

func reversed(neighbours [][]int) [][]int {
	out := make([][]int, len(neighbours))
	for i, list := range neighbours {
		for _, j := range list {
			out[j] = append(out[j], i)
		}
	}
	return out
}

// inherit hands votes on, from blocks that have some to neighbours that have none, until nothing moves.
func inherit(votes []map[string]vote, neighbours [][]int) {
	for {
		next := map[int]map[string]vote{}
		for i := range votes {
			if len(votes[i]) > 0 {
				continue
			}
			sum := map[string]vote{}
			for _, j := range neighbours[i] {
				for root, v := range votes[j] {
					sum[root] = vote{sum[root].count + 1, cmp.Or(sum[root].via, v.via)}
				}
			}
			if len(sum) > 0 {
				next[i] = sum
			}
		}
		if len(next) == 0 {
			return
		}
		for i, v := range next {
			votes[i] = v
		}
	}
}

func choose(b *block, votes map[string]vote, opts Options, accounts map[string]map[string]bool, alike likeness) (root, why, confidence string) {
	for _, rule := range opts.Placement {
		if rule.matches(b.Resource) {
			return rule.Dir, "a placement rule says so", certain
		}
	}
	byCount := slices.SortedFunc(maps.Keys(votes), func(x, y string) int {
		return cmp.Or(cmp.Compare(votes[y].count, votes[x].count), cmp.Compare(x, y))
	})
	tie := len(byCount) > 1 && votes[byCount[0]].count == votes[byCount[1]].count
	if len(byCount) > 0 && !tie {
		best := byCount[0]
		r := b.Resource
		if b.takesRegion(rootOf(opts, best)) {
			r = anywhere(r)
		}
		if i := rootIndex(opts.Roots, best); i >= 0 && fits(opts.Roots[i], r, opts.HomeRegion) {
			return best, "belongs with " + votes[best].via, high
		}
	}
	var fitting []string
	for _, r := range opts.Roots {
		foreign := b.Account != "" && len(accounts[r.Dir]) > 0 && !accounts[r.Dir][b.Account]
		if !foreign && hasProvider(r, b.Provider) && fits(r, b.Resource, opts.HomeRegion) {
			fitting = append(fitting, r.Dir)
		}
	}
	if len(fitting) == 1 && !tie {
		return fitting[0], "the only root module for " + scope(b.Resource), medium
	}
	if len(fitting) > 1 {
		among := fitting
		if tie {
			among = slices.DeleteFunc(slices.Clone(byCount), func(root string) bool {
				return votes[root].count < votes[byCount[0]].count || !slices.Contains(fitting, root)
			})
		}
		among = slices.DeleteFunc(slices.Clone(among), func(root string) bool { return b.lacksDefaultTags(root, opts) })
		if root, why, confidence := alike.most(b.Resource, among); root != "" {
			return root, why, confidence
		}
	}
	switch {
	case tie:
		return opts.DefaultRoot, "belongs with resources of " + strconv.Itoa(len(byCount)) + " root modules", low
	case len(fitting) == 0:
		return opts.DefaultRoot, "no root module for " + scope(b.Resource), low
	}
	return opts.DefaultRoot, "nothing says which of " + strconv.Itoa(len(fitting)) + " root modules", low
}

// lacksDefaultTags reports whether a resource has not the tags that everything made in a root module has: it was made
// elsewhere, and would be changed there.
func (b *block) lacksDefaultTags(root string, opts Options) bool {
	i := rootIndex(opts.Roots, root)
	if i < 0 || b.schema == nil || b.schema.Attributes["tags_all"] == nil {
		return false
	}
	for _, p := range opts.Roots[i].Providers {
		if !reachesResource(p, b.Resource, opts.HomeRegion) {
			continue
		}
		for key := range p.DefaultTags {
			if _, ok := b.Tags[key]; !ok {
				return true
			}
		}
	}
	return false
}

// ground reports whether resources of a type are what others stand on. Whoever has a subnet is not for that the owner of
// every instance in it.
func ground(typ string) bool { return service(typ) == "vpc" }

func scope(r drift.Resource) string {
	switch {
	case r.Account != "" && r.Region != "":
		return r.Region + " in account " + r.Account
	case r.Region != "":
		return r.Region
	case r.Account != "":
		return "account " + r.Account
	}
	return "this provider"
}

func rootIndex(roots []drift.RootModule, dir string) int {
	return slices.IndexFunc(roots, func(r drift.RootModule) bool { return r.Dir == dir })
}

func hasProvider(root drift.RootModule, source string) bool {
	if _, required := root.Required[source]; required {
		return true
	}
	return slices.ContainsFunc(root.Providers, func(p drift.ProviderConfig) bool { return p.Source == source })
}

// fits reports whether some provider configuration of a root module reaches the resource.
func fits(root drift.RootModule, r drift.Resource, home string) bool {
	return slices.ContainsFunc(configurations(root, r.Provider), func(p drift.ProviderConfig) bool { return reachesResource(p, r, home) })
}

// configurationFor is the alias of the first provider configuration of a root module that reaches a resource.
func configurationFor(dir string, r drift.Resource, opts Options) (alias string, found bool) {
	i := rootIndex(opts.Roots, dir)
	if i < 0 {
		return "", false
	}
	for _, p := range configurations(opts.Roots[i], r.Provider) {
		if reachesResource(p, r, opts.HomeRegion) {
			return p.Alias, true
		}
	}
	return "", false
}

// configurations are those that a root module has of a provider: the default one, also where nobody wrote it down, and
// those with an alias, from A to Z.
func configurations(root drift.RootModule, source string) []drift.ProviderConfig {
	own := slices.DeleteFunc(slices.Clone(root.Providers), func(p drift.ProviderConfig) bool { return p.Source != source })
	if !slices.ContainsFunc(own, func(p drift.ProviderConfig) bool { return p.Alias == "" }) {
		own = append(own, drift.ProviderConfig{Source: source})
	}
	slices.SortFunc(own, func(a, b drift.ProviderConfig) int { return strings.Compare(a.Alias, b.Alias) })
	return own
}

func reachesResource(p drift.ProviderConfig, r drift.Resource, home string) bool {
	region := cmp.Or(p.Region, home)
	switch {
	case p.Source != r.Provider:
		return false
	case p.Account != "" && r.Account != "" && p.Account != r.Account:
		return false
	}
	return regionOf(r) == "" || region == "" || region == regionOf(r)
}

// configure chooses the provider configuration that a block needs: one that reaches the resource; else, where the provider
// takes an argument for the region, one that reaches its account; else the one that a stub will be for.
func (b *block) configure(opts Options, stub reach) {
	home := b.homeReach(opts, stub)
	r, region := b.Resource, regionOf(b.Resource)
	alias, found := configurationFor(b.root, r, opts)
	if !found && b.takesRegion(rootOf(opts, b.root)) {
		r.Region = home.region
		if alias, found = configurationFor(b.root, anywhere(r), opts); found || region != home.region {
			b.region = region
			b.conf.attrs["region"] = cty.StringVal(region)
		}
	}
	if !found {
		alias = stubAlias(r, home)
		b.needs = reach{region: cmp.Or(regionOf(r), home.region)}
		if r.Account != home.account {
			b.needs.account = r.Account
		}
	}
	b.alias = alias
}

// homeReach is what the default provider configuration of a block's root module reaches, or will where its stub is
// still to be written. One that does not say for which account it is reaches all.
func (b *block) homeReach(opts Options, stub reach) reach {
	i := rootIndex(opts.Roots, b.root)
	if i < 0 {
		return stub
	}
	own := configurations(opts.Roots[i], b.Provider)[0]
	return reach{cmp.Or(own.Account, b.Account), cmp.Or(own.Region, opts.HomeRegion)}
}

// takesRegion reports whether a block of a root module may say by itself in which region its resource is.
func (b *block) takesRegion(root drift.RootModule) bool {
	for source, version := range root.Locked {
		if localName(source) == localName(b.Provider) && !drift.ServesAllRegions(source, version) {
			return false // in OpenTofu's lock file the provider is from another registry
		}
	}
	return b.regional && regionOf(b.Resource) != ""
}

// anywhere is a resource whose region does not matter.
func anywhere(r drift.Resource) drift.Resource {
	r.Region = drift.Global
	return r
}

// stubAlias is the alias of the provider configuration that is written for an account and region; "" for the default.
func stubAlias(r drift.Resource, stub reach) string {
	var parts []string
	if r.Account != "" && r.Account != stub.account {
		parts = append(parts, "account", r.Account)
	}
	if region := regionOf(r); region != "" && region != stub.region {
		parts = append(parts, region)
	}
	return identify(strings.Join(parts, "_"))
}
