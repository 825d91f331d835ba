"""What the processes and their shared cache keep of the site, and for how long it is right."""
