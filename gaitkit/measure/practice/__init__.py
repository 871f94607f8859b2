"""What a practice finds out about its own readings: the kit of about twenty people."""
