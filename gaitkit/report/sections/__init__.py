"""One module a chapter: ``(material) -> Section``, or None when there is nothing."""
