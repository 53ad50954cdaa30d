"""Numbered changes of the index, run by `lib.albums.index` when it is opened."""
