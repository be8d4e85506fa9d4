// What the parser says of a text, as `node --check` would: the same compiler calls, and nothing is linked or run.
const PARAMETERS = ['exports', 'require', 'module', '__filename', '__dirname'];
const PLACE = /^parsed\.js:(\d+)\n(?:[^\n]*\n([ \t]*)\^)?/;
// An error of a module gets its place only by this; without it there is none.
const decorate = inner('internal/util')?.decorateErrorStack;

// What only a module may say.
const OF_MODULES = /^(?:Cannot use import statement outside a module|Unexpected token 'export'|Cannot use 'import\.meta' outside a module)/;

const errorOf = (text, module) => {
  try {
    if (module) new vm.SourceTextModule(text, { identifier: 'parsed.js' });
    else vm.compileFunction(text, PARAMETERS, { filename: 'parsed.js' });
    return null;
  } catch (error) {
    if (module) decorate?.(error);
    const place = PLACE.exec(String(error?.stack));
    return { code: String(error?.name), line: Number(place?.[1] ?? 0), column: place?.[2] === undefined ? 0 : place[2].length + 1, message: String(error?.message) };
  }
};

// Where a name leaves it open, a text that can only be read as a module is one.
const readAs = ({ text, module, open }) => {
  const error = errorOf(text, module);
  return open && !module && error !== null && OF_MODULES.test(error.message) ? { error: errorOf(text, true), module: true } : { error, module };
};
