"""The book for programs: the Model Context Protocol over standard input and output."""
