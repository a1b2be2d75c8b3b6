"""Front matter: read, write, edit by position, verify."""
