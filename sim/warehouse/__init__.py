"""What stands still: layout and walking distance, items, calendars."""
