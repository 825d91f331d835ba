"""Views of the site's frame: the language switch, what machines ask for, and what is said when something fails."""
