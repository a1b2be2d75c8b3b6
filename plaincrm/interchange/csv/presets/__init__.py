"""What is known of other programs' exports: one module a program, each with `PRESETS`."""
