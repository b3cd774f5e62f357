'use strict';

const fs = require('node:fs');

/** Reads a table without quoted cells from a file, or from standard input. */
exports.readTable = (file, separator) => {
  const lines = fs
    .readFileSync(file ?? 0, 'utf8')
    .split(/\r?\n/)
    .filter((line) => line !== '');
  const [names = [], ...rows] = lines.map((line) => line.split(separator).map((cell) => cell.trim()));
  return { names, rows };
};
