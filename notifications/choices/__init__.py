"""What people choose: by topic and road, when it is quiet, how much from each place."""
