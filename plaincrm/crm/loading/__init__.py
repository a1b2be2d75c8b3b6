"""Records from files or from the cache."""
