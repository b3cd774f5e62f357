// Traps of a proxy for changes of an object other than assignments (`delete`, `Object.defineProperty`): each change is
// told, then made.
import * as safe from './saved.cjs';

type ChangeTraps = Required<Pick<ProxyHandler<object>, 'defineProperty' | 'deleteProperty' | 'setPrototypeOf'>>;

export function changeTraps(wrote: (key: string | symbol) => void): ChangeTraps {
  return {
    defineProperty(target, key, descriptor) {
      wrote(key);
      return safe.defineProperty(target, key, descriptor);
    },
    deleteProperty(target, key) {
      wrote(key);
      return safe.deleteProperty(target, key);
    },
    setPrototypeOf(target, prototype) {
      wrote('__proto__');
      return safe.setPrototypeOf(target, prototype);
    },
  };
}
