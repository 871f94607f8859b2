"""Bodies in videos: the networks, the tracking, and the choice of the patient.

``follow`` (in ``follow``) is the one call; ``open_backend`` (in ``backend``) gives it
the networks and ``Clip`` (in ``frames``) the video.
"""
