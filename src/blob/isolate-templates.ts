// A blob lists the templates that Node's native code keeps for an isolate. Node 22, 24 and 26 give that list to worker
// threads as well, where a binding that finds its template made already aborts the process. For example: a program that was
// baked with `net` loaded starts a worker, the worker loads `net`, and the whole process dies. What is taken out of the list
// is made again by the restored process (snapshot-entry/launch/native-bindings.cts), and by each worker that needs it.
import { findTemplates, withRecords } from './layout.js';

/** As Node names what the bindings in snapshot-entry/launch/native-bindings.cts make. */
const REMADE = [
  'shutdown_wrap_template',
  'write_wrap_template',
  'tcp_constructor_template',
  'pipe_constructor_template',
  'tty_constructor_template',
];

/** The blob without the templates that are made again; null where it has none of them, or no list is found. */
export function withoutRemadeTemplates(blob: Buffer): Buffer | null {
  const list = findTemplates(blob);
  const kept = list?.records.filter(({ name }) => !REMADE.includes(name)) ?? [];
  return list === null || kept.length === list.records.length ? null : withRecords(blob, list, kept);
}
