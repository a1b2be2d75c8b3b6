"""Git: start it, read its answers, merge commits, sync."""
