"""What a jurisdiction may decide for itself, as values."""
