"""Reminder ladder, sweep and manual urging."""
