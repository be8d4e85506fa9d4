const assert = require('node:assert');
const test = require('node:test');

test('all', async () => {
  assert.deepStrictEqual(await loadAll(['a', 'bcd']), [{ name: 'bcd', size: 3 }]);
  assert.strictEqual(await tryLoad('missing', 'none'), 'none');
  assert.strictEqual(await tryLoad('here'), 'here');
  assert.strictEqual(await total(['ab', 'cde']), 5);
});
