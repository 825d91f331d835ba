/* The title and slug of a page that was never published follow what is typed elsewhere, until a person changes them. */
(() => {
  const { Controller } = window.StimulusModule;

  class Proposal extends Controller {
    static values = { url: String, from: Array, last: String };

    connect() {
      this.follow = (event) => this.fromValue.includes(event.target.name) && this.ask();
      for (const type of ['input', 'change']) this.form.addEventListener(type, this.follow);
    }

    disconnect() {
      for (const type of ['input', 'change']) this.form.removeEventListener(type, this.follow);
      this.asking?.abort();
    }

    get form() {
      return this.element.form;
    }

    get isUntouched() {
      return this.element.value === this.lastValue;
    }

    async ask() {
      if (!this.isUntouched) return;
      this.asking?.abort();
      this.asking = new AbortController();
      const url = new URL(this.urlValue, window.location);
      for (const name of this.fromValue) url.searchParams.set(name, this.form.elements[name].value);
      try {
        const answer = await fetch(url, { signal: this.asking.signal });
        if (answer.ok) this.take((await answer.json())[this.element.name]);
      } catch {
        // Asked again meanwhile, or offline: the server follows when the form is saved.
      }
    }

    take(proposed) {
      if (!proposed || !this.isUntouched) return;
      this.element.value = proposed;
      this.lastValue = proposed;
      // Of the form, not of the field: Wagtail would spell a slug out of a title that changes.
      this.form.dispatchEvent(new Event('change'));
    }
  }

  window.wagtail.app.register('proposal', Proposal);
})();
