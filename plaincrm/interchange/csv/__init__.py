"""CSV from anywhere: bytes → table → mapping → drafts of records. Opens nothing; a stream in,
values out.
"""
