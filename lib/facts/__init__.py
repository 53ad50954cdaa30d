"""Tables of facts with source, date and confidence, and one strict reader each."""
