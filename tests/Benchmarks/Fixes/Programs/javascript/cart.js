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
