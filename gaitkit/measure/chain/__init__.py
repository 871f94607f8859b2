"""The kinetic chain of each side: links, signs, and where it may begin."""
