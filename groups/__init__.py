"""Who belongs together and who is addressed: groups, memberships, audiences."""
