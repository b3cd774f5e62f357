// Loaded by measure-script.cts: the stack at the top of a required module.
import capture = require('./measured-stack.cjs');

export const frames = capture.stack();
