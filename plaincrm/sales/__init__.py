"""Sales, pure: pipeline, stages, deals, next actions."""
