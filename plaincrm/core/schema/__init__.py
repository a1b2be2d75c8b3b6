"""Kinds, fields and the book's settings."""
