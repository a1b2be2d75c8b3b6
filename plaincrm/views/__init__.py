"""Values to text: tables, cards, boards."""
