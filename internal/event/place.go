package event

import (
	"errors"
	"fmt"
	"path/filepath"
)

// Place is a directory's place in the repository that the workflow has checked out: "" for the whole of it, slash-separated.
// Outside of a workflow the repository is the working directory.
func Place(root string, getenv func(string) string) (string, error) {
	workspace := getenv("GITHUB_WORKSPACE")
	if workspace == "" {
		workspace = "."
	}
	base, baseErr := filepath.Abs(workspace)
	full, err := filepath.Abs(root)
	if err := errors.Join(baseErr, err); err != nil {
		return "", err
	}
	relative, err := filepath.Rel(base, full)
	if err != nil || !filepath.IsLocal(relative) {
		return "", fmt.Errorf("root %s lies outside of the repository's checkout: its files have no place in a pull request; give a directory of the checkout, or run with --dry-run", root)
	}
	if relative == "." {
		return "", nil
	}
	return filepath.ToSlash(relative), nil
}
