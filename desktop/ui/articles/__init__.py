"""The list of articles: rows, marks, search field, the bar at a gap."""
