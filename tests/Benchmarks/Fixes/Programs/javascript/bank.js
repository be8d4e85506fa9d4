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
