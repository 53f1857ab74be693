"""Taking offline: the choice, the proof, what is missing."""
