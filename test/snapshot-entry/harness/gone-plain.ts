// argv: ENTRY ARGS. Goes plain as a restored process would.
import { runPlain } from '../../../snapshot-entry/launch/run-plain.cjs';

process.argv.splice(1, 1);
const [, entry = ''] = process.argv;
runPlain(entry, ['--no-deprecation']);
