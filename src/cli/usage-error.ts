// Words on the command line that make no sense.
import { SnapError } from '../errors/snap-error.js';

export type UsageErrorCode = 'USAGE';

export function usageError(message: string, hint = 'see: snap --help, snap build --help'): SnapError<UsageErrorCode> {
  return new SnapError({ code: 'USAGE', message, hint });
}
