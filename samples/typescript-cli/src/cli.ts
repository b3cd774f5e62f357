#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromRoman, RomanError, toRoman } from './roman';

function main(args: readonly string[]): number {
  if (args.includes('--version')) {
    const { version }: { version: string } = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8'));
    console.log(version);
    return 0;
  }
  if (args.length === 0 || args.includes('--help')) {
    console.log('Usage: roman NUMBER|NUMERAL...');
    return args.length === 0 ? 2 : 0;
  }
  try {
    for (const word of args) console.log(/^\d+$/.test(word) ? toRoman(Number(word)) : fromRoman(word));
    return 0;
  } catch (error) {
    if (!(error instanceof RomanError)) throw error;
    console.error(`roman: ${error.message}`);
    return 1;
  }
}

process.exitCode = main(process.argv.slice(2));
