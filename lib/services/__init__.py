"""Places that keep photos: one folder for each service, all alike."""
