"""E-mail: read, build, classify."""
