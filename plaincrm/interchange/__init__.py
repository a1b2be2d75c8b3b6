"""Foreign formats: streams to records and back. Opens no file itself."""
