{% extends "base.html" %}
{% load page_tags wagtailcore_tags %}
{% block content %}
{% include "components/page_header.html" with title=page.title|in_language_of:page lead=page.summary|in_language_of:page %}
{% if page.body %}<div class="body"{% lang_of page %}>{% include_block page.body %}</div>{% endif %}
{% include "${slug}/entries.html" %}
{% endblock content %}
