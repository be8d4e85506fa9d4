const assert = require('node:assert');
const test = require('node:test');

test('tree', () => {
const tree = Tree.from([5, 2, 8, 1]);
assert.deepStrictEqual([...tree], [1, 2, 5, 8]);
assert.strictEqual(tree.size, 4);
});
