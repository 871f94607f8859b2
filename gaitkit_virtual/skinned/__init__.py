"""A human skin around the bones of a virtual person, from public CC0 mesh files."""
