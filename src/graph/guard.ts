// A condition on a run under which an effect has no consequence, because what the module asked for then has the answer that
// it got in the analysis. `DEBUG is not set`, say. What the builder is told of it has the same shape (bake-plan.cts).

export type Guard =
  | { readonly kind: 'env-unset'; readonly name: string }
  /** It has the value that the builder was given: only for variables that hold no secrets (src/target/environment.ts). */
  | { readonly kind: 'env-same'; readonly name: string }
  /** No variable's name passes a test of the module's own, which is here as source text: `(key) => /^debug_/i.test(key)`. */
  | { readonly kind: 'env-none'; readonly test: string }
  | { readonly kind: 'argv-without'; readonly word: string }
  /** Of a descriptor. */
  | { readonly kind: 'no-terminal' | 'terminal'; readonly fd: number }
  /** Of `process.stdout` and the like: no terminal and without a size, or a terminal of any; with its usual descriptor. */
  | { readonly kind: 'plain-stream' | 'terminal-stream'; readonly name: 'stdin' | 'stdout' | 'stderr' };
