package prcomment

// Body is the description of the pull request: what it is, and how to live with it. It never changes by itself.
func Body() string {
	return `Driftline found resources in the cloud that no Terraform state knows. This pull request writes the code that brings
them under management: for each one an ` + "`import`" + ` block, and directly below it the resource as the provider reads it.

- **Verified** blocks were planned by the provider as *no change*. ` + "`terraform plan`" + ` after merging should say: import, and
  nothing else.
- Blocks that could not be verified are commented out, with the attributes that differ above them. Merging them
  changes nothing.
- The report is in the comment below. It is rewritten whenever the findings change; this text is not.

Edit what you like on this branch: files that you have changed are left as you leave them. To have something left out
for good, add it to ` + "`.driftignore`" + `. When nothing is left to import, this pull request is closed with a note.
`
}
