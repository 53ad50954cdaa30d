"""The guide on screen."""
