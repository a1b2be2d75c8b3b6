"""Likely duplicates: what is known of a record, which records to compare, how alike two are, who
was told apart.

from plaincrm.crm.duplicates.pairs import pairs
for pair in pairs(book):
    print(pair.score, pair.keep.ref, pair.duplicate.ref, pair.reasons)
"""
