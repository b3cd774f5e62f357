'use strict';

const { table } = require('../format/table');
const { findLinks } = require('../markdown/inline');

function links(blocks) {
  const prose = blocks.filter(({ type }) => type !== 'code');
  return table(prose.flatMap(({ line, text }) => findLinks(text).map(({ label, to }) => [`${line}`, label, to])));
}

module.exports = { links };
