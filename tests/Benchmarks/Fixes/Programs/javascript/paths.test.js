const assert = require('node:assert');
const test = require('node:test');

test('paths', () => {
assert.strictEqual(fileOf('logs', 'a'), 'logs/a.log');
const kept = filter(['[debug] x', '[info] y', 'noise', '[warn] z'], 'info');
assert.deepStrictEqual(kept.map(show), ['y', '! z']);
assert.strictEqual(show({ level: 'debug' }), '');
});
