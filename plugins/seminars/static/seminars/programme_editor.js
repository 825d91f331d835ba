/* The seminar form: rows get keys that stay, and talks choose among the occurrences that stand in the form. */
(() => {
  const { Controller } = window.StimulusModule;
  const OCCURRENCE_KEY = /^occurrences-\d+-key$/;

  /* Not crypto.randomUUID: offices reach their server over plain http, where browsers withhold it. */
  const newKey = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  };

  const keyInputs = () => [...document.querySelectorAll('[data-controller~="seminar-key"]')];
  const field = (keyInput, name) => document.getElementsByName(keyInput.name.replace(/key$/, name))[0];
  const isDeleted = (keyInput) => Boolean(field(keyInput, 'DELETE')?.value);
  const announce = () => document.dispatchEvent(new CustomEvent('seminar:occurrences'));

  /* Every row that is added begins with the key of the empty form: the second one to carry it takes a new one. */
  class SeminarKey extends Controller {
    connect() {
      const others = keyInputs().filter((input) => input !== this.element);
      if (!this.element.value || others.some((input) => input.value === this.element.value)) {
        this.element.value = newKey();
      }
      announce();
    }

    disconnect() {
      announce();
    }
  }

  class SeminarOccurrenceKeys extends Controller {
    static targets = ['input', 'choices'];

    static values = { label: String, nameless: String, removed: String, empty: String };

    connect() {
      this.draw = () => this.render();
      document.addEventListener('seminar:occurrences', this.draw);
      // StreamField fills the input after it has placed it.
      requestAnimationFrame(this.draw);
    }

    disconnect() {
      document.removeEventListener('seminar:occurrences', this.draw);
    }

    get chosen() {
      return this.inputTarget.value.split(/\s+/).filter(Boolean);
    }

    occurrences() {
      return keyInputs()
        .filter((input) => OCCURRENCE_KEY.test(input.name) && !isDeleted(input))
        .map((input) => ({ key: input.value, label: this.labelOf(input) }));
    }

    labelOf(keyInput) {
      const city = field(keyInput, 'venue_city')?.value.trim();
      const start = field(keyInput, 'start')?.value.trim();
      const name = city ? this.labelValue.replace('__city__', city) : this.namelessValue;
      return start ? `${name} (${start})` : name;
    }

    render() {
      const present = this.occurrences();
      const keys = present.map(({ key }) => key);
      const lost = this.chosen.filter((key) => !keys.includes(key)).map((key) => ({ key, label: this.removedValue }));
      const rows = [...present, ...lost].map((choice) => this.checkbox(choice));
      this.choicesTarget.replaceChildren(...(rows.length ? rows : [document.createTextNode(this.emptyValue)]));
    }

    checkbox({ key, label }) {
      const box = Object.assign(document.createElement('input'), {
        type: 'checkbox',
        value: key,
        checked: this.chosen.includes(key),
      });
      box.addEventListener('change', () => this.choose());
      const wrapper = document.createElement('label');
      wrapper.append(box, ` ${label}`);
      return wrapper;
    }

    choose() {
      const boxes = [...this.choicesTarget.querySelectorAll('input:checked')];
      this.inputTarget.value = boxes.map((box) => box.value).join(' ');
      this.inputTarget.dispatchEvent(new Event('change', { bubbles: true }));
    }
  }

  const OCCURRENCE_FIELD = /^occurrences-\d+-(venue_city|start|DELETE)$/;
  for (const type of ['input', 'change']) {
    document.addEventListener(type, (event) => OCCURRENCE_FIELD.test(event.target.name) && announce());
  }
  // Removing and moving rows raises no event of its own on the hidden fields.
  document.addEventListener('click', (event) => {
    if (event.target.closest('[id$="-DELETE-button"]')) setTimeout(announce);
  });

  window.wagtail.app.register('seminar-key', SeminarKey);
  window.wagtail.app.register('seminar-occurrence-keys', SeminarOccurrenceKeys);
})();
