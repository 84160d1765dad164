"""Reports kept with their inputs."""
