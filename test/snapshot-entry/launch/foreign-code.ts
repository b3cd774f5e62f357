// When may code that is not baked have run? Each `true` here is a comparison at a launch, each wrong `false` a change unseen.
import t from 'tap';
import { ForeignCode } from '../../../snapshot-entry/launch/foreign-code.cjs';
import { type NodeModule, NodeModules } from '../../../snapshot-entry/launch/node-module.cjs';

const [first, second] = ['first', 'second'].map((name) => new NodeModules(`/foreign/${name}`)) as [
  NodeModule,
  NodeModule,
];

/** Whether a module's call of `require` finds that something may have run. */
function isNoted(foreign: ForeignCode, module: NodeModule): boolean {
  const { epoch } = foreign;
  foreign.beforeRequire(module);
  return foreign.epoch !== epoch;
}

t.test('a call of require from anywhere', async (t) => {
  const foreign = new ForeignCode();
  t.ok(isNoted(foreign, first), 'the first one');
  t.ok(isNoted(foreign, first), 'each: nothing is known of what it did since');
});

t.test('a module that makes calls and nothing else', async (t) => {
  const foreign = new ForeignCode();
  foreign.begin(first, 2);
  t.ok(isNoted(foreign, first), 'what was before is not known');
  t.notOk(isNoted(foreign, first));
  t.ok(isNoted(foreign, first), 'then it does something else');
});

t.test('another module in between', async (t) => {
  const foreign = new ForeignCode();
  foreign.begin(first, 3);
  foreign.beforeRequire(first);
  t.ok(isNoted(foreign, second));
  t.notOk(isNoted(foreign, first), 'that was seen: nothing has run since');
});

t.test('Node answers', async (t) => {
  const foreign = new ForeignCode();
  foreign.begin(first, 3);
  foreign.beforeRequire(first);
  const { epoch } = foreign;
  foreign.leaveToNode();
  t.ok(foreign.mayHaveRunSince(epoch), 'anything may run until it has');
  t.ok(isNoted(foreign, first), 'it requires from within, as nobody knows');
  foreign.nodeHasAnswered();
  t.ok(isNoted(foreign, first), 'it may have to its end');
  t.notOk(isNoted(foreign, first));
});

t.test('modules within modules', async (t) => {
  const foreign = new ForeignCode();
  foreign.begin(first, 2);
  foreign.beforeRequire(first);
  foreign.leaveToNode();
  foreign.begin(second, 2);
  t.ok(isNoted(foreign, second));
  t.notOk(isNoted(foreign, second));
  foreign.nodeHasAnswered();
  t.ok(isNoted(foreign, first), 'the inner one may have done anything at its end');
  t.ok(isNoted(foreign, second), 'the inner one has ended');
});

t.test('statements that are nothing but calls of require', async (t) => {
  const foreign = new ForeignCode();
  foreign.beforeRequire(first);
  const { epoch } = foreign;
  const begun = foreign.begin(second, 1);
  t.notOk(isNoted(foreign, second));
  foreign.end(begun);
  t.notOk(foreign.mayHaveRunSince(epoch));
  t.ok(isNoted(foreign, second), 'after the statement it may do something else');
  t.ok(foreign.mayHaveRunSince(epoch));
});

t.test('what is noted', async (t) => {
  const foreign = new ForeignCode();
  const { epoch } = foreign;
  t.ok(foreign.mayHaveRunSince(epoch), 'at first nothing is known');
  foreign.note();
  t.notOk(foreign.mayHaveRunSince(foreign.epoch));
  t.ok(foreign.mayHaveRunSince(epoch));
});
