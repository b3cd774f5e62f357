'use strict';

const { table } = require('./format/table');

function help(commands) {
  const rows = commands.map(({ name, summary }) => [`  ${name}`, summary]);
  return `outline: what is in a Markdown file\n\nUsage: outline COMMAND [FILE...]\n\n${table(rows)}`;
}

module.exports = { help };
