const assert = require('node:assert');
const test = require('node:test');

test('groups', () => {
assert.deepStrictEqual(agesByCity(people), { Bonn: 39, Ulm: 25 });
assert.strictEqual(oldest(people), 'Cy');
assert.strictEqual(oldest([]), undefined);
assert.strictEqual(average([]), undefined);
});
