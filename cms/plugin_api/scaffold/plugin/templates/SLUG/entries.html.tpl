{% load calendar_tags i18n %}
{% if entries %}<ul class="list">
  {% for entry in entries %}{% include "components/list_item.html" with url=entry.page.url title=entry.page.title date=entry.published_at|era_date datetime=entry.published_at|machine_time only %}
  {% endfor %}
</ul>
{% else %}{% translate "Nothing has been published yet." as nothing %}{% include "components/empty.html" with title=nothing only %}
{% endif %}
