"""Pipes for the adapters that speak HTTP: sending, pace, OAuth, pages."""
