"""Virtual people who stand, with exactly known legs, pelvis and feet."""
