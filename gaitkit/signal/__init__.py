"""From raw keypoints to clean paths in walking space."""
