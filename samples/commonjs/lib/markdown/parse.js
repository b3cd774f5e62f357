'use strict';

const { splitLines } = require('./lines');
const { readFence, readHeading, readItem, readParagraph } = require('./blocks');

const READERS = [readFence, readHeading, readItem, readParagraph];

/** A document as a flat list of blocks: { type, line, text, level?, language? }. */
function parse(source) {
  const lines = splitLines(source);
  const blocks = [];
  let at = 0;
  while (at < lines.length) {
    if (lines[at].trim() === '') {
      at += 1;
      continue;
    }
    const { block, next } = firstMatch(lines, at);
    blocks.push({ ...block, line: at + 1 });
    at = next;
  }
  return blocks;
}

function firstMatch(lines, at) {
  for (const read of READERS) {
    const result = read(lines, at);
    if (result) return result;
  }
  throw new Error(`line ${at + 1} is no block`);
}

module.exports = { parse };
