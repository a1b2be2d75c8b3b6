"""Values: what a field can hold, and how a text is read as one."""
