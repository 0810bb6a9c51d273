"""A profile as pages show it: forms, diagram, faults with their places, all as values."""
