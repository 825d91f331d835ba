// Shows in words who may read, once the dialog has changed it.
document.addEventListener("w-privacy:changed", () => {
  document.querySelectorAll("[data-reach-url]").forEach(async (place) => {
    const answer = await fetch(place.dataset.reachUrl, { headers: { "X-Requested-With": "XMLHttpRequest" } });
    if (answer.ok) {
      place.innerHTML = await answer.text();
    }
  });
});
