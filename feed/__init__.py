"""Posts, where they stand, and the home feed."""
