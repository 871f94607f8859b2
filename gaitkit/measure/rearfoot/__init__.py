"""Rearfoot and foot posture from several sources, and whether they agree."""
