"""The privacy checklist and the photo inspector on screen."""
