'use strict';

/** The anchor that code hosts give a heading. */
function slug(title) {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

module.exports = { slug };
