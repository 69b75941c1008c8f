"""Adapters to bookkeeping packages; each is found by its entry point, never imported by name."""
