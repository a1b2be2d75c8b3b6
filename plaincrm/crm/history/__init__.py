"""The past: the book of another day, changes in terms of fields, undo and redo."""
