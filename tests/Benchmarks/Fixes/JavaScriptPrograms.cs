namespace Platform.Benchmarks.Fixes;

/// <summary>Small right JavaScript programs, each with the asserts that it passes.</summary>
internal static class JavaScriptPrograms
{
    public static IEnumerable<ScriptProgram> All =>
    [
        Of("cart", """
            class Cart {
              constructor(currency = 'EUR') {
                this.currency = currency;
                this.lines = [];
              }

              add(name, price, quantity = 1) {
                if (quantity <= 0) {
                  throw new RangeError(`quantity must be positive, not ${quantity}`);
                }
                const known = this.lines.find((line) => line.name === name);
                if (known) {
                  known.quantity += quantity;
                } else {
                  this.lines.push({ name, price, quantity });
                }
                return this;
              }

              get total() {
                return this.lines.reduce((sum, line) => sum + line.price * line.quantity, 0);
              }

              toString() {
                const parts = this.lines.map((line) => `${line.quantity} x ${line.name}`);
                return `${parts.join(', ')}: ${this.total.toFixed(2)} ${this.currency}`;
              }
            }
            """, """
            const cart = new Cart().add('pen', 1.5, 2).add('cup', 4).add('pen', 1.5);
            assert.strictEqual(cart.total, 8.5);
            assert.strictEqual(String(cart), '3 x pen, 1 x cup: 8.50 EUR');
            assert.throws(() => cart.add('x', 1, 0), /not 0/);
            """),
        Of("text", """
            function words(text) {
              return text.toLowerCase().match(/[a-z']+/g) || [];
            }

            function countWords(text) {
              const counts = new Map();
              for (const word of words(text)) {
                counts.set(word, (counts.get(word) || 0) + 1);
              }
              return counts;
            }

            function mostCommon(text, limit) {
              const entries = Array.from(countWords(text).entries());
              entries.sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
              return entries.slice(0, limit).map(([word]) => word);
            }

            function isPalindrome(text) {
              const letters = text.toLowerCase().replace(/[^a-z]/g, '');
              return letters === letters.split('').reverse().join('');
            }

            function caesar(text, shift) {
              let result = '';
              for (let i = 0; i < text.length; i++) {
                const code = text.charCodeAt(i);
                if (code >= 97 && code <= 122) {
                  result += String.fromCharCode((code - 97 + shift) % 26 + 97);
                } else {
                  result += text[i];
                }
              }
              return result;
            }
            """, """
            assert.deepStrictEqual(mostCommon('the cat and the dog and the bird', 2), ['the', 'and']);
            assert.ok(isPalindrome('No lemon, no melon') && !isPalindrome('pear'));
            assert.strictEqual(caesar('abc xyz!', 3), 'def abc!');
            """),
        Of("fetching", """
            const delay = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

            async function load(name) {
              await delay(1);
              if (name === 'missing') {
                throw new Error('not found: ' + name);
              }
              return { name, size: name.length };
            }

            async function loadAll(names) {
              const found = await Promise.all(names.map((name) => load(name)));
              return found.filter((item) => item.size > 1);
            }

            async function tryLoad(name, fallback = null) {
              try {
                const item = await load(name);
                return item.name;
              } catch (error) {
                return fallback;
              }
            }

            async function total(names) {
              let sum = 0;
              for (const name of names) {
                const item = await load(name);
                sum += item.size;
              }
              return sum;
            }
            """, """
            test('all', async () => {
              assert.deepStrictEqual(await loadAll(['a', 'bcd']), [{ name: 'bcd', size: 3 }]);
              assert.strictEqual(await tryLoad('missing', 'none'), 'none');
              assert.strictEqual(await tryLoad('here'), 'here');
              assert.strictEqual(await total(['ab', 'cde']), 5);
            });
            """),
        Of("paths", """
            const path = require('node:path');
            const util = require('node:util');

            const levels = ['debug', 'info', 'warn'];

            function fileOf(folder, name) {
              return path.posix.join(folder, `${name}.log`);
            }

            function parse(line) {
              const match = /^\[(\w+)\] (.*)$/.exec(line);
              if (!match) {
                return null;
              }
              const [, level, message] = match;
              return { level, message, rank: levels.indexOf(level) };
            }

            function filter(lines, level) {
              const lowest = levels.indexOf(level);
              return lines.map(parse).filter((entry) => entry !== null && entry.rank >= lowest);
            }

            function show(entry) {
              switch (entry.level) {
                case 'warn':
                  return util.format('! %s', entry.message);
                case 'info':
                  return entry.message;
                default:
                  return '';
              }
            }
            """, """
            assert.strictEqual(fileOf('logs', 'a'), 'logs/a.log');
            const kept = filter(['[debug] x', '[info] y', 'noise', '[warn] z'], 'info');
            assert.deepStrictEqual(kept.map(show), ['y', '! z']);
            assert.strictEqual(show({ level: 'debug' }), '');
            """),
        Of("tree", """
            class Node {
              constructor(value) {
                this.value = value;
                this.left = null;
                this.right = null;
              }
            }

            class Tree {
              constructor() {
                this.root = null;
                this.size = 0;
              }

              insert(value) {
                const node = new Node(value);
                this.size++;
                if (this.root === null) {
                  this.root = node;
                  return;
                }
                let current = this.root;
                while (true) {
                  const side = value < current.value ? 'left' : 'right';
                  if (current[side] === null) {
                    current[side] = node;
                    return;
                  }
                  current = current[side];
                }
              }

              *[Symbol.iterator]() {
                yield* this.walk(this.root);
              }

              *walk(node) {
                if (node !== null) {
                  yield* this.walk(node.left);
                  yield node.value;
                  yield* this.walk(node.right);
                }
              }

              static from(values) {
                const tree = new Tree();
                values.forEach((value) => tree.insert(value));
                return tree;
              }
            }
            """, """
            const tree = Tree.from([5, 2, 8, 1]);
            assert.deepStrictEqual([...tree], [1, 2, 5, 8]);
            assert.strictEqual(tree.size, 4);
            """),
        Of("primes", """
            function isPrime(number) {
              if (number < 2) {
                return false;
              }
              for (let divisor = 2; divisor * divisor <= number; divisor++) {
                if (number % divisor === 0) {
                  return false;
                }
              }
              return true;
            }

            function* primes() {
              let number = 2;
              while (true) {
                if (isPrime(number)) {
                  yield number;
                }
                number += 1;
              }
            }

            function primesBelow(limit) {
              const found = [];
              for (const prime of primes()) {
                if (prime >= limit) {
                  break;
                }
                found.push(prime);
              }
              return found;
            }

            const factors = (number) => {
              const result = [];
              let rest = number;
              for (const prime of primesBelow(number + 1)) {
                while (rest % prime === 0) {
                  result.push(prime);
                  rest = Math.floor(rest / prime);
                }
              }
              return result;
            };
            """, """
            assert.deepStrictEqual(primesBelow(12), [2, 3, 5, 7, 11]);
            assert.deepStrictEqual(factors(60), [2, 2, 3, 5]);
            assert.ok(!isPrime(1));
            """),
        Of("bank", """
            class InsufficientFunds extends Error {
              constructor(owner, balance) {
                super(`${owner} has only ${balance}`);
                this.name = 'InsufficientFunds';
              }
            }

            class Account {
              static #count = 0;

              constructor(owner) {
                this.owner = owner;
                this.balance = 0;
                this.history = [];
                Account.#count++;
              }

              static get count() {
                return Account.#count;
              }

              deposit(amount) {
                if (typeof amount !== 'number' || amount <= 0) {
                  throw new TypeError('a deposit is a positive number');
                }
                this.balance += amount;
                this.history.push({ kind: 'deposit', amount });
              }

              withdraw(amount) {
                if (amount > this.balance) {
                  throw new InsufficientFunds(this.owner, this.balance);
                }
                this.balance -= amount;
                this.history.push({ kind: 'withdraw', amount });
              }
            }

            class Savings extends Account {
              constructor(owner, rate) {
                super(owner);
                this.rate = rate;
              }

              addInterest() {
                this.deposit(Math.round(this.balance * this.rate));
              }
            }
            """, """
            const savings = new Savings('Ada', 0.1);
            savings.deposit(100);
            savings.addInterest();
            assert.strictEqual(savings.balance, 110);
            assert.throws(() => savings.withdraw(500), { name: 'InsufficientFunds', message: 'Ada has only 110' });
            assert.throws(() => savings.deposit('1'), TypeError);
            assert.strictEqual(Account.count, 1);
            assert.strictEqual(savings.history.length, 2);
            """),
        Of("groups", """
            const people = [
              { name: 'Ann', city: 'Bonn', age: 31 },
              { name: 'Bob', city: 'Ulm', age: 25 },
              { name: 'Cy', city: 'Bonn', age: 47 },
            ];

            function groupBy(items, key) {
              const groups = {};
              for (const item of items) {
                const value = item[key];
                groups[value] = groups[value] ?? [];
                groups[value].push(item);
              }
              return groups;
            }

            function average(numbers) {
              if (numbers.length === 0) {
                return undefined;
              }
              return numbers.reduce((a, b) => a + b, 0) / numbers.length;
            }

            function agesByCity(items) {
              return Object.fromEntries(
                Object.entries(groupBy(items, 'city')).map(([city, group]) => [city, average(group.map((p) => p.age))]),
              );
            }

            function oldest(items) {
              const sorted = [...items].sort((a, b) => b.age - a.age);
              return sorted[0]?.name;
            }
            """, """
            assert.deepStrictEqual(agesByCity(people), { Bonn: 39, Ulm: 25 });
            assert.strictEqual(oldest(people), 'Cy');
            assert.strictEqual(oldest([]), undefined);
            assert.strictEqual(average([]), undefined);
            """),
        Of("events", """
            import { EventEmitter } from 'node:events';
            import { readFileSync } from 'node:fs';

            export class Clock extends EventEmitter {
              #ticks = 0;

              tick(times = 1) {
                for (let i = 0; i < times; i++) {
                  this.#ticks += 1;
                  this.emit('tick', this.#ticks);
                }
                return this.#ticks;
              }
            }

            export const listen = (clock) => {
              const heard = [];
              clock.on('tick', (n) => heard.push(n));
              return heard;
            };

            export default function exists(file) {
              try {
                readFileSync(file, 'utf8');
                return true;
              } catch {
                return false;
              }
            }
            """, """
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
            """, module: true),
        Of("queue", """
            const EMPTY = Symbol('empty');

            class Queue {
              constructor(...values) {
                this.values = values;
              }

              enqueue(value) {
                this.values.push(value);
                return this.values.length;
              }

              dequeue() {
                if (this.isEmpty()) {
                  return EMPTY;
                }
                return this.values.shift();
              }

              isEmpty() {
                return this.values.length === 0;
              }
            }

            function evaluate(expression) {
              const stack = [];
              const operators = {
                '+': (a, b) => a + b,
                '-': (a, b) => a - b,
                '*': (a, b) => a * b,
              };
              for (const token of expression.split(' ')) {
                if (token in operators) {
                  const right = stack.pop();
                  const left = stack.pop();
                  stack.push(operators[token](left, right));
                } else {
                  stack.push(Number.parseInt(token, 10));
                }
              }
              return stack[0];
            }

            const memoize = (fn) => {
              const cache = new Map();
              return (n) => {
                if (!cache.has(n)) {
                  cache.set(n, fn(n));
                }
                return cache.get(n);
              };
            };
            """, """
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
            """),
    ];

    private static ScriptProgram Of(string name, string code, string tests, bool module = false) =>
        new(name, "javascript", code, module ? tests : "const assert = require('node:assert');\nconst test = require('node:test');\n\n" + (tests.Contains("test(", StringComparison.Ordinal) ? tests : $"test('{name}', () => {{\n{tests}\n}});"));
}
