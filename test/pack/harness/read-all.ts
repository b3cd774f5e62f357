// Run by each Node version: reads the sample's pack (argv[2], its size in argv[3]) and prints every answer.
import { askAll } from './answers.js';
import { expectationOf, sampleInput } from './sample.js';

const [, , file = '', bytes = '0'] = process.argv;
const input = sampleInput();
process.stdout.write(JSON.stringify([...askAll(file, expectationOf(input, Number(bytes)), input)]));
