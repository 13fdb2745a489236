"""One good request for every line of its kind; registered by being imported in `matrix`."""
