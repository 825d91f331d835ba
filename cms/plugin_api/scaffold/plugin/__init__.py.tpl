"""${title}: a plugin of Kairan."""
