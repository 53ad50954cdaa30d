"""Where albums go: one folder a provider, all alike."""
