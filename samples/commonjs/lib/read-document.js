'use strict';

const fs = require('node:fs');
const { parse } = require('./markdown/parse');

/** Reads and parses a file; `-` is standard input. */
function readDocument(file) {
  return parse(fs.readFileSync(file === '-' ? 0 : file, 'utf8'));
}

module.exports = { readDocument };
