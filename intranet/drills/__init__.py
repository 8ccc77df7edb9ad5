"""Full-size runs over the real processes, with faults: what `manage.py drill` does."""
