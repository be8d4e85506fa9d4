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
