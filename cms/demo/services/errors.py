"""Why a demo does not start."""


class DemoError(Exception):
    """Carries one sentence for the person who started the demo."""
