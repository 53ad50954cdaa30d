"""Passalong: photos in, a link out that opens, holds nothing private, and can be taken back."""
