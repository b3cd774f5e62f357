// Every hazard rule. Most find each effect of some kinds, and stand here; one with a question of its own is a file in rules/
// and a line here. Each has an entry in docs/HAZARDS.md.
import { effectRule, type Finding, type ModuleFacts, type Rule } from './rule.js';
import { clock } from './rules/clock.js';
import { foreignWrite } from './rules/foreign-write.js';
import { notEvaluated } from './rules/not-evaluated.js';
import { unparsed } from './rules/unparsed.js';

export const rules: readonly Rule[] = [
  effectRule({
    code: 'HAZARD_ARGV',
    sentence: 'The module reads the command line while it loads.',
    advice: 'read process.argv in a function that the entry calls',
    kinds: ['argv'],
    does: 'reads',
  }),
  effectRule({
    code: 'HAZARD_ASYNC_CONTEXT',
    sentence:
      'The module sets, reads or remembers the asynchronous context while it loads: that of a build is empty, and ends with it.',
    advice: 'make an AsyncLocalStorage at load, and use it in functions',
    kinds: ['async-context'],
    does: 'uses',
  }),
  effectRule({
    code: 'HAZARD_ASYNC_WORK',
    sentence: 'The module leaves a timer, a promise reaction or a callback behind when its load ends.',
    advice: 'start the work in a function',
    kinds: ['async-work'],
    does: 'leaves work for later:',
  }),
  effectRule({
    code: 'HAZARD_BUILTIN_LIST',
    sentence: 'The module reads the list of built-in modules, which is empty in a snapshot builder.',
    advice: 'read the list where it is used, or call isBuiltin',
    kinds: ['builtin-list'],
    does: 'reads',
  }),
  effectRule({
    code: 'HAZARD_BUILTIN_WRITE',
    sentence: 'The module changes a built-in module, constructor or prototype while it loads.',
    advice: 'wrap the built-in instead of changing it, or change it from the entry',
    kinds: ['builtin-write'],
    does: 'changes',
  }),
  clock,
  effectRule({
    code: 'HAZARD_IMPORT',
    sentence: 'The module calls import() while it loads.',
    advice: 'call import() in a function',
    kinds: ['import'],
    does: 'calls',
  }),
  effectRule({
    code: 'HAZARD_ENV_ENUMERATE',
    sentence:
      "The module lists or copies the environment while it loads: the copy would carry the build's variables, secrets included.",
    advice: 'read single variables where they are needed',
    kinds: ['env-enumerate'],
    does: 'lists or copies',
  }),
  effectRule({
    code: 'HAZARD_ENV_READ',
    sentence: 'The module reads an environment variable while it loads, and the value may differ in the next run.',
    advice: 'read the variable in the function that needs it',
    kinds: ['env-read'],
    does: 'reads the environment variable',
  }),
  effectRule({
    code: 'HAZARD_ENV_WRITE',
    sentence: 'The module changes the environment while it loads, which is undone when a snapshot starts.',
    advice: 'set the variable from the entry of the program',
    kinds: ['env-write'],
    does: 'changes the environment variable',
  }),
  effectRule({
    code: 'HAZARD_ERROR_KEPT',
    sentence: 'The module keeps an Error that it created while it loaded: its stack shows the builder.',
    advice: 'create the error where it is thrown',
    kinds: ['error-kept'],
    does: 'keeps an Error in',
  }),
  effectRule({
    code: 'HAZARD_FEATURE_TEST',
    sentence:
      'The module tests while it loads for a feature that a snapshot builder lacks, and would remember that it is missing.',
    advice: 'test where the feature is used',
    kinds: ['feature-test'],
    does: 'tests for',
  }),
  effectRule({
    code: 'HAZARD_FILE_OUTSIDE',
    sentence: 'The module reads files outside its own package while it loads.',
    advice: 'read the file in the function that needs it',
    kinds: ['file-outside'],
    does: 'reads',
  }),
  effectRule({
    code: 'HAZARD_FILE_WRITE',
    sentence: 'The module changes the file system while it loads.',
    advice: 'write in the function that needs it',
    kinds: ['file-write'],
    does: 'writes files:',
  }),
  foreignWrite,
  effectRule({
    code: 'HAZARD_GLOBAL_WRITE',
    sentence: 'The module changes a global while it loads.',
    advice: 'export the value instead',
    kinds: ['global-write'],
    does: 'changes',
  }),
  effectRule({
    code: 'HAZARD_LOADER_READ',
    sentence: 'The module reads what the loader has loaded so far, which depends on the run.',
    advice: 'read it in the function that needs it',
    kinds: ['loader-read'],
    does: 'reads',
  }),
  effectRule({
    code: 'HAZARD_LOCALE',
    sentence: 'The module uses the locale or the time zone while it loads.',
    advice: 'create the formatter at first use',
    kinds: ['locale'],
    does: 'depends on the locale or time zone by',
  }),
  effectRule({
    code: 'HAZARD_MODULE_HOOK',
    sentence: 'The module changes the module loader or loads through it directly while it loads.',
    advice: 'install hooks from the entry; use require',
    kinds: ['module-hook', 'create-require'],
    does: 'works on the module loader:',
  }),
  effectRule({
    code: 'HAZARD_NATIVE_KEPT',
    sentence:
      'The module keeps what a snapshot cannot hold: an object with a native handle, memory that threads share, a weak reference to what nothing else keeps, an open file, or, from Node 26 on, a Date.',
    advice: 'create the object at first use',
    kinds: ['native-kept'],
    does: 'keeps',
  }),
  effectRule({
    code: 'HAZARD_NETWORK',
    sentence: 'The module uses the network while it loads.',
    advice: 'connect in the function that needs it',
    kinds: ['network'],
    does: 'uses the network:',
  }),
  notEvaluated,
  effectRule({
    code: 'HAZARD_OS',
    sentence: 'The module asks the operating system about this machine or user while it loads.',
    advice: 'ask in the function that needs it',
    kinds: ['os'],
    does: 'asks',
  }),
  effectRule({
    code: 'HAZARD_PROCESS_LISTENER',
    sentence: 'The module adds or removes listeners of the process while it loads.',
    advice: 'add the listener from the entry',
    kinds: ['process-listener'],
    does: 'calls',
  }),
  effectRule({
    code: 'HAZARD_PROCESS_STATE',
    sentence:
      'The module asks the process for something that differs between runs: its id, folder, user, title, uptime or handles.',
    advice: 'ask in the function that needs it',
    kinds: ['process-read', 'process-call'],
    does: 'uses',
  }),
  effectRule({
    code: 'HAZARD_PROCESS_WRITE',
    sentence: 'The module changes a member of process while it loads.',
    advice: 'leave process alone, or do it from the entry',
    kinds: ['process-write'],
    does: 'changes',
  }),
  effectRule({
    code: 'HAZARD_RANDOM',
    sentence: 'The module takes random values while it loads; every run would share them.',
    advice: 'make the value in the function that needs it',
    kinds: ['random'],
    does: 'takes randomness from',
  }),
  effectRule({
    code: 'HAZARD_SPAWN',
    sentence: 'The module starts a process or a thread while it loads.',
    advice: 'start it in the function that needs it',
    kinds: ['spawn'],
    does: 'starts a process or thread:',
  }),
  effectRule({
    code: 'HAZARD_STACK',
    sentence:
      'The module changes how stacks are captured, or looks at one, while it loads: frames and settings differ in a snapshot.',
    advice: 'look at stacks in the function that needs them',
    kinds: ['stack-setting'],
    does: 'uses stack traces:',
  }),
  effectRule({
    code: 'HAZARD_STARTS_PROGRAM',
    sentence: 'The module prints or ends the process while it loads: it is a program, not a library.',
    advice: 'export a function and call it from the entry',
    kinds: ['exit', 'output'],
    does: 'acts like a program:',
  }),
  effectRule({
    code: 'HAZARD_STD_STREAM',
    sentence: 'The module touches a standard stream, or asks whether one is a terminal, while it loads.',
    advice: 'use the stream in the function that prints',
    kinds: ['std-stream'],
    does: 'touches',
  }),
  effectRule({
    code: 'HAZARD_THROWS',
    sentence: 'The module did not load to its end in the analysis.',
    advice: 'see the reason given',
    kinds: ['throws'],
    does: 'does not load here:',
  }),
  unparsed,
  effectRule({
    code: 'HAZARD_BUILTIN',
    sentence: 'The module loads a built-in that cannot live in a snapshot of this Node.',
    advice: 'require the built-in in the function that uses it',
    kinds: ['unsnapshotable-builtin'],
    does: 'needs',
  }),
];

/** What stands against baking a module; empty if nothing does. */
export function findHazards(facts: ModuleFacts, active: readonly Rule[] = rules): Finding[] {
  return active.flatMap((rule) => rule.find(facts));
}
