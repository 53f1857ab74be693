"""The sidebar and what is done with sources."""
