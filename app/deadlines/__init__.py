"""Working-day calendars and deadline arithmetic."""
