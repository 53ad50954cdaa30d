"""Telling a sender that something happened to a link: by Web Push, by ntfy, or by a webhook of their own.

A message says what happened and the title of the album: never who, from where, or which photo.
"""
