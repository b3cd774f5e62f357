// What a module had exported when a statement of it was left out of the snapshot. Who requires the module while that
// statement runs (a cycle that no training run has seen) must see that, and not what the module exports in the end.
import utilTypes = require('node:util/types');

import type { NodeModule } from './node-module.cjs';

const { defineProperty, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys, setPrototypeOf } = Reflect;
const { isProxy } = utilTypes;

type Properties = readonly (readonly [PropertyKey, PropertyDescriptor])[];

export interface PartialExports {
  readonly exports: unknown;
  readonly own: Properties;
}

/** What is put back afterwards. */
export interface Disguise {
  readonly module: NodeModule;
  readonly exports: unknown;
  readonly shown: unknown;
  readonly own: Properties;
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function propertiesOf(value: unknown): Properties {
  if (!isObject(value)) return [];
  return ownKeys(value).map((key) => [key, getOwnPropertyDescriptor(value, key) as PropertyDescriptor] as const);
}

export function partialExports({ exports }: NodeModule): PartialExports {
  return { exports, own: propertiesOf(exports) };
}

/** Latest first: V8 takes back what was added last without a trace. */
function give(value: unknown, own: Properties): void {
  if (!isObject(value)) return;
  const keys = ownKeys(value);
  for (let i = keys.length - 1; i >= 0; i--) {
    const key = keys[i] as PropertyKey;
    if (!own.some(([known]) => known === key)) deleteProperty(value, key);
  }
  for (const [key, descriptor] of own) defineProperty(value, key, descriptor);
}

export function hide(module: NodeModule, { exports: shown, own }: PartialExports): Disguise {
  const disguise = { module, exports: module.exports, shown, own: propertiesOf(shown) };
  give(shown, own);
  module.exports = shown;
  return disguise;
}

/** Node puts a proxy below what a cycle sees, to warn of what is missing there, and takes it away after the load. */
export function reveal({ module, exports, shown, own }: Disguise): void {
  give(shown, own);
  if (isObject(shown) && isProxy(getPrototypeOf(shown))) setPrototypeOf(shown, Object.prototype);
  module.exports = exports;
}
