"""The widgets of the page "Create a link", in the order in which a person meets them."""
