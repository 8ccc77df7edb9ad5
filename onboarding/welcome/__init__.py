"""A colleague's first weeks: the welcome page, the leader's greeting, the first things to do."""
