"""The superadmin's rooms: onboarding, demonstration data, import and export of jurisdictions."""
