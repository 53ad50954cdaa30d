"""Numbered changes of the index, run by `lib.share.index` when it is opened."""
