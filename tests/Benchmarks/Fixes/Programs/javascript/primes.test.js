const assert = require('node:assert');
const test = require('node:test');

test('primes', () => {
assert.deepStrictEqual(primesBelow(12), [2, 3, 5, 7, 11]);
assert.deepStrictEqual(factors(60), [2, 2, 3, 5]);
assert.ok(!isPrime(1));
});
