"""Japanese text as a search index sees it: folded, cut into bigrams, stored in the database's own full-text index.

The modules know nothing of pages, documents or people: `cms.search` does.
"""
