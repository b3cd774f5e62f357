'use strict';

const entities = require('../../data/entities.json');

const LINK = /\[([^\]]*)\]\(([^)\s]+)[^)]*\)|<(https?:[^>]+)>/g;

function findLinks(text) {
  return Array.from(text.matchAll(LINK), ([, label, to, bare]) => ({ label: label ?? bare, to: to ?? bare }));
}

/** The text that a reader sees: no marks, entities resolved. */
function plainText(text) {
  return text
    .replace(LINK, (_, label, __, bare) => label ?? bare)
    .replace(/[*_`]/g, '')
    .replace(/&(\w+);/g, (whole, name) => entities[name] ?? whole);
}

module.exports = { findLinks, plainText };
