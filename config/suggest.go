package config

import (
	"slices"
	"strings"
)

// suggestWithin is how many slips of the keyboard still count as meaning the same word.
const suggestWithin = 2

// closest returns the candidate that word most likely means, or "" when none is near.
func closest(word string, candidates []string) string {
	best, distance := "", suggestWithin+1
	for _, c := range candidates {
		if d := slips(strings.ToLower(word), c); d < distance && d < len(c) {
			best, distance = c, d
		}
	}
	return best
}

// didYouMean is a remedy: the nearest candidate, or all of them.
func didYouMean(word string, candidates []string) string {
	if near := closest(word, candidates); near != "" {
		return "did you mean " + near + "?"
	}
	return "use " + oneOf(candidates)
}

// oneOf writes a choice: "a, b or c".
func oneOf(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// slips counts the letters to insert, drop, change or swap with a neighbour to get from a to b (optimal string
// alignment). A swap counts as one: with plain edit distance us-esat-1 is as near to us-west-1 as to us-east-1.
func slips(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	var above, twoAbove []int
	for i := 1; i <= len(a); i++ {
		twoAbove, above = above, slices.Clone(row)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := above[j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			row[j] = min(above[j]+1, row[j-1]+1, change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], twoAbove[j-2]+1)
			}
		}
	}
	return row[len(b)]
}
