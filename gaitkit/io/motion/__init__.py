"""Readers of marker, force-plate and pose files, known by their content."""
