// Names that a script reads and that neither it nor its surroundings declare. Scopes are followed; where they cannot be, nothing is said.
const MOST_CHARACTERS = 300_000;
const MOST_NAMES = 40;
// Node carries this parser for its own use; without it nothing is known of names.
const parser = inner('internal/deps/acorn/acorn/dist/acorn');
const SURROUNDINGS = new Set([
  ...Object.getOwnPropertyNames(globalThis), 'require', 'module', 'exports', '__filename', '__dirname', 'arguments',
  ...('window document navigator location history screen localStorage sessionStorage indexedDB alert confirm prompt self parent top frames opener XMLHttpRequest Image Audio Option Worker SharedWorker ' +
    'FileReader FileList Node NodeList Element Document CustomEvent MouseEvent KeyboardEvent PointerEvent TouchEvent MutationObserver IntersectionObserver ResizeObserver customElements requestAnimationFrame ' +
    'cancelAnimationFrame requestIdleCallback getComputedStyle matchMedia importScripts caches clients registration ServiceWorker Notification postMessage close open focus scroll scrollTo ' +
    'describe it test expect suite before after beforeEach afterEach beforeAll afterAll jest vi sinon chai cy jQuery $ _ angular React ReactDOM Vue d3 google gapi define Deno Bun browser chrome ' +
    'ActiveXObject WScript Iterator Temporal').split(' '),
]);
const PREFIXES = /^(?:HTML|SVG|CSS|RTC|WebGL|IDB|DOM|GPU|Audio|Media|__)\w/;
const DECLARED = /\/\*\s*(?:globals?|exported)\s([^*]{0,2000})\*\//g;

const unknownIn = (text, module) => {
  if (parser === undefined || text.length > MOST_CHARACTERS) return [];
  const root = { names: new Set(), parent: null, isFunction: true, strict: module };
  const [references, guarded] = [[], new Set()];
  let isOpen = false;
  for (const [, list] of text.matchAll(DECLARED)) list.split(/[\s,]+/).forEach((name) => guarded.add(name.split(':')[0]));

  const inside = (scope, isFunction = false) => ({ names: new Set(), parent: scope, isFunction, strict: scope.strict });
  const functionOf = (scope) => (scope.isFunction ? scope : functionOf(scope.parent));
  const each = (nodes, scope) => nodes.forEach((node) => node && visit(node, scope));
  const saysStrict = (body) => body.some((s) => s.directive === 'use strict');

  // A pattern that declares names; defaults and computed keys in it are read.
  const declare = (pattern, scope, reading) => {
    switch (pattern?.type) {
      case 'Identifier': scope.names.add(pattern.name); break;
      case 'ObjectPattern':
        for (const part of pattern.properties) {
          if (part.computed) visit(part.key, reading);
          declare(part.type === 'RestElement' ? part.argument : part.value, scope, reading);
        }
        break;
      case 'ArrayPattern': pattern.elements.forEach((part) => declare(part, scope, reading)); break;
      case 'RestElement': declare(pattern.argument, scope, reading); break;
      case 'AssignmentPattern': declare(pattern.left, scope, reading); visit(pattern.right, reading); break;
    }
  };
  const enter = (node, scope) => {
    const own = inside(scope, true);
    if (node.type !== 'ArrowFunctionExpression') own.names.add('arguments');
    if (node.type === 'FunctionExpression' && node.id) own.names.add(node.id.name);
    own.strict ||= node.body.type === 'BlockStatement' && saysStrict(node.body.body);
    node.params.forEach((parameter) => declare(parameter, own, own));
    visit(node.body, own);
  };

  const visit = (node, scope) => {
    switch (node.type) {
      case 'Identifier': references.push({ name: node.name, line: node.loc.start.line, column: node.loc.start.column + 1, scope }); break;
      case 'BlockStatement': case 'StaticBlock': each(node.body, inside(scope)); break;
      case 'FunctionDeclaration':
        if (node.id) [scope, functionOf(scope)].forEach((s) => s.names.add(node.id.name));
        enter(node, scope);
        break;
      case 'FunctionExpression': case 'ArrowFunctionExpression': enter(node, scope); break;
      case 'ClassDeclaration': case 'ClassExpression': {
        const own = inside(scope);
        own.strict = true;
        if (node.id) (node.type === 'ClassDeclaration' ? scope : own).names.add(node.id.name);
        each([node.superClass, ...node.body.body], own);
        break;
      }
      case 'PropertyDefinition': case 'MethodDefinition': case 'Property': each([node.computed ? node.key : null, node.value], scope); break;
      case 'MemberExpression': each([node.object, node.computed ? node.property : null], scope); break;
      case 'VariableDeclaration':
        for (const { id, init } of node.declarations) {
          declare(id, node.kind === 'var' ? functionOf(scope) : scope, scope);
          each([init], scope);
        }
        break;
      case 'ForStatement': case 'ForInStatement': case 'ForOfStatement': children(node, inside(scope)); break;
      case 'SwitchStatement': visit(node.discriminant, scope); each(node.cases, inside(scope)); break;
      case 'CatchClause': {
        const own = inside(scope);
        declare(node.param, own, own);
        visit(node.body, own);
        break;
      }
      case 'LabeledStatement': visit(node.body, scope); break;
      case 'BreakStatement': case 'ContinueStatement': case 'MetaProperty': case 'ExportAllDeclaration': break;
      case 'ImportDeclaration': node.specifiers.forEach((s) => root.names.add(s.local.name)); break;
      case 'ExportNamedDeclaration': each(node.source ? [] : [node.declaration, ...node.specifiers.map((s) => s.local)], scope); break;
      case 'UnaryExpression':
        if (node.operator === 'typeof' && node.argument.type === 'Identifier') guarded.add(node.argument.name);
        visit(node.argument, scope);
        break;
      case 'AssignmentExpression':
        // Outside of strict code this makes a name of the global object.
        if (node.operator === '=' && node.left.type === 'Identifier' && !scope.strict) guarded.add(node.left.name);
        each([node.left, node.right], scope);
        break;
      case 'WithStatement': isOpen = true; break;
      case 'CallExpression':
        isOpen ||= node.callee.type === 'Identifier' && node.callee.name === 'eval';
        children(node, scope);
        break;
      default: children(node, scope);
    }
  };
  const children = (node, scope) => {
    for (const value of Object.values(node)) {
      if (Array.isArray(value)) each(value.filter((v) => v?.type), scope);
      else if (typeof value?.type === 'string') visit(value, scope);
    }
  };

  try {
    const tree = parser.parse(text, { ecmaVersion: 'latest', sourceType: module ? 'module' : 'script', allowReturnOutsideFunction: true, allowHashBang: true, locations: true });
    root.strict ||= saysStrict(tree.body);
    each(tree.body, root);
  } catch {
    // The parser that counts has read it; this one is older or smaller.
    return [];
  }
  // A page has a printer; elsewhere the word is another language's.
  const isPage = references.some(({ name }) => name === 'window' || name === 'document');
  const isKnown = ({ name, scope }) => {
    for (let at = scope; at; at = at.parent) if (at.names.has(name)) return true;
    return (name === 'print' && isPage) || guarded.has(name) || SURROUNDINGS.has(name) || PREFIXES.test(name);
  };
  const unknown = isOpen ? [] : references.filter((r) => !isKnown(r));
  return unknown.slice(0, MOST_NAMES).map(({ name, line, column }) => ({ name, line, column }));
};
