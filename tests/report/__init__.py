"""The page of figures: what the program was put through, and what came of it."""
