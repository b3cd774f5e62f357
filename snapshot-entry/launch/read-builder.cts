// The script that `node --build-snapshot` runs. Its text and its functions stay in the heap and are read at each launch, so
// it consists of this folder and what that requires of shared/, and of nothing that only a build needs. The builder is
// another script, in a file beside this one: compiled here with this script's `require`, so that both have one instance
// of each file of this folder. Once the heap is written nobody refers to the builder, and its text is not in the blob.
import fs = require('node:fs');
import path = require('node:path');

import { BUILDER_FILE } from '../shared/bake-plan.cjs';
import { compileScriptOf } from './compile.cjs';

const file = path.join(path.dirname(process.argv[1] ?? ''), BUILDER_FILE);
compileScriptOf(fs.readFileSync(file, 'utf8'), ['require'], file)(require);
