"""Initial contact and foot off: detectors, their bias and their fusion."""
