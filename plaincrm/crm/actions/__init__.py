"""What a writing command does, free of the command line."""
