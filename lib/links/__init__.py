"""Links as text and as a stranger meets them."""
