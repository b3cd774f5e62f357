// What a module gets for a `require` of what no builder can load (ES modules, addons, some built-ins): an object that
// answers everything with itself, as in `require('./addon.node').open().x`. The module is charged with the `require`.
// Where that statement is deferred, nothing that is baked may use what it got.
import { opaque } from './ledger.cjs';
import * as safe from './saved.cjs';

export const standIn: object = new safe.RealProxy(function standsIn() {}, {
  get: (_target, key) => (key === Symbol.toPrimitive ? () => '' : standIn),
  apply: () => standIn,
  construct: () => standIn,
});
opaque.add(standIn);
