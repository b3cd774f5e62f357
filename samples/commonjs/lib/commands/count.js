'use strict';

const { table } = require('../format/table');
const { findLinks, plainText } = require('../markdown/inline');

function count(blocks) {
  const prose = blocks.filter(({ type }) => type !== 'code');
  const words = prose.flatMap(({ text }) => plainText(text).split(/\s+/).filter(Boolean));
  const code = blocks.filter(({ type }) => type === 'code');
  return table([
    ['words', String(words.length)],
    ['headings', String(blocks.filter(({ type }) => type === 'heading').length)],
    ['links', String(prose.flatMap(({ text }) => findLinks(text)).length)],
    ['code', String(code.reduce((lines, { text }) => lines + text.split('\n').length, 0))],
  ]);
}

module.exports = { count };
