"""The comparison on screen."""
