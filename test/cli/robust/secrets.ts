// What the builder's environment holds is in no file that the build leaves, in no encoding.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { names, write } from '../harness/files.js';
import { nodes } from '../harness/nodes.js';
import { scratch } from '../harness/places.js';
import { buildProgram, writeProgram } from '../harness/program.js';
import { hasTerminal } from '../harness/terminal.js';

t.setTimeout(300_000);

const secret = 'hunter2-correct-horse-battery-staple';
const terminalName = 'no-secret-but-of-this-machine';
const otherSecret = 'npm_AbCdEfGhIjKlMnOpQrStUvWxYz012345';

/** Base64 has three forms of a text within another: one for each offset. The ends depend on the neighbours. */
function base64Forms(text: string): string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.from('x'.repeat(offset) + text)
      .toString('base64')
      .replace(/=+$/, '');
    return encoded.slice(offset === 0 ? 0 : 4, -4);
  });
}

function forms(text: string): Map<string, Buffer> {
  const base64 = base64Forms(text).map((form, offset): [string, Buffer] => [`base64 at ${offset}`, Buffer.from(form)]);
  return new Map([
    ['raw', Buffer.from(text)],
    ['two-byte', Buffer.from(text, 'utf16le')],
    ['hexadecimal', Buffer.from(Buffer.from(text).toString('hex'))],
    ['backwards', Buffer.from([...text].reverse().join(''))],
    ...base64,
  ]);
}

t.test('the forms are found where they are', async (t) => {
  for (const offset of [0, 1, 2, 3]) {
    const held = Buffer.from(Buffer.from(`${'y'.repeat(offset)}${secret}zz`).toString('base64'));
    t.ok(
      [...forms(secret).values()].some((form) => held.includes(form)),
      `base64, offset ${offset}`,
    );
  }
});

for (const node of nodes(t)) {
  await t.test(`secrets, Node ${node.name}`, async (t) => {
    const folder = join(scratch(t, 'secrets'), 'program');
    writeProgram(folder, 'text');
    // Asks for a terminal, of which the builder is told the name.
    write(join(folder, 'node_modules/dependency'), {
      'index.js': "exports.text = require('tty').isatty(1) && /^xterm/.test(process.env.TERM) ? 'colours' : 'none';",
    });
    const env = {
      TERM: `xterm-${terminalName}`,
      MY_SECRET: secret,
      NPM_TOKEN: otherSecret,
      [`NAME_${otherSecret}`]: 'value',
    };
    const target = await buildProgram(t, node, folder, { env, ownCache: true });
    // The cache of analyses is below the home, which is the build's own folder here.
    const files = names(target.ground).filter((name) => !name.startsWith('path-'));
    const blobs = files.filter((name) => name.endsWith('app.blob')).length;
    t.equal(blobs, hasTerminal(t) ? 2 : 1, 'the blobs are among the files');
    for (const [label, text] of [
      ['MY_SECRET', secret],
      ['NPM_TOKEN', otherSecret],
      ['TERM', terminalName],
    ] as const) {
      const held = files.flatMap((name) => {
        const bytes = readFileSync(join(target.ground, name));
        return [...forms(text)].filter(([, form]) => bytes.includes(form)).map(([form]) => `${name}: ${form}`);
      });
      t.same(held, [], `${label} is nowhere`);
    }
  });
}
