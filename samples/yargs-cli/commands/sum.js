'use strict';

const { readTable } = require('../table');

exports.command = 'sum <column> [file]';
exports.describe = 'add up one column';
exports.builder = (yargs) => yargs.option('digits', { type: 'number', default: 2, describe: 'digits after the point' });
exports.handler = ({ column, file, separator, digits }) => {
  const { names, rows } = readTable(file, separator);
  const index = names.indexOf(column);
  if (index < 0) {
    console.error(`csv: there is no column "${column}"; there are: ${names.join(', ')}`);
    process.exitCode = 1;
    return;
  }
  console.log(rows.reduce((sum, row) => sum + Number(row[index] || 0), 0).toFixed(digits));
};
