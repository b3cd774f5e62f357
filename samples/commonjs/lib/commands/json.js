'use strict';

function json(blocks, { pretty = false } = {}) {
  return `${JSON.stringify(blocks, null, pretty ? 2 : undefined)}\n`;
}

module.exports = { json };
