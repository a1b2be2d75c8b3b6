"""Everything that exists for speed: scan, cache, what changed, prefetch."""
