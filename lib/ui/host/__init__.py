"""The page of the person who runs this server."""
