"""Jurisdictions and their versioned profiles."""
