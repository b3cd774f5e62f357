// A package registry of a test's own, on this machine: package managers install from it what the test publishes.

import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Test } from 'tap';
import type { Files } from './files.js';

interface Published {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
}

const BLOCK = 512;

/** One file as a tar archive holds it (ustar). */
function tarEntry(name: string, text: string): Buffer {
  const header = Buffer.alloc(BLOCK);
  const bytes = Buffer.from(text);
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`;
  header.write(`package/${name}`, 0);
  header.write(octal(0o644, 7) + octal(0, 7) + octal(0, 7) + octal(bytes.length, 11) + octal(0, 11), 100);
  header.write('        0', 148);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(octal(sum, 6), 148);
  return Buffer.concat([header, bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)]);
}

function tarball(files: Files): Buffer {
  const entries = Object.entries(files).map(([name, text]) => tarEntry(name, text));
  return gzipSync(Buffer.concat([...entries, Buffer.alloc(2 * BLOCK)]));
}

export class Registry {
  readonly #server: Server;
  readonly #packages = new Map<string, Map<string, object>>();
  readonly #tarballs = new Map<string, Buffer>();

  private constructor() {
    this.#server = createServer((request, response) => {
      const path = decodeURIComponent(new URL(request.url ?? '/', this.url).pathname);
      const archive = this.#tarballs.get(path);
      const versions = this.#packages.get(path.slice(1));
      if (archive !== undefined) response.end(archive);
      else if (versions !== undefined)
        response.setHeader('content-type', 'application/json').end(this.#document(versions));
      else response.writeHead(404).end('{}');
    });
  }

  /** Until the test ends. */
  static async open(t: Test): Promise<Registry> {
    const registry = new Registry();
    await new Promise<void>((resolve) => registry.#server.listen(0, '127.0.0.1', resolve));
    t.teardown(() => {
      registry.#server.closeAllConnections();
      registry.#server.close();
    });
    return registry;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  publish(manifest: Published, files: Files): void {
    const { name, version } = manifest;
    const archive = tarball({ 'package.json': JSON.stringify(manifest), ...files });
    const path = `/${name}/-/${name}-${version}.tgz`;
    const hash = (algorithm: string, encoding: 'hex' | 'base64') =>
      createHash(algorithm).update(archive).digest(encoding);
    const dist = {
      tarball: new URL(path, this.url).href,
      shasum: hash('sha1', 'hex'),
      integrity: `sha512-${hash('sha512', 'base64')}`,
    };
    this.#tarballs.set(path, archive);
    const versions = this.#packages.get(name) ?? new Map<string, object>();
    this.#packages.set(name, versions.set(version, { ...manifest, dist }));
  }

  #document(versions: ReadonlyMap<string, object>): string {
    const latest = [...versions.keys()].at(-1);
    const [first] = versions.values();
    const { name } = first as Published;
    return JSON.stringify({ name, 'dist-tags': { latest }, versions: Object.fromEntries(versions) });
  }
}
