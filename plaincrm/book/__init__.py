"""The disk: the book's folder on disk, its lock, its git."""
