// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors

// Writes lib/declarations.js and native.d.ts from the description of the API, docs/segent.json of the source tree or the one named:
//     node generate.mjs [--check] [SEGENT.JSON]
// With --check nothing is written, and the exit status is 1 if a file is not what it would be.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const HEAD = `// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
// Made by generate.mjs from the description of the API; not to be edited.
`;

const options = process.argv.slice(2);
const check = options[0] === '--check' && options.shift();
const api = JSON.parse(readFileSync(options[0] ?? new URL('../../../docs/segent.json', import.meta.url), 'utf8'));
const aliases = new Map(api.types.map(({ name, type }) => [name, type]));
const structs = new Map(api.structs.map((struct) => [struct.name, struct]));
const callbacks = new Set(api.callbacks.map(({ name }) => name));
const handles = new Set(api.handles.map(({ name }) => name));

function isSized(name) {
  return structs.get(name)?.members[0].name === 'struct_size';
}

// How a parameter is given. A value is a number, text, an address or an object of the library's. Structs that are read are objects;
// those that know their size are also filled. Numbers and objects that a function makes go into an array of one element. All other
// pointers are memory: typed arrays or addresses.
function passing(type) {
  if (/^segent_\w+ \*\*$/.test(type)) return { as: 'made' };
  const [, constant, name] = /^(const )?(\w+) \*$/.exec(type) ?? [];
  if (name === undefined || handles.has(name) || type === 'const char *') return { as: 'value' };
  if (structs.has(name) && constant) return { as: 'read', name };
  if (isSized(name)) return { as: 'filled', name };
  if (!constant && /^(u?int(32|64)_t|size_t)$/.test(name)) return { as: 'number', name };
  return { as: 'memory' };
}

// ---- types of koffi's, as source text ----

// The type of a member, a result or a callback's parameter: what a pointer leads to is text, or else only an address.
function valueType(type) {
  const plain = aliases.get(type) ?? type;
  if (plain === 'const char *') return "'str'";
  if (plain === 'const char *const *') return "koffi.pointer('str')";
  if (structs.has(plain) || callbacks.has(plain)) return `types.${plain}`;
  return plain.endsWith('*') ? "'void *'" : `'${plain}'`;
}

function memberType({ type, array }) {
  return array ? `koffi.array(${valueType(type)}, ${array})` : valueType(type);
}

function parameterType({ type }) {
  const { as, name } = passing(type);
  switch (as) {
    case 'made': return "koffi.out(koffi.pointer('void *'))";
    case 'read': return `koffi.pointer(types.${name})`;
    case 'filled': return `koffi.inout(koffi.pointer(types.${name}))`;
    case 'number': return `koffi.out(koffi.pointer('${name}'))`;
    default: return valueType(type);
  }
}

function* javaScript() {
  yield `${HEAD}'use strict';\n`;
  yield `exports.soname = '${api.soname}';\n`;
  yield 'exports.constants = Object.freeze({';
  for (const { values } of api.enums) for (const { name, value } of values) yield `  ${name}: ${value},`;
  yield '});\n\nexports.declare = (koffi, library) => {\n  const types = {};';
  for (const { name, returns, parameters } of api.callbacks) {
    const list = parameters.map((parameter) => valueType(parameter.type)).join(', ');
    yield `  types.${name} = koffi.pointer(koffi.proto(${valueType(returns)}, [${list}]));`;
  }
  for (const { name, members } of api.structs) {
    yield `  types.${name} = koffi.struct({`;
    for (const member of members) yield `    ${member.name}: ${memberType(member)},`;
    yield '  });';
  }
  yield '  return {\n    ...types,';
  for (const { name, returns, parameters } of api.functions) {
    yield `    ${name}: library.func('${name}', ${valueType(returns)}, [${parameters.map(parameterType).join(', ')}]),`;
  }
  yield '  };\n};';
}

// ---- types of TypeScript's ----

function valueTypeScript(type) {
  const plain = aliases.get(type) ?? type;
  if (plain === 'const char *') return 'string | null';
  if (plain === 'const char *const *') return 'readonly string[] | null';
  if (structs.has(plain)) return plain;
  if (plain === 'void') return 'void';
  return plain.endsWith('*') || callbacks.has(plain) ? 'Pointer' : 'number';
}

// A struct's `data` may be a typed array.
function memberTypeScript({ name, type, array }) {
  if (array) return 'ArrayLike<number | bigint>';
  return name === 'data' ? 'Memory' : valueTypeScript(type);
}

function parameterTypeScript({ type }) {
  const { as, name } = passing(type);
  switch (as) {
    case 'made': return 'Pointer[]';
    case 'read': return `Partial<${name}> | null`;
    case 'filled': return `Partial<${name}>`;
    case 'number': return 'number[] | null';
    case 'memory': return 'Memory';
    default: return valueTypeScript(type);
  }
}

function* typeScript() {
  yield `${HEAD}
/** An address, or NULL. */
export type Pointer = bigint | null;
/** An address, or an array whose memory is meant. */
export type Memory = Pointer | NodeJS.TypedArray;
`;
  for (const { name, members } of api.structs) {
    yield `export interface ${name} {`;
    for (const member of members) yield `  ${member.name}: ${memberTypeScript(member)};`;
    yield '}';
  }
  yield '\nexport interface Constants {';
  for (const { values } of api.enums) for (const { name, value } of values) yield `  readonly ${name}: ${value};`;
  yield '}\n\n/** Functions as in C; each also has `async(...parameters, callback)`. */\nexport interface Native {';
  for (const { name, returns, parameters } of api.functions) {
    const list = parameters.map((parameter) => `${parameter.name}: ${parameterTypeScript(parameter)}`).join(', ');
    yield `  ${name}(${list}): ${valueTypeScript(returns)};`;
  }
  yield '}';
}

let stale = 0;
for (const [file, lines] of [['lib/declarations.js', javaScript()], ['native.d.ts', typeScript()]]) {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const text = `${[...lines].join('\n')}\n`;
  if (!check) {
    writeFileSync(path, text);
  } else if (readFileSync(path, 'utf8') !== text) {
    console.error(`${file} is not what generate.mjs makes of the description`);
    stale = 1;
  }
}
process.exitCode = stale;
