// Run by a target node: prints, as JSON, where its loader calls user code and what it is. Read by measure.ts.
import v8 = require('node:v8');
import capture = require('./measured-stack.cjs');

Error.stackTraceLimit = 30;

function framesOf(fail: () => unknown): capture.MeasuredFrame[] {
  try {
    fail();
  } catch (error) {
    return capture.stack(error as Error);
  }
  return [];
}

/** Frames of Node's loader between two user frames: those from the first `node:` frame on, up to the next file. */
function internal(frames: capture.MeasuredFrame[]): capture.MeasuredFrame[] {
  const first = frames.findIndex(({ file }) => file.startsWith('node:'));
  const rest = frames.slice(first);
  const end = rest.findIndex(({ file }) => !file.startsWith('node:'));
  return end < 0 ? rest : rest.slice(0, end);
}

const loading = internal((require('./measured.cjs') as { frames: capture.MeasuredFrame[] }).frames);
const resolving = internal(framesOf(() => require.resolve('./none-such')));
const [resolveCheck] = internal(framesOf(() => require.resolve(undefined as never)));
const [pathsCheck] = internal(framesOf(() => require.resolve.paths(undefined as never)));

process.stdout.write(
  JSON.stringify({
    version: process.version,
    arch: process.arch,
    platform: process.platform,
    execPath: process.execPath,
    v8Tag: v8.cachedDataVersionTag(),
    // Innermost first: _compile, the .js handler, ..., require; and _resolveFilename, ..., resolve.
    frames: {
      compile: loading[0],
      extension: loading[1],
      require: loading[loading.length - 1],
      resolve: resolving.slice(1).reverse(),
      checks: { resolve: resolveCheck, paths: pathsCheck },
    },
  }),
);
