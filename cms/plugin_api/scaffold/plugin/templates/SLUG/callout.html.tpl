<aside class="${slug}-callout">
  <p><strong>{{ self.title }}</strong></p>
  <p>{{ self.text }}</p>
</aside>
