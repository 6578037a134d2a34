"""Tests of framework-advisor; the tree mirrors the package."""
