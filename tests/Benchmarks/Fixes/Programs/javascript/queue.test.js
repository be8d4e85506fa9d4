const assert = require('node:assert');
const test = require('node:test');

test('queue', () => {
const queue = new Queue(1);
queue.enqueue(2);
assert.strictEqual(queue.dequeue(), 1);
assert.strictEqual(queue.dequeue(), 2);
assert.strictEqual(queue.dequeue(), EMPTY);
assert.strictEqual(evaluate('3 4 + 2 *'), 14);
let calls = 0;
const square = memoize((n) => { calls++; return n * n; });
assert.strictEqual(square(4) + square(4), 32);
assert.strictEqual(calls, 1);
});
