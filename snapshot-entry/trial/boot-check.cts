// A trial run without the program: does the blob boot, and can its worker threads load what they may?
import { tryWorker } from './try-worker.cjs';

tryWorker();
