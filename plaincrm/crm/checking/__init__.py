"""Checks: every problem of every file, and the mends that are surely right."""
