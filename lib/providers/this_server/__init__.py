"""This server as a provider."""
