// Which modules are baked together, and in which order sets of them can be added.
import t from 'tap';
import { closedSets, dependentsOf, needsOf, withDependents } from '../../src/bake/closed-sets.js';
import { type Links, linked } from './harness/linked.js';

function setsOf(links: Links): string[][] {
  return closedSets(linked(links));
}

t.test('a module comes after all that it requires', async (t) => {
  const sets = setsOf({ a: ['b', 'c'], b: ['d'], c: ['d'], d: [], e: ['a'] });
  t.same(sets, [['d'], ['b'], ['c'], ['a'], ['e']]);
});

t.test('a cycle is one set, after what it requires and before what requires it', async (t) => {
  const sets = setsOf({ a: ['b'], b: ['c'], c: ['a', 'd'], d: [], e: ['c'] });
  t.same(sets, [['d'], ['a', 'b', 'c'], ['e']], 'first the member through which it was entered');
});

t.test('a module and its head are one set', async (t) => {
  const modules = linked({ writer: ['part', 'other'], part: [], other: [], alone: ['other'] }, { part: ['writer'] });
  t.same(closedSets(modules), [['other'], ['writer', 'part'], ['alone']]);
});

t.test('what is not among the modules is in no set', async (t) => {
  t.same(setsOf({ a: ['unknown', 'b', 'node:fs'], b: [] }), [['b'], ['a']]);
  t.same(setsOf({}), []);
});

t.test('any number of the first sets needs nothing of the others', async (t) => {
  const links = { a: ['c', 'b'], b: ['d', 'e'], c: ['e'], d: [], e: ['f'], f: ['e', 'h'], g: ['a', 'f'], h: [] };
  const modules = linked(links, { c: ['a'] });
  const sets = closedSets(modules);
  t.ok(sets.length > 4, 'there are several');
  t.same(sets.flat().sort(), Object.keys(links), 'each module is in one set');
  const needs = new Map(needsOf(modules).map((module) => [module.file, module.needs]));
  for (const [at, files] of sets.entries()) {
    const there = new Set(sets.slice(0, at + 1).flat());
    for (const need of files.flatMap((file) => needs.get(file) ?? [])) t.ok(there.has(need), `${files} needs ${need}`);
  }
});

t.test('a chain of 10^5 modules needs no deep stack', async (t) => {
  const links: Record<string, string[]> = {};
  for (let i = 0; i < 100_000; i++) links[`m${i}`] = i + 1 < 100_000 ? [`m${i + 1}`] : [];
  const sets = setsOf(links);
  t.same([sets[0], sets.at(-1)], [['m99999'], ['m0']]);
});

t.test('dependents of a culprit go with it, directly or not', async (t) => {
  const modules = needsOf(linked({ a: ['b'], b: ['c'], c: [], d: ['c', 'e'], e: [], f: ['e'] }));
  t.same([...withDependents(modules, ['c'])].sort(), ['a', 'b', 'c', 'd']);
  t.same([...withDependents(modules, ['b', 'e'])].sort(), ['a', 'b', 'd', 'e', 'f']);
  t.same([...withDependents(modules, [])], []);
  t.same([...withDependents(needsOf(linked({ a: ['b'], b: ['a'] })), ['a'])].sort(), ['a', 'b']);
  t.same(dependentsOf(modules).get('e'), ['d', 'f']);
});
