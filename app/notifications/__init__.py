"""Inbox, letters and channels."""
