"""Sizes, counts and dates as people read them, and texts from outside made harmless for the place they go to."""
