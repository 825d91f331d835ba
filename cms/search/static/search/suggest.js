/* Suggests titles below a search field while one types (ARIA combobox). Without this script the field is a plain one. */
(() => {
  "use strict";

  const WAIT = 150; // ms of silence before asking
  let lists = 0;

  const enhance = (input) => {
    const list = document.createElement("ul");
    list.id = `suggestions-${(lists += 1)}`;
    list.className = "suggestions";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.getAttribute("aria-label") || input.labels[0].textContent);
    input.after(list);
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": list.id,
    })) {
      input.setAttribute(name, value);
    }

    let timer = 0;
    let asked = "";
    let chosen = -1;

    const show = (isOpen) => {
      list.hidden = !isOpen;
      input.setAttribute("aria-expanded", String(isOpen));
    };
    // One step beyond either end is the field itself: -1.
    const choose = (index) => {
      const options = [...list.children];
      const steps = options.length + 1;
      chosen = ((index + 1 + steps) % steps) - 1;
      options.forEach((option, at) => option.setAttribute("aria-selected", String(at === chosen)));
      if (chosen < 0) input.removeAttribute("aria-activedescendant");
      else input.setAttribute("aria-activedescendant", options[chosen].id);
    };
    const close = () => {
      show(false);
      choose(-1);
    };
    const fill = (suggestions) => {
      list.replaceChildren(
        ...suggestions.map(({ title, url }, index) => {
          const option = document.createElement("li");
          option.id = `${list.id}-${index}`;
          option.dataset.url = url;
          option.textContent = title;
          option.setAttribute("role", "option");
          option.setAttribute("aria-selected", "false");
          return option;
        }),
      );
      chosen = -1;
      show(suggestions.length > 0);
    };
    const ask = async () => {
      const words = input.value.trim();
      asked = words;
      if (!words) return fill([]);
      try {
        const response = await fetch(`${input.dataset.suggest}?${new URLSearchParams({ q: words })}`);
        const { suggestions } = await response.json();
        if (asked === words && document.activeElement === input) fill(suggestions);
      } catch {
        close(); // The field works all the same.
      }
    };

    input.addEventListener("input", (event) => {
      clearTimeout(timer);
      // While a Japanese word is being composed there is nothing to look for yet.
      if (!event.isComposing) timer = setTimeout(ask, WAIT);
    });
    input.addEventListener("compositionend", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT);
    });
    input.addEventListener("keydown", (event) => {
      if (event.isComposing || list.hidden) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
      } else if (event.key === "Escape") {
        event.preventDefault();
        close();
      } else if (event.key === "Enter" && chosen >= 0) {
        event.preventDefault();
        window.location.assign(list.children[chosen].dataset.url);
      }
    });
    input.addEventListener("blur", close);
    // Before the blur, which would close the list.
    list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) window.location.assign(option.dataset.url);
    });
  };

  document.querySelectorAll("input[data-suggest]").forEach(enhance);
})();
