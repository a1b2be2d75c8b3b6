"""One file per word the user types."""
