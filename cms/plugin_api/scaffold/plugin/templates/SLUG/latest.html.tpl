{% extends "base.html" %}
{% load i18n %}
{% block title %}{% translate "New pages" %}{% endblock title %}
{% block content %}
{% translate "New pages" as title %}{% include "components/page_header.html" with title=title only %}
{% include "${slug}/entries.html" %}
{% endblock content %}
