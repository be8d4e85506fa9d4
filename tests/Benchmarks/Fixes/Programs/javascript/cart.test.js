const assert = require('node:assert');
const test = require('node:test');

test('cart', () => {
const cart = new Cart().add('pen', 1.5, 2).add('cup', 4).add('pen', 1.5);
assert.strictEqual(cart.total, 8.5);
assert.strictEqual(String(cart), '3 x pen, 1 x cup: 8.50 EUR');
assert.throws(() => cart.add('x', 1, 0), /not 0/);
});
