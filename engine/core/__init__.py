"""What every layer may use: errors, records, teams, the calendar, words."""
