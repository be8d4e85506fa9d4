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
