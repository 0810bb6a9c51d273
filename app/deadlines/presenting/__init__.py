"""What the deadlines room's pages show, as values."""
