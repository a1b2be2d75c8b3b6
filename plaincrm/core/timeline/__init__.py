"""Log entries and tasks: read, write, edit."""
