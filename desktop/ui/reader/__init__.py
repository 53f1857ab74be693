"""The reader: one article from the store, its pictures, tables, former texts, print and files."""
