#!/usr/bin/env node
'use strict';

// Prints the CRC-32 of files, computed by a native addon.

const fs = require('node:fs');
const { crc32 } = require('@node-rs/crc32');

const files = process.argv.slice(2);

if (files.includes('--version')) {
  console.log(require('./package.json').version);
} else if (files.length === 0 || files.includes('--help')) {
  console.log('Usage: checksum FILE...');
} else {
  for (const file of files) {
    try {
      console.log(`${crc32(fs.readFileSync(file)).toString(16).padStart(8, '0')}  ${file}`);
    } catch (error) {
      console.error(`checksum: ${error.message}`);
      process.exitCode = 1;
    }
  }
}
