"""Evidence: what the ratings say, asked of the real frameworks."""
