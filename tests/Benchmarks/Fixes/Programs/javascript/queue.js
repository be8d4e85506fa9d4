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
