"""Exports: the records of the book in other forms."""
