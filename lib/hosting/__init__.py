"""For the person who runs the app: whether a set-up is safe and whole, told line by line."""
