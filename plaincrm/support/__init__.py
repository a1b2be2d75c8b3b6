"""Support, pure: tickets."""
