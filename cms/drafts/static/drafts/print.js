// Offers the browser's own printing; without this script there is its menu.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
// A picture below the window is printed, too.
for (const image of document.images) image.loading = "eager";
