/* The stream editor, with block types that may stand in a page but are not offered in the menu. */
(() => {
  const { StreamBlockDefinition } = window.wagtailStreamField.blocks;

  class KeepingStreamBlockDefinition extends StreamBlockDefinition {
    constructor(name, groups, initialStates, meta) {
      super(name, groups, initialStates, meta);
      const hidden = new Set(meta.hidden);
      this.groupedChildBlockDefs = groups
        .map(([label, blocks]) => [label, blocks.filter((block) => !hidden.has(block.name))])
        .filter(([, blocks]) => blocks.length > 0);
    }
  }

  window.telepath.register('kairan.KeepingStreamBlock', KeepingStreamBlockDefinition);
})();
