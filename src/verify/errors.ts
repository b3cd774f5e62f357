// What keeps a verification from showing anything.
import { SnapError } from '../errors/snap-error.js';

export type VerifyErrorCode = 'TERMINAL_ENDLESS' | 'TERMINAL_PLAIN' | 'TERMINAL_UNSTEADY';

function shown(args: readonly string[]): string {
  return JSON.stringify(args.join(' '));
}

export function endlessOnTerminal(args: readonly string[], timeoutMs: number): SnapError<VerifyErrorCode> {
  return new SnapError({
    code: 'TERMINAL_ENDLESS',
    message: `on a terminal, plain did not end within ${timeoutMs / 1000} s: ${shown(args)}`,
    hint: 'train with arguments that do not wait for an answer',
  });
}

export function plainOnTerminal(args: readonly string[]): SnapError<VerifyErrorCode> {
  return new SnapError({
    code: 'TERMINAL_PLAIN',
    message: `on a terminal, the artifact ran plain: ${shown(args)}`,
    hint: 'SNAP_DEBUG=1 says why, on a terminal',
  });
}

export function unsteadyOnTerminal(args: readonly string[]): SnapError<VerifyErrorCode> {
  return new SnapError({
    code: 'TERMINAL_UNSTEADY',
    message: `on a terminal, the accelerated run differed from plain once and then no more: ${shown(args)}`,
    hint: 'build again; if it comes often, train with arguments that always print the same',
  });
}
