"""One field that finds people, groups and posts."""
