const assert = require('node:assert');
const test = require('node:test');

test('bank', () => {
const savings = new Savings('Ada', 0.1);
savings.deposit(100);
savings.addInterest();
assert.strictEqual(savings.balance, 110);
assert.throws(() => savings.withdraw(500), { name: 'InsufficientFunds', message: 'Ada has only 110' });
assert.throws(() => savings.deposit('1'), TypeError);
assert.strictEqual(Account.count, 1);
assert.strictEqual(savings.history.length, 2);
});
