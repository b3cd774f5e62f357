'use strict';

const { readTable } = require('../table');

exports.command = 'columns [file]';
exports.describe = 'list the columns of a table';
exports.handler = ({ file, separator }) => {
  for (const name of readTable(file, separator).names) console.log(name);
};
