#!/usr/bin/env node
'use strict';

const yargs = require('yargs/yargs');
const { hideBin } = require('yargs/helpers');

yargs(hideBin(process.argv))
  .scriptName('csv')
  .usage('$0 <command> [file]')
  .command(require('./commands/columns'))
  .command(require('./commands/sum'))
  .option('separator', { alias: 's', default: ',', describe: 'what stands between two cells' })
  .demandCommand(1, 'Name a command.')
  .strict()
  .locale('en')
  .parse();
