"""Measures Kairan's pages beside a bare Django view on the same server, in one run: `make bench`. It is not a test.

Only ratios of one run are worth anything: absolute figures drift by a factor of two with what else the machine does.
"""
