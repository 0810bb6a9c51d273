"""Journeys in a real browser, as people would make them."""
