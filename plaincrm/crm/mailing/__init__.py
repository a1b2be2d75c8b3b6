"""E-mail: templates, recipients and their data, drafts, what was sent."""
