"""One person's data: all that is held on them, and forgetting them."""
