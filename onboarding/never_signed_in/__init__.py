"""Who works here and has never signed in: for HR and the own leader, by name, until the first time."""
