'use strict';

/** Lines without their ends; a byte order mark and front matter are dropped. */
function splitLines(source) {
  const lines = source.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (lines[0] !== '---') return lines;
  const end = lines.indexOf('---', 1);
  // Line numbers stay those of the file.
  return end < 0 ? lines : lines.map((line, index) => (index <= end ? '' : line));
}

module.exports = { splitLines };
