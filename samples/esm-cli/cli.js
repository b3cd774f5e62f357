#!/usr/bin/env node
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { slug } from './lib/slug.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { version: { type: 'boolean' }, help: { type: 'boolean' }, length: { type: 'string', default: '60' } },
});

if (values.version) {
  const { version } = JSON.parse(await readFile(new URL('./package.json', import.meta.url), 'utf8'));
  console.log(version);
} else if (values.help || positionals.length === 0) {
  console.log('Usage: slugs [--length N] TEXT...');
} else {
  for (const text of positionals) console.log(slug(text, Number(values.length)));
}
