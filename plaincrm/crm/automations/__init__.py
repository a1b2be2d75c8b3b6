"""The book's own rules: on a change, when a query holds, do something. See `rule`."""
