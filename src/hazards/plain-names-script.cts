// Run by a target node, plainly: prints, as JSON, the names of its built-in modules and of what all modules share.
// `node:fs`, `Promise.try`, `Set.prototype.union`, `%Iterator%.map`, `%Iterator%.@@dispose`.
import Module = require('node:module');
import shared = require('../../snapshot-entry/shared/intrinsics.cjs');

const names = new Set(Module.builtinModules.map((name) => `node:${name.replace(/^node:/, '')}`));

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** `text`, `@@iterator`; nothing for a symbol of somebody's own. */
function nameOf(key: string | symbol): string | undefined {
  if (typeof key === 'string') return key;
  const name = key.description?.replace(/^Symbol\./, '') ?? '';
  return Reflect.get(Symbol, name) === key ? `@@${name}` : undefined;
}

function list(path: string, holder: object): void {
  for (const key of Reflect.ownKeys(holder)) {
    const name = nameOf(key);
    if (name !== undefined) names.add(`${path}.${name}`);
  }
}

function listWithPrototype(path: string, holder: object): void {
  list(path, holder);
  const prototype: unknown = Object.getOwnPropertyDescriptor(holder, 'prototype')?.value;
  if (isObject(prototype)) list(`${path}.prototype`, prototype);
}

for (const name of Object.getOwnPropertyNames(globalThis)) {
  names.add(name);
  const value: unknown = /^[A-Z]/.test(name) ? Object.getOwnPropertyDescriptor(globalThis, name)?.value : null;
  if (!isObject(value)) continue;
  listWithPrototype(name, value);
  if (name !== 'Intl') continue;
  for (const key of Object.getOwnPropertyNames(value)) {
    const type: unknown = Object.getOwnPropertyDescriptor(value, key)?.value;
    if (isObject(type)) listWithPrototype(`${name}.${key}`, type);
  }
}
for (const [name, value] of Object.entries(shared.intrinsics())) listWithPrototype(name, value);
process.stdout.write(JSON.stringify([...names]));
