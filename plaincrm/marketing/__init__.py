"""Marketing, pure: segments, e-mail templates, consent."""
