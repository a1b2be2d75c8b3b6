"""E-mail templates: files, sandbox, filters."""
