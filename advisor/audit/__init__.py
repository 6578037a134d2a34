"""The knowledge base looked at as a whole: audit, cases with their coverage, and what differs between two editions."""
