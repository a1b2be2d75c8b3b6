"""Imports: files of foreign and own formats to a planned change of the book."""
