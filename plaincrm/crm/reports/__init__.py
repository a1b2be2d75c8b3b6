"""Reports: figures and tables over the records of a book, in a period, explained."""
