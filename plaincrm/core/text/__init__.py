"""Text files: encoding, line endings, outline, patterns."""
