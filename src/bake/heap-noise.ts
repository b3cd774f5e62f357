// What differs between two heaps of builders although no module has changed anything: what V8 and Node note for themselves
// when they are first asked. Found on real programs; the table is to be read by people when it grows.
import type { HeapDifference } from './heap-difference.js';

interface Noise {
  readonly what: string;
  /** Undefined: anything. */
  readonly path?: RegExp;
  readonly before?: RegExp;
  readonly after?: RegExp;
}

const NOISE: readonly Noise[] = [
  {
    what: "a logger of Node's own, which looks for NODE_DEBUG at its first call",
    path: /\{(?:debug|startTimer|endTimer|traceSync)\}|\{tracesStores\}/,
  },
  {
    what: 'the names that a built-in exports, listed when it is first required',
    path: /^builtins get\([\w/]+\) exportKeys$/,
  },
  {
    what: 'a part of a built-in that is loaded when its member is first read',
    path: /^builtins get\(fs\) .*\{promises\}$/,
    before: /^null$/,
  },
  {
    what: 'the same, where the member is an accessor until then',
    path: /^(?:builtins get\([\w/]+\) exports|global) \w+$/,
    before: /^\(nothing\)$/,
    after: /^closure \w+ of node:/,
  },
  {
    what: 'a value that is made when it is first needed (lazy() in internal/util)',
    path: /\(context\) \{(?:value|initialized)\}$/,
    before: /^(?:undefined|false)$/,
  },
  {
    what: "the table of Node's options, and the member of process that is made of it when it is first read",
    path: /\{cliInfo\}$|allowedNodeEnvironmentFlags$/,
  },
  {
    what: 'who has required a module first and last, which activation tells anew',
    path: /<symbol node:module_\w+_parent>/,
  },
  { what: 'what navigator says, worked out when it is first read', path: / navigator #\w+$/, before: /^undefined$/ },
  {
    what: "the promise form of a function of Node's, which util.promisify notes at its first use",
    path: /<symbol nodejs\.util\.promisify\.custom>$/,
    before: /^\(nothing\)$/,
    after: / of node:/,
  },
  {
    what: 'ticks that loads of built-ins have queued, whoever asked for them: one of a module is a finding of the analysis',
    path: /\{queue\} tail /,
  },
  { what: 'an accessor of native code, which V8 makes when it is first asked for', before: /FunctionTemplateInfo$/ },
  {
    what: 'the pool of small Buffers, which Node makes anew when a snapshot starts',
    path: /\{(?:poolOffset|allocPool)\}$/,
  },
  { what: 'where files really are, which the builder itself asks', path: /\{realpathCache\}/ },
  { what: 'built-ins of which Node has said that they are new to snapshots', path: /\{warnedModules\}/ },
];

/** Whether V8 or Node itself made the difference. */
export function ofNode(difference: HeapDifference): boolean {
  return NOISE.some((noise) =>
    (['path', 'before', 'after'] as const).every((part) => noise[part]?.test(difference[part]) ?? true),
  );
}
