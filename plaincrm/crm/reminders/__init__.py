"""What the day asks for: rules, reminders, today, agenda."""
