"""Ready for day one: the leader's form for a new colleague, and the tasks it gives to those concerned."""
