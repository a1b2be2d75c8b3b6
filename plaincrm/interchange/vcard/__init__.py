"""vCard 2.1, 3.0 and 4.0: contacts out of phones and address books, and back."""
