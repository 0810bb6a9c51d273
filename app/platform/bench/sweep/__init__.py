"""A day's reminders of very many jurisdictions, beside the least the same rows could cost and the most they usually do."""
