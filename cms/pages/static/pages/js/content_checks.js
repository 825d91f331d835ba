/* What Wagtail's content checks ask of Japanese text, in the preview while a page is written and on the page itself.
   What they look for is in their options (cms/pages/viewsets.py). */
(() => {
  const userbar = document.querySelector('wagtail-userbar');
  if (!userbar) return;

  const ownText = (element) => [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data);

  userbar.registerCheck('check-spaced-word', (element, { pattern }) => {
    const spaced = new RegExp(pattern, 'u');
    return !ownText(element).some((text) => spaced.test(text));
  });
  userbar.registerCheck('check-link-says-something', (element, { words }) => !words.includes(element.textContent.trim().toLowerCase()));
})();
