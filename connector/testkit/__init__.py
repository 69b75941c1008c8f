"""Invented books, for the demo and for tests of adapters."""
