package prcomment

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/seed-e90528ae/driftline/drift"
)

// graph is the unmanaged resources of which some code refers to others, in columns: what is referred to stands to the
// left of what refers to it.
type graph struct {
	Width, Height int
	Nodes         []graphNode
	Edges         []string // paths of SVG
	Left          int      // resources that did not fit
}

type graphNode struct {
	Label, Full string
	X, Y        int
	Known       bool // unmanaged itself; false for what is managed already
}

// Sizes of the drawing, in CSS pixels, and how many boxes one page can bear.
const (
	graphColumn = 300
	graphRow    = 34
	graphBox    = 240
	graphMost   = 200
)

// newGraph lays out the references; nil where there are none.
func newGraph(r *drift.Report) *graph {
	refers := map[string][]string{} // root module and address → those that it refers to
	unmanaged := map[string]bool{}
	id := func(root, address string) string { return root + "\x00" + address }
	for _, u := range r.Unmanaged {
		if u.SuggestedAddress == "" {
			continue
		}
		unmanaged[id(u.RootModule, u.SuggestedAddress)] = true
		for _, to := range u.References {
			refers[id(u.RootModule, u.SuggestedAddress)] = append(refers[id(u.RootModule, u.SuggestedAddress)], id(u.RootModule, to))
		}
	}
	if len(refers) == 0 {
		return nil
	}
	depth := map[string]int{}
	var visit func(node string, path int) int
	visit = func(node string, path int) int {
		if d, ok := depth[node]; ok {
			return d
		}
		depth[node] = 0 // a cycle, which generated code has none of, ends here
		d := 0
		if path < len(refers)+1 {
			for _, to := range refers[node] {
				d = max(d, visit(to, path+1)+1)
			}
		}
		depth[node] = d
		return d
	}
	for node := range refers {
		visit(node, 0)
	}
	nodes := make([]string, 0, len(depth))
	for node := range depth {
		nodes = append(nodes, node)
	}
	slices.SortFunc(nodes, func(a, b string) int { return cmp.Or(cmp.Compare(depth[a], depth[b]), strings.Compare(a, b)) })
	g := &graph{Left: max(0, len(nodes)-graphMost)}
	at := map[string]graphNode{}
	rows := map[int]int{}
	for _, node := range nodes[:len(nodes)-g.Left] {
		_, address, _ := strings.Cut(node, "\x00")
		n := graphNode{Label: shorten(visible(address), 34), Full: visible(address), X: 10 + depth[node]*graphColumn, Y: 10 + rows[depth[node]]*graphRow, Known: unmanaged[node]}
		rows[depth[node]]++
		at[node] = n
		g.Nodes = append(g.Nodes, n)
		g.Width, g.Height = max(g.Width, n.X+graphBox+10), max(g.Height, n.Y+graphRow)
	}
	for _, node := range nodes {
		for _, to := range refers[node] {
			a, okA := at[to]
			b, okB := at[node]
			if okA && okB {
				x1, y1, x2, y2 := a.X+graphBox, a.Y+12, b.X, b.Y+12
				g.Edges = append(g.Edges, fmt.Sprintf("M%d %dC%d %d %d %d %d %d", x1, y1, x1+40, y1, x2-40, y2, x2, y2))
			}
		}
	}
	return g
}
