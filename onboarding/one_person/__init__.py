"""A form for one: somebody added, changed or ended by hand, through the same judging and writing as a file."""
