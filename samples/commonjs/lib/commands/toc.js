'use strict';

const { slug } = require('../markdown/slug');
const { plainText } = require('../markdown/inline');

function toc(blocks, { numbers = false } = {}) {
  const marker = numbers ? '1.' : '-';
  return blocks
    .filter(({ type }) => type === 'heading')
    .map(({ level, text }) => {
      const title = plainText(text);
      return `${'  '.repeat(level - 1)}${marker} [${title}](#${slug(title)})\n`;
    })
    .join('');
}

module.exports = { toc };
