"""The typed values that travel along the line from recording to assessment.

Small things are frozen dataclasses; signals are labelled ``xarray`` datasets.
Nothing here opens a file other than the data files of the package itself.
"""
