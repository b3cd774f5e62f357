// Graphs for these tests: what one plain run of an entry loads and resolves, seen by a preload of a few lines.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Graph, Load, ModuleFormat, Resolution, TracedModule } from '../../src/graph/types.js';

export const MAJORS = [20, 22, 24, 26] as const;

export function nodeFor(major: number): { path: string; major: number } {
  return { path: path.resolve(`node_modules/node-v${major}/bin/node`), major };
}

const PRELOAD = `const Module = require('module'), { writeFileSync } = require('fs'), { stringify } = JSON;
const order = [], resolutions = [], loads = {}, parents = {}, stack = [];
const resolve = Module._resolveFilename, load = Module.prototype.load;
Module._resolveFilename = function (request, parent) {
  const from = parent && parent.filename;
  const builtin = Module.isBuiltin(request);
  let target = null, code;
  try { const file = resolve.apply(this, arguments); target = builtin ? 'node:' + request.replace(/^node:/, '') : file; return file; }
  catch (error) { code = error.code; throw error; }
  finally {
    if (from) {
      resolutions.push({ from, request, target, code });
      if (target && stack.at(-1) === from) (loads[from] ??= []).push({ request, target });
    }
  }
};
Module._load = ((original) => function (request, parent) {
  const from = parent && parent.filename;
  if (from && Module.isBuiltin(request)) {
    const target = 'node:' + request.replace(/^node:/, '');
    resolutions.push({ from, request, target });
    if (stack.at(-1) === from) (loads[from] ??= []).push({ request, target });
  }
  return original.apply(this, arguments);
})(Module._load);
Module.prototype.load = function (file) {
  order.push(file); parents[file] = stack.at(-1) ?? null; stack.push(file);
  try { return load.apply(this, arguments); } finally { stack.pop(); }
};
process.on('exit', () => writeFileSync(process.env.GRAPH_OUT, stringify({ order, resolutions, loads, parents })));`;

interface Recorded {
  readonly order: string[];
  readonly resolutions: Resolution[];
  readonly loads: Record<string, Load[]>;
  readonly parents: Record<string, string | null>;
}

function formatOf(file: string): ModuleFormat {
  if (file.endsWith('.json')) return 'json';
  return file.endsWith('.node') ? 'addon' : 'commonjs';
}

/** Runs `entry` once under `node` and tells what it loaded. */
export function graphOf(entry: string, node: string): Graph {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'graph-of-'));
  try {
    const preload = path.join(folder, 'preload.cjs');
    const out = path.join(folder, 'out.json');
    writeFileSync(preload, PRELOAD);
    const env = { PATH: process.env.PATH, HOME: folder, GRAPH_OUT: out };
    execFileSync(node, ['-r', preload, entry], { env, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    const recorded: Recorded = JSON.parse(readFileSync(out, 'utf8'));
    return toGraph(entry, recorded);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function toGraph(entry: string, { order, resolutions, loads, parents }: Recorded): Graph {
  const files = [...new Set(order)];
  const modules: TracedModule[] = files.map((file, index) => ({
    file,
    format: formatOf(file),
    bytes: statSync(file).size,
    order: index,
    selfMs: 0,
    totalMs: 0,
    lines: [0],
    parent: parents[file] ?? null,
    loads: loads[file] ?? [],
    writesBefore: [],
  }));
  const seen = new Map(resolutions.map((item) => [`${item.from}\0${item.request}`, item]));
  return { entry, entryFormat: 'commonjs', runs: [], modules, resolutions: [...seen.values()], writes: [] };
}

/** Writes a small program: `files` by relative path, `entry.js` requires them in order unless it is given. */
export function programOf(files: Readonly<Record<string, string>>): { entry: string; folder: string; remove(): void } {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hazard-'));
  const all: Record<string, string> = {
    'package.json': '{"name":"fixture"}',
    'entry.js': Object.keys(files)
      .filter((file) => /\.js$/.test(file))
      .map((file) => `try { require('./${file}') } catch {}`)
      .join('\n'),
    ...files,
  };
  for (const [file, text] of Object.entries(all)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  return {
    entry: path.join(folder, 'entry.js'),
    folder,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
