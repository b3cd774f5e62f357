'use strict';

const { parseArguments } = require('./arguments');
const { commands } = require('./commands');
const { help } = require('./help');
const { version } = require('../package.json');

/** Runs one command line; gives back the exit code. */
function main(argv) {
  const { command, files, options } = parseArguments(argv);
  if (options.version) {
    process.stdout.write(`outline ${version}\n`);
    return 0;
  }
  if (options.help || command === undefined) {
    process.stdout.write(help(commands));
    return options.help ? 0 : 2;
  }
  const found = commands.find(({ name }) => name === command);
  if (!found) {
    process.stderr.write(`outline: there is no command "${command}"; see outline --help\n`);
    return 2;
  }
  return runOnFiles(found.load(), files, options);
}

function runOnFiles(run, files, options) {
  const { readDocument } = require('./read-document');
  for (const file of files.length > 0 ? files : ['-']) {
    try {
      process.stdout.write(run(readDocument(file), options));
    } catch (error) {
      if (error.syscall === undefined) throw error;
      process.stderr.write(`outline: ${error.message}\n`);
      return 1;
    }
  }
  return 0;
}

module.exports = { main };
