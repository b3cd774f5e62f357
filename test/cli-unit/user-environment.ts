// pnpm's script for `snap` sets NODE_PATH; what the user has set stays.
import t from 'tap';
import { userEnvironment } from '../../src/cli/user-environment.js';

const store = '/p/node_modules/.pnpm';
const packages = `${store}/v8-snap@1.0.0/node_modules`;
const file = `${packages}/v8-snap/dist/src/cli/main.js`;
const own = `${packages}/v8-snap/node_modules:${packages}:${store}/node_modules`;

t.test('the folders of our own packages are not the user’s', async (t) => {
  t.same(userEnvironment({ A: '1', NODE_PATH: own }, file), { A: '1' });
  t.same(userEnvironment({ NODE_PATH: `${own}:/mine:${store}/node_modules` }, file), {
    NODE_PATH: `/mine:${store}/node_modules`,
  });
});

t.test('what the user has set stays', async (t) => {
  for (const given of ['/mine', '/p/node_modules', `/p/node_modules:${packages}`, '']) {
    const env = { NODE_PATH: given };
    t.equal(userEnvironment(env, file), env, given);
  }
  const none = {};
  t.equal(userEnvironment(none, file), none);
  t.equal(userEnvironment({ NODE_PATH: own }, '/elsewhere/v8-snap/main.js').NODE_PATH, own, 'another installation');
});
