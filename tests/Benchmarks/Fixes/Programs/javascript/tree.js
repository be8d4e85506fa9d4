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
