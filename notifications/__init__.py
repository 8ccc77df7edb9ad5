"""What is told to one person, and the roads it takes: inbox, live, e-mail."""
