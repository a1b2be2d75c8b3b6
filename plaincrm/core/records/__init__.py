"""Records: one generic record, its columns, the store, computed facts, edits as values."""
