"""The widgets of the page "Make a video", in the order in which a person meets them."""
