const assert = require('node:assert');
const test = require('node:test');

test('text', () => {
assert.deepStrictEqual(mostCommon('the cat and the dog and the bird', 2), ['the', 'and']);
assert.ok(isPalindrome('No lemon, no melon') && !isPalindrome('pear'));
assert.strictEqual(caesar('abc xyz!', 3), 'def abc!');
});
