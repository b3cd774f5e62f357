'use strict';

const FLAGS = new Map([
  ['-h', 'help'],
  ['--help', 'help'],
  ['-v', 'version'],
  ['--version', 'version'],
  ['--pretty', 'pretty'],
  ['--numbers', 'numbers'],
]);

/** Splits an argument vector into a command, its files and the flags that were given. */
function parseArguments(argv) {
  const options = {};
  const words = [];
  for (const word of argv) {
    const flag = FLAGS.get(word);
    if (flag === undefined) words.push(word);
    else options[flag] = true;
  }
  const [command, ...files] = words;
  return { command, files, options };
}

module.exports = { parseArguments };
