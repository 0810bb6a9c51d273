"""Pure rules of the platform: places and their codes, the checklist, the spreadsheet of units and people."""
