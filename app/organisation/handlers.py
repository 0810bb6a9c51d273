"""What this room does when something happens in another."""
