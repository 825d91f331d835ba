"""The typed extension points that the core offers to plugins."""
