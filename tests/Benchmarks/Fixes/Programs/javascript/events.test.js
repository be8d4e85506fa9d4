import test from 'node:test';
import assert from 'node:assert';
import exists, { Clock, listen } from './events.js';

test('clock', () => {
  const clock = new Clock();
  const heard = listen(clock);
  assert.strictEqual(clock.tick(3), 3);
  assert.deepStrictEqual(heard, [1, 2, 3]);
  assert.strictEqual(exists('/nowhere'), false);
});
