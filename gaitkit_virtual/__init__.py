"""Virtual patients with known truth: walks, cameras and rendered videos."""
