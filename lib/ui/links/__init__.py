"""The widgets of the page "My links", in the order in which a person meets them."""
