'use strict';

function readFence(lines, at) {
  const open = /^(`{3,}|~{3,})\s*(\S*)/.exec(lines[at]);
  if (!open) return undefined;
  let end = at + 1;
  while (end < lines.length && !lines[end].startsWith(open[1])) end += 1;
  return { block: { type: 'code', language: open[2], text: lines.slice(at + 1, end).join('\n') }, next: end + 1 };
}

function readHeading(lines, at) {
  const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(lines[at]);
  return heading && { block: { type: 'heading', level: heading[1].length, text: heading[2] }, next: at + 1 };
}

function readItem(lines, at) {
  const item = /^\s*(?:[-*+]|\d+[.)])\s+(.*)$/.exec(lines[at]);
  return item && { block: { type: 'item', text: item[1] }, next: at + 1 };
}

function readParagraph(lines, at) {
  let end = at + 1;
  while (end < lines.length && lines[end].trim() !== '' && !/^(#{1,6}\s|`{3}|~{3})/.test(lines[end])) end += 1;
  return { block: { type: 'paragraph', text: lines.slice(at, end).join(' ') }, next: end };
}

module.exports = { readFence, readHeading, readItem, readParagraph };
