// Which native bindings a restored process has to make anew (launch/native-bindings.cts says why).
import type { BindingAccess, NativeBindings } from '../launch/native-bindings.cjs';
import { loadedBuiltins } from '../shared/loaded-builtins.cjs';

/** Those with notes; tested on each Node version, with all public built-ins in a worker. */
const NOTING = ['stream_wrap', 'tcp_wrap', 'pipe_wrap', 'tty_wrap'];

/** When everything is loaded. */
export function notingBindings({ makeBinding, binding }: BindingAccess): NativeBindings {
  const names = NOTING.filter((name) => loadedBuiltins()?.includes(`Internal Binding ${name}`));
  return { make: makeBinding, loaded: names.map((name) => ({ name, own: binding(name) })) };
}
