// Text from Word or Excel, pasted into rich text: paragraphs, lists, bold and links stay, looks do not. A row of a table
// becomes a line. Word breaks its source inside sentences; between Japanese characters such a break is no space.
(() => {
  const FROM_OFFICE = /urn:schemas-microsoft-com|class="?Mso|mso-|<table/i;
  const BETWEEN_JAPANESE = /([\u3000-\u30ff\u3400-\u9fff\uff00-\uffef])\s*\n\s*(?=[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef])/g;
  const NUMBERED = /^[((（]?[0-9０-９a-z]{1,3}[.)．)）]/i;
  const LISTS = /^[UO]L$/;
  const cleanedByUs = new WeakSet();
  const advice = document.currentScript.dataset.tableAdvice;

  const isMarker = (node) => node.nodeType === Node.ELEMENT_NODE && /mso-list:\s*ignore/i.test(node.getAttribute("style"));

  const tidy = (text) => text.replace(BETWEEN_JAPANESE, "$1").replace(/[ \t\r\n\u00a0]+/g, " ");

  const inline = (node, into) => {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) {
        into.append(tidy(child.data));
      } else if (child.nodeType === Node.ELEMENT_NODE && !isMarker(child) && !LISTS.test(child.tagName)) {
        const name = { B: "strong", STRONG: "strong", A: "a", BR: "br" }[child.tagName];
        const target = name ? into.appendChild(document.createElement(name)) : into;
        if (name === "a") target.href = child.getAttribute("href") || "";
        inline(child, target);
      }
    }
    return into;
  };

  class Cleaned {
    constructor() {
      this.root = document.createElement("div");
      this.tables = 0;
    }

    add(name, source) {
      const block = inline(source, document.createElement(name));
      if (block.textContent.trim()) this.root.append(block);
    }

    addItem(source, kind) {
      let list = this.root.lastElementChild;
      if (list?.tagName !== kind) list = this.root.appendChild(document.createElement(kind));
      list.append(inline(source, document.createElement("li")));
    }

    addList(source) {
      for (const item of source.children) {
        this.addItem(item, source.tagName);
        for (const inner of item.children) if (LISTS.test(inner.tagName)) this.addList(inner);
      }
    }

    addTable(table) {
      this.tables += 1;
      for (const row of table.rows) {
        const cells = [...row.cells].map((cell) => tidy(cell.textContent).trim());
        const line = document.createElement("p");
        line.textContent = cells.filter(Boolean).join("　");
        this.add("p", line);
      }
    }

    walk(node) {
      for (const child of node.children) {
        const marker = [...child.querySelectorAll("[style]")].find(isMarker);
        if (child.tagName === "TABLE") this.addTable(child);
        else if (LISTS.test(child.tagName)) this.addList(child);
        else if (child.querySelector("table, p, ul, ol, div, h1, h2, h3, h4")) this.walk(child);
        else if (marker) this.addItem(child, NUMBERED.test(marker.textContent.trim()) ? "OL" : "UL");
        else this.add("p", child);
      }
    }
  }

  document.addEventListener(
    "paste",
    (event) => {
      const html = event.clipboardData?.getData("text/html") ?? "";
      if (!event.target.closest?.(".Draftail-Editor") || cleanedByUs.has(event) || !FROM_OFFICE.test(html)) return;
      const cleaned = new Cleaned();
      cleaned.walk(new DOMParser().parseFromString(html, "text/html").body);
      if (!cleaned.root.childElementCount) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const data = new DataTransfer();
      data.setData("text/html", cleaned.root.innerHTML);
      data.setData("text/plain", cleaned.root.innerText);
      const again = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
      cleanedByUs.add(again);
      event.target.dispatchEvent(again);
      if (cleaned.tables) {
        document.dispatchEvent(new CustomEvent("w-messages:add", { detail: { text: advice, type: "warning" } }));
      }
    },
    true,
  );
})();
