"""Attachments, document numbers, templates and rendering."""
