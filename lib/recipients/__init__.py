"""What recipients meet under `/s/…`: plain pages, the gate, photos, the zip. No script needed, no tracking."""
