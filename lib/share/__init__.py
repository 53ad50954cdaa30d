"""The share host: drafts, albums, photos and links, and the plain pages that recipients meet."""
