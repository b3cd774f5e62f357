#!/usr/bin/env node
'use strict';

const { Argument, Command, InvalidArgumentError } = require('commander');
const { convert, unitsOf } = require('./units');
const { version } = require('./package.json');

const program = new Command('units').description('Convert between units').version(version);

for (const kind of ['length', 'mass', 'time']) {
  program
    .command(kind)
    .description(`convert a ${kind}`)
    .argument('<amount>', 'how much', number)
    .addArgument(new Argument('<from>', 'unit of the amount').choices(unitsOf(kind)))
    .addArgument(new Argument('<to>', 'unit to convert to').choices(unitsOf(kind)))
    .option('-d, --digits <count>', 'digits after the point', number, 3)
    .action((amount, from, to, { digits }) => {
      console.log(`${convert(kind, amount, from, to).toFixed(digits)} ${to}`);
    });
}

program.parse();

function number(text) {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) throw new InvalidArgumentError('Not a number.');
  return value;
}
