"""Benchmarks: seeded books, peers, references, and one command (`python -m benchmarks`) that prints
the table.
"""
