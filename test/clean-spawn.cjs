'use strict';

// Loaded into each test process by tap (`node-arg` in .taprc), before tap's own preloads.
//
// tap records which files a test and its children load: it puts `--import …/@tapjs/processinfo/…` into NODE_OPTIONS of
// every child, even of one that is given an environment of its own. Under such a NODE_OPTIONS a launcher goes plain, as
// it should, and a trace or a build sees modules that are not the program's. The recording serves coverage only, which
// tap does not do here, so it is kept out of children: tap hooks `child_process` through the package process-on-spawn,
// which hooks nothing when its state is there already.
globalThis[Symbol.for('process-on-spawn@*:singletonId')] = { version: 1, listeners: [], unwrap() {} };
delete process.env.NODE_OPTIONS;
