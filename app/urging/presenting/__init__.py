"""Urging's pages as values."""
