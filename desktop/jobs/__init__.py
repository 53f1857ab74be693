"""Where threads meet Qt: lanes, the refresh timer and the session behind the window."""
