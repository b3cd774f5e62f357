'use strict';

// Each command is loaded when it is asked for, and only then.
exports.commands = [
  { name: 'toc', summary: 'print the headings as a nested list', load: () => require('./toc').toc },
  { name: 'count', summary: 'count words, headings, links and lines of code', load: () => require('./count').count },
  { name: 'links', summary: 'list every link and where it leads', load: () => require('./links').links },
  { name: 'json', summary: 'print the whole document as JSON', load: () => require('./json').json },
];
