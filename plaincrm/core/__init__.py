"""The pure core: text and values in, text and values out. No disk, no clock, no git, no click."""
