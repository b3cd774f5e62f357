// The builder script of a blob that has all of Node's streams, and tries what depends on how native code makes objects:
// a server, and a worker thread. Bundled and run by measure.ts; ends with exit code 0 where all of it works.
import childProcess = require('node:child_process');
import net = require('node:net');
import tty = require('node:tty');

import { openInternals } from '../../snapshot-entry/builder/internals.cjs';
import { notingBindings } from '../../snapshot-entry/builder/noting-bindings.cjs';
import { remakeNotes } from '../../snapshot-entry/launch/native-bindings.cjs';
import { NodeModules } from '../../snapshot-entry/launch/node-module.cjs';
import { tryWorker } from '../../snapshot-entry/trial/try-worker.cjs';

type Handles = { _handle: object };

/** Where the server listens: as the first argument. */
function serve(where: string, Pipe: new () => object): void {
  const server = net.createServer((socket) => {
    if (!((socket as unknown as Handles)._handle instanceof Pipe)) process.exitCode = 1;
    socket.end('served');
  });
  server.listen(where, () => {
    const socket = net.connect(where);
    let text = '';
    socket.on('data', (data) => {
      text += data;
    });
    socket.on('close', () => {
      if (text !== 'served') process.exitCode = 1;
      server.close();
    });
  });
}

const internals = openInternals(NodeModules._load);
const bindings = notingBindings(internals);
const { Pipe } = internals.binding('pipe_wrap') as { Pipe: new () => object };

internals.startupSnapshot.setDeserializeMainFunction(() => {
  remakeNotes(bindings);
  process.execArgv = [];
  serve(process.argv.at(-1) ?? '', Pipe);
  const child = childProcess.spawn(process.execPath, ['--version'], { stdio: ['ignore', 'pipe', 'ignore'] });
  child.on('close', (code) => {
    if (code !== 0 || tty.isatty(-1)) process.exitCode = 1;
  });
  tryWorker();
});
