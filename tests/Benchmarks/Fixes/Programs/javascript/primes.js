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
