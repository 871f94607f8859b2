"""The report: one localised context, laid out as HTML and as PDF, and the overlay.

Order of the work: `stills` takes pictures from the recording, `sections` words what
the assessment holds, `html` and `pdf` lay the same blocks out, `overlay` films the
walk with the skeleton drawn in, `write` puts it all in a folder.
"""
