"""Providers without an API: steps, then paste the link."""
