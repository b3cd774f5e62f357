#!/usr/bin/env node
// The command line: parses, hands over to the public API, prints, sets the exit code. Nothing else in src/ does.
// Interrupts are seen to first, because the rest takes half a second to load.
import { exitOnInterrupt } from './interrupt.js';

exitOnInterrupt();
const { commandLine } = await import('./command-line.js');
await commandLine();
