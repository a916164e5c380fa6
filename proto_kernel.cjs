// The primer of this repository: finds or fetches the right Node and the packages, builds, and starts the program. Runs on Node 12 and later.
// Made by tools/build-primer.ts from src/primer/*.ts: do not edit. How it works: docs/boot.md.
var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __typeError = (msg) => {
  throw TypeError(msg);
};
var __defNormalProp = (obj, key, value) => key in obj ? __defProp(obj, key, { enumerable: true, configurable: true, writable: true, value }) : obj[key] = value;
var __copyProps = (to, from, except, desc) => {
  if (from && typeof from === "object" || typeof from === "function") {
    for (let key of __getOwnPropNames(from))
      if (!__hasOwnProp.call(to, key) && key !== except)
        __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
  }
  return to;
};
var __toESM = (mod, isNodeMode, target) => (target = mod != null ? __create(__getProtoOf(mod)) : {}, __copyProps(
  // If the importer is in node compatibility mode or this is not an ESM
  // file that has been converted to a CommonJS file using a Babel-
  // compatible transform (i.e. "__esModule" has not been set), then set
  // "default" to the CommonJS "module.exports" for node compatibility.
  isNodeMode || !mod || !mod.__esModule ? __defProp(target, "default", { value: mod, enumerable: true }) : target,
  mod
));
var __publicField = (obj, key, value) => __defNormalProp(obj, typeof key !== "symbol" ? key + "" : key, value);
var __accessCheck = (obj, member, msg) => member.has(obj) || __typeError("Cannot " + msg);
var __privateGet = (obj, member, getter) => (__accessCheck(obj, member, "read from private field"), getter ? getter.call(obj) : member.get(obj));
var __privateAdd = (obj, member, value) => member.has(obj) ? __typeError("Cannot add the same private member more than once") : member instanceof WeakSet ? member.add(obj) : member.set(obj, value);
var __privateSet = (obj, member, value, setter) => (__accessCheck(obj, member, "write to private field"), setter ? setter.call(obj, value) : member.set(obj, value), value);
var __privateMethod = (obj, member, method) => (__accessCheck(obj, member, "access private method"), method);

// src/primer/kernel.ts
var import_node_path17 = __toESM(require("path"), 1);

// src/primer/states/built-state.ts
var import_node_fs10 = __toESM(require("fs"), 1);
var import_node_path13 = __toESM(require("path"), 1);

// src/primer/files.ts
var import_node_fs = __toESM(require("fs"), 1);
var import_node_path = __toESM(require("path"), 1);

// src/primer/problem.ts
var PRIME_EXITS = {
  INTERNAL: 4,
  PLATFORM_UNSUPPORTED: 4,
  PRIME_BUILD_FAILED: 4,
  PRIME_CONFIG_INVALID: 4,
  PRIME_INSTALL_FAILED: 4,
  PRIME_INTEGRITY: 4,
  PRIME_LOCK_TIMEOUT: 4,
  PRIME_NO_NODE: 4,
  PRIME_NO_NPM: 4,
  PRIME_NO_STATE: 2,
  PRIME_OFFLINE: 4,
  USAGE: 2
};
var PrimeError = class extends Error {
  constructor(code, message, problem) {
    super(message);
    __publicField(this, "code");
    __publicField(this, "problem");
    this.name = "PrimeError";
    this.code = code;
    this.problem = problem;
  }
};
function toError(thrown) {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
function systemCode(thrown) {
  if (typeof thrown !== "object" || thrown === null || !("code" in thrown)) return void 0;
  const { code } = thrown;
  return typeof code === "string" ? code : void 0;
}

// src/primer/files.ts
function readText(file) {
  try {
    return import_node_fs.default.readFileSync(file, "utf8");
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return void 0;
    throw error;
  }
}
var counter = 0;
function writeAtomic(file, text) {
  const temporary = `${file}.${process.pid}.${counter += 1}.tmp`;
  try {
    const fd = import_node_fs.default.openSync(temporary, "wx", 420);
    try {
      import_node_fs.default.writeSync(fd, text);
      import_node_fs.default.fsyncSync(fd);
    } finally {
      import_node_fs.default.closeSync(fd);
    }
    import_node_fs.default.renameSync(temporary, file);
  } catch (error) {
    removeTree(temporary);
    throw error;
  }
}
function lstat(file) {
  try {
    return import_node_fs.default.lstatSync(file);
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return void 0;
    throw error;
  }
}
function removeTree(file) {
  const facts = lstat(file);
  if (facts === void 0) return;
  try {
    if (facts.isDirectory()) {
      for (const name of import_node_fs.default.readdirSync(file)) removeTree(import_node_path.default.join(file, name));
      import_node_fs.default.rmdirSync(file);
    } else {
      import_node_fs.default.unlinkSync(file);
    }
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw error;
  }
}
function namesIn(folder) {
  try {
    return import_node_fs.default.readdirSync(folder).sort();
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw error;
  }
}
function bytesBelow(folder) {
  let sum = 0;
  for (const name of namesIn(folder)) {
    const file = import_node_path.default.join(folder, name);
    const facts = lstat(file);
    if (facts === void 0) continue;
    sum += facts.isDirectory() ? bytesBelow(file) : facts.size;
  }
  return sum;
}
function isExecutable(file) {
  try {
    import_node_fs.default.accessSync(file, import_node_fs.default.constants.X_OK);
    return import_node_fs.default.statSync(file).isFile();
  } catch {
    return false;
  }
}

// src/primer/states/fingerprint.ts
var import_node_path4 = __toESM(require("path"), 1);

// src/primer/cache/integrity.ts
var import_node_crypto = require("crypto");
var import_node_fs2 = __toESM(require("fs"), 1);
var import_node_path2 = __toESM(require("path"), 1);
var CHUNK_BYTES = 1024 * 1024;
function integrityOf(file) {
  const hash = (0, import_node_crypto.createHash)("sha512");
  const fd = import_node_fs2.default.openSync(file, "r");
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    for (let n = import_node_fs2.default.readSync(fd, chunk, 0, CHUNK_BYTES, null); n > 0; n = import_node_fs2.default.readSync(fd, chunk, 0, CHUNK_BYTES, null))
      hash.update(chunk.subarray(0, n));
  } finally {
    import_node_fs2.default.closeSync(fd);
  }
  return `sha512-${hash.digest("base64")}`;
}
function treeHash(folder, except = []) {
  const hash = (0, import_node_crypto.createHash)("sha512");
  const walk = (relative) => {
    for (const name of namesIn(import_node_path2.default.join(folder, relative))) {
      if (relative === "" && except.includes(name)) continue;
      const inner = import_node_path2.default.posix.join(relative, name);
      const file = import_node_path2.default.join(folder, inner);
      const facts = lstat(file);
      if ((facts == null ? void 0 : facts.isDirectory()) === true) walk(inner);
      else if ((facts == null ? void 0 : facts.isFile()) === true) hash.update(`${inner}\0${(facts.mode & 64) === 0 ? "f" : "x"}\0${integrityOf(file)}
`);
      else hash.update(`${inner}\0?
`);
    }
  };
  walk("");
  return hash.digest("hex");
}
function hashOf(...texts) {
  const hash = (0, import_node_crypto.createHash)("sha256");
  for (const text of texts) hash.update(`${Buffer.byteLength(text)}:`).update(text);
  return hash.digest("hex");
}

// src/primer/config.ts
var import_node_path3 = __toESM(require("path"), 1);

// src/primer/json-place.ts
function lineOfKey(text, keys) {
  let from = 0;
  for (const key of keys) {
    const quoted = JSON.stringify(key);
    let at = text.indexOf(quoted, from);
    while (at !== -1 && !/^\s*:/.test(text.slice(at + quoted.length))) at = text.indexOf(quoted, at + 1);
    if (at === -1) break;
    from = at;
  }
  return text.slice(0, from).split("\n").length;
}
function lineOfSyntaxError(text, message) {
  const line = /line (\d+)/.exec(message);
  if (line !== null) return Number(line[1]);
  const position = /position (\d+)/.exec(message);
  return position === null ? text.split("\n").length : text.slice(0, Number(position[1])).split("\n").length;
}

// src/primer/config.ts
var CONFIG_NAME = "prime.config.json";
var VERSION_NAME = ".node-version";
var platformKey = () => `${process.platform}-${process.arch}`;
var VERSION = /^\d+\.\d+\.\d+$/;
var INTEGRITY = /^sha512-[A-Za-z0-9+/]{86}==$/;
var PACKAGE_NAME = /^(@[a-z0-9-_.]+\/)?[a-z0-9-_.]+$/;
var _file, _text;
var Reader = class {
  constructor(file, text) {
    __privateAdd(this, _file);
    __privateAdd(this, _text);
    __privateSet(this, _file, file);
    __privateSet(this, _text, text);
  }
  fail(keys, message, cure) {
    throw new PrimeError("PRIME_CONFIG_INVALID", `${keys.length === 0 ? "" : `${keys.join(".")} `}${message}`, {
      at: `${__privateGet(this, _file)}:${lineOfKey(__privateGet(this, _text), keys)}`,
      do: cure
    });
  }
  /** An object with exactly the wanted keys; `optional` ones may be missing. */
  object(value, keys, wanted, optional = []) {
    const record = this.record(value, keys);
    for (const key of Object.keys(record))
      if (!wanted.includes(key) && !optional.includes(key))
        this.fail([...keys, key], "is not a known key", `Remove it; known here: ${[...wanted, ...optional].join(", ")}`);
    for (const key of wanted) if (record[key] === void 0) this.fail(keys, `lacks the key ${key}`, `Add ${key}`);
    return record;
  }
  record(value, keys) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return this.fail(keys, "is not an object", "Write { … }");
    return Object.fromEntries(Object.entries(value));
  }
  text(value, keys, pattern) {
    if (typeof value !== "string" || value === "") return this.fail(keys, "is not a text", "Write a text in quotes");
    if (pattern !== void 0 && !pattern.test(value)) return this.fail(keys, `is «${value}»`, `Write a value that fits ${pattern.source}`);
    return value;
  }
  list(value, keys, item) {
    if (!Array.isArray(value)) return this.fail(keys, "is not a list", "Write [ … ]");
    return value.map((one) => item(one));
  }
  /** A path inside the root, with forward slashes. */
  inside(value, keys) {
    const text = this.text(value, keys);
    if (import_node_path3.default.posix.isAbsolute(text) || text.split("/").includes("..") || text.includes("\\"))
      return this.fail(keys, `leads out of the folder: ${text}`, "Write a path relative to this file, without ..");
    return text;
  }
};
_file = new WeakMap();
_text = new WeakMap();
function readPackage(reader, value, keys, name, version) {
  const wanted = ["integrity", ...name === void 0 ? ["name"] : [], ...version === void 0 ? ["version"] : []];
  const record = reader.object(value, keys, wanted, version === void 0 ? [] : ["version"]);
  return {
    name: name != null ? name : reader.text(record["name"], [...keys, "name"], PACKAGE_NAME),
    version: record["version"] === void 0 && version !== void 0 ? version : reader.text(record["version"], [...keys, "version"], VERSION),
    integrity: reader.text(record["integrity"], [...keys, "integrity"], INTEGRITY)
  };
}
function readPlan(reader, value) {
  var _a;
  const record = reader.object(value, ["built"], ["run", "sources", "outputs", "clean"], ["ignored"]);
  const paths = (key) => reader.list(record[key], ["built", key], (one) => reader.inside(one, ["built", key]));
  return {
    run: reader.list(
      record["run"],
      ["built", "run"],
      (line) => reader.list(line, ["built", "run"], (one) => reader.text(one, ["built", "run"]))
    ),
    sources: paths("sources"),
    ignored: reader.list((_a = record["ignored"]) != null ? _a : [], ["built", "ignored"], (one) => reader.text(one, ["built", "ignored"])),
    outputs: paths("outputs"),
    clean: paths("clean")
  };
}
function readEntries(reader, value, key) {
  const entries = {};
  for (const [name, one] of Object.entries(reader.record(value, [key]))) {
    const keys = [key, name];
    const record = reader.object(one, keys, ["main", "target", "does"]);
    entries[name] = {
      main: reader.inside(record["main"], [...keys, "main"]),
      target: reader.text(record["target"], [...keys, "target"]),
      does: reader.text(record["does"], [...keys, "does"])
    };
  }
  return entries;
}
function readConfig(root) {
  const file = import_node_path3.default.join(root, CONFIG_NAME);
  const text = readText(file);
  const versionText = readText(import_node_path3.default.join(root, VERSION_NAME));
  if (text === void 0 || versionText === void 0)
    throw new PrimeError("PRIME_CONFIG_INVALID", `${text === void 0 ? CONFIG_NAME : VERSION_NAME} is missing in ${root}`, {
      do: "Restore it from version control"
    });
  const reader = new Reader(file, text);
  let parsed;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    const { message } = toError(error);
    throw new PrimeError("PRIME_CONFIG_INVALID", `is not JSON: ${message}`, {
      at: `${file}:${lineOfSyntaxError(text, message)}`,
      do: "Correct that line"
    });
  }
  const nodeVersion = versionText.trim().replace(/^v/, "");
  if (!VERSION.test(nodeVersion))
    throw new PrimeError("PRIME_CONFIG_INVALID", `«${nodeVersion}» is not an exact version`, {
      at: `${import_node_path3.default.join(root, VERSION_NAME)}:1`,
      do: "Write three numbers, such as 26.10.0"
    });
  const record = reader.object(parsed, [], ["node", "npm", "built", "apps", "tasks"]);
  const nodePackages = {};
  for (const [key, one] of Object.entries(reader.record(record["node"], ["node"]))) {
    const names = reader.record(one, ["node", key]);
    const name = reader.text(names["name"], ["node", key, "name"], PACKAGE_NAME);
    const { name: _, ...rest } = names;
    nodePackages[key] = readPackage(reader, rest, ["node", key], name, nodeVersion);
  }
  return {
    root,
    nodeVersion,
    nodePackages,
    npm: readPackage(reader, record["npm"], ["npm"], "npm", void 0),
    built: readPlan(reader, record["built"]),
    apps: readEntries(reader, record["apps"], "apps"),
    tasks: readEntries(reader, record["tasks"], "tasks"),
    texts: [text, versionText]
  };
}
function requiredNode(config) {
  var _a, _b;
  return (_b = (_a = config.nodePackages[platformKey()]) == null ? void 0 : _a.version) != null ? _b : config.nodeVersion;
}

// src/primer/states/fingerprint.ts
var FORMAT = "1";
function packagesKey(context) {
  var _a;
  const text = (name) => {
    var _a2;
    return (_a2 = readText(import_node_path4.default.join(context.config.root, name))) != null ? _a2 : "";
  };
  return hashOf(
    FORMAT,
    ...context.config.texts,
    requiredNode(context.config),
    platformKey(),
    (_a = readText(context.kernel)) != null ? _a : "",
    text("package.json"),
    text("package-lock.json"),
    text(".npmrc")
  );
}
function sourceLines(root, plan) {
  const lines = [];
  const add = (relative) => {
    if (plan.ignored.some((ending) => relative.endsWith(ending))) return;
    const file = import_node_path4.default.join(root, relative);
    const facts = lstat(file);
    if (facts === void 0) lines.push(JSON.stringify([relative]));
    else if (facts.isDirectory()) for (const name of namesIn(file)) add(`${relative}/${name}`);
    else lines.push(JSON.stringify([relative, facts.size, facts.mtimeMs]));
  };
  for (const source of plan.sources) add(source);
  return lines;
}
function changedBackwards(before, now, builtMs) {
  const known = new Set(before);
  return now.some((line) => {
    if (known.has(line)) return false;
    const [, , modifiedMs] = JSON.parse(line);
    return typeof modifiedMs === "number" && modifiedMs <= builtMs;
  });
}

// src/primer/near.ts
function distance(a, b) {
  var _a, _b, _c, _d;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = ((_a = row[j - 1]) != null ? _a : 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, ((_b = row[j]) != null ? _b : 0) + 1, ((_c = next[j - 1]) != null ? _c : 0) + 1));
    }
    row = next;
  }
  return (_d = row[b.length]) != null ? _d : 0;
}
function near(name, names) {
  const best = [...names].sort((a, b) => distance(name, a) - distance(name, b))[0];
  return best !== void 0 && distance(name, best) <= Math.max(2, Math.floor(best.length / 3)) ? `Did you mean ${best}?` : void 0;
}

// src/primer/states/graph.ts
function defineState(given) {
  return given;
}
var _states, _reached;
var Graph = class {
  constructor(targets) {
    __privateAdd(this, _states, /* @__PURE__ */ new Map());
    __privateAdd(this, _reached, /* @__PURE__ */ new Map());
    const add = (state) => {
      const same = __privateGet(this, _states).get(state.name);
      if (same !== void 0 && same !== state) throw new Error(`two states are named ${state.name}`);
      state.parents.forEach(add);
      __privateGet(this, _states).set(state.name, state);
    };
    targets.forEach(add);
  }
  /** All states, parents first. */
  get states() {
    return [...__privateGet(this, _states).values()];
  }
  /** The state of a name. @throws PrimeError PRIME_NO_STATE with near names */
  find(name) {
    var _a;
    const state = __privateGet(this, _states).get(name);
    if (state !== void 0) return state;
    const names = [...__privateGet(this, _states).keys()];
    throw new PrimeError("PRIME_NO_STATE", `there is no state named ${name}`, {
      saw: `states here: ${names.join(", ")}`,
      do: (_a = near(name, names)) != null ? _a : "Use one of these names"
    });
  }
  /** Reaches a state and, as far as it asks for them, its parents. */
  reach(context, state) {
    const known = __privateGet(this, _reached).get(state);
    if (known !== void 0) return known;
    const parents = Object.fromEntries(state.parents.map((parent) => [parent.name, () => this.reach(context, parent)]));
    const reached = state.reach(context, parents);
    __privateGet(this, _reached).set(state, reached);
    return reached;
  }
};
_states = new WeakMap();
_reached = new WeakMap();

// src/primer/states/node-state.ts
var import_node_path10 = __toESM(require("path"), 1);

// src/primer/cache/cache.ts
var import_node_fs3 = __toESM(require("fs"), 1);
var import_node_os = __toESM(require("os"), 1);
var import_node_path5 = __toESM(require("path"), 1);
function userCache(env) {
  const xdg = env["XDG_CACHE_HOME"];
  const base = xdg !== void 0 && import_node_path5.default.isAbsolute(xdg) ? xdg : import_node_path5.default.join(env["HOME"] || import_node_os.default.homedir(), ".cache");
  return import_node_path5.default.join(base, "resprout");
}
function whyUnsafe(folder) {
  const facts = lstat(folder);
  if (facts === void 0) return void 0;
  if (!facts.isDirectory()) return "it is not a folder";
  if (typeof process.getuid === "function" && facts.uid !== process.getuid()) return "it belongs to another user";
  return (facts.mode & 18) === 0 ? void 0 : "others may write to it";
}
function chooseCache(env, stateFolder) {
  const folder = userCache(env);
  const inside = import_node_path5.default.join(stateFolder, "cache");
  const unsafe = whyUnsafe(folder);
  if (unsafe !== void 0) return { folder: inside, note: `${folder} is not used: ${unsafe}` };
  let existing = folder;
  while (lstat(existing) === void 0 && import_node_path5.default.dirname(existing) !== existing) existing = import_node_path5.default.dirname(existing);
  try {
    import_node_fs3.default.accessSync(existing, import_node_fs3.default.constants.W_OK | import_node_fs3.default.constants.X_OK);
    return { folder };
  } catch {
    return { folder: inside, note: `${folder} is not used: it cannot be written` };
  }
}
function makePrivate(folder) {
  import_node_fs3.default.mkdirSync(folder, { recursive: true, mode: 448 });
}
var npmCache = (cache) => import_node_path5.default.join(cache, "npm-cache");

// src/primer/machine/find-node.ts
var import_node_os2 = __toESM(require("os"), 1);
var import_node_path7 = __toESM(require("path"), 1);
var import_node_child_process2 = require("child_process");

// src/primer/processes/clean-env.ts
var DENIED = /^(NODE_OPTIONS|NODE_PATH|NODE_CHANNEL_.*|NODE_UNIQUE_ID|NODE_V8_COVERAGE|NODE_REPL_.*|BASH_ENV|ENV|INIT_CWD|LD_.*|DYLD_.*|PRIME_.*)$/;
var NPM = /^npm_/i;
var NPM_WHERE = /^npm_config_(registry|@[^:]+:registry|\/\/.*|proxy|https?_proxy|noproxy|cafile|ca|cert|key|strict_ssl|userconfig|globalconfig|maxsockets|local_address)$/i;
function cleanEnv(env) {
  const clean = {};
  for (const [name, value] of Object.entries(env)) {
    if (DENIED.test(name) || NPM.test(name) && !NPM_WHERE.test(name)) continue;
    clean[name] = value;
  }
  return clean;
}

// src/primer/machine/machine-npm.ts
var import_node_fs4 = __toESM(require("fs"), 1);
var import_node_path6 = __toESM(require("path"), 1);
var import_node_child_process = require("child_process");
var ASK_MS = 2e4;
var GLOBAL_CONFIGS = ["/usr/local/etc/npmrc", "/usr/etc/npmrc", "/etc/npmrc"];
function pathFolders(env) {
  var _a;
  return [...new Set(((_a = env["PATH"]) != null ? _a : "").split(import_node_path6.default.delimiter).filter((folder) => import_node_path6.default.isAbsolute(folder)))];
}
function cliOf(folder) {
  try {
    const file = import_node_fs4.default.realpathSync(import_node_path6.default.join(folder, "npm"));
    const fd = import_node_fs4.default.openSync(file, "r");
    try {
      const head = Buffer.alloc(64);
      import_node_fs4.default.readSync(fd, head, 0, head.length, 0);
      const isScript = file.endsWith(".js") || /^#!\S*(?:\s*\S*\/)?(?:env )?\s*node\b/.test(head.toString("latin1"));
      if (isScript) return file;
    } finally {
      import_node_fs4.default.closeSync(fd);
    }
  } catch {
  }
  return void 0;
}
function askNpm(node, cli, env, cache) {
  const asked = (0, import_node_child_process.spawnSync)(node, [cli, "config", "list", "--json", "--long"], {
    cwd: "/",
    // Even a question would leave a folder for logs in the home of the user.
    env: { ...cleanEnv(env), npm_config_logs_max: "0", npm_config_cache: cache },
    encoding: "utf8",
    timeout: ASK_MS,
    killSignal: "SIGKILL",
    stdio: ["ignore", "pipe", "ignore"]
  });
  if (asked.status !== 0) return void 0;
  try {
    const answer2 = JSON.parse(asked.stdout);
    if (typeof answer2 !== "object" || answer2 === null) return void 0;
    const text = (value) => typeof value === "string" && import_node_path6.default.isAbsolute(value) ? value : void 0;
    return {
      globalconfig: text("globalconfig" in answer2 ? answer2.globalconfig : void 0),
      userconfig: text("userconfig" in answer2 ? answer2.userconfig : void 0)
    };
  } catch {
    return void 0;
  }
}
function usualSettings() {
  return { globalconfig: GLOBAL_CONFIGS.find((file) => import_node_fs4.default.existsSync(file)), userconfig: void 0 };
}
function findMachineNpm(env, others, cache) {
  makePrivate(cache);
  const folders = pathFolders(env);
  const nodes = [...others, ...folders.map((folder) => import_node_path6.default.join(folder, "node")).filter(isExecutable)];
  const tried = [];
  const seen = /* @__PURE__ */ new Set();
  for (const folder of folders) {
    const cli = cliOf(folder);
    if (cli === void 0 || seen.has(cli)) continue;
    seen.add(cli);
    const beside = import_node_path6.default.join(folder, "node");
    for (const node of /* @__PURE__ */ new Set([...isExecutable(beside) ? [beside] : [], ...nodes])) {
      const settings2 = askNpm(node, cli, env, cache);
      if (settings2 !== void 0) return { npm: { node, cli, ...settings2 }, tried };
      tried.push(`${cli} with ${node}`);
    }
  }
  return { npm: void 0, tried };
}
function settingsArguments(settings2) {
  return [
    ...settings2.globalconfig === void 0 ? [] : [`--globalconfig=${settings2.globalconfig}`],
    ...settings2.userconfig === void 0 ? [] : [`--userconfig=${settings2.userconfig}`]
  ];
}

// src/primer/machine/find-node.ts
var ASK_MS2 = 5e3;
function versionOf(file, env) {
  const asked = (0, import_node_child_process2.spawnSync)(file, ["-p", "process.versions.node"], {
    cwd: "/",
    env: cleanEnv(env),
    encoding: "utf8",
    timeout: ASK_MS2,
    killSignal: "SIGKILL",
    stdio: ["ignore", "pipe", "ignore"]
  });
  const text = asked.status === 0 ? asked.stdout.trim() : "";
  return /^\d+\.\d+\.\d+/.test(text) ? text : void 0;
}
function managerPaths(version, env) {
  const home = env["HOME"] || import_node_os2.default.homedir();
  const data = env["XDG_DATA_HOME"] || import_node_path7.default.join(home, ".local", "share");
  const [major] = version.split(".");
  const tools = env["RUNNER_TOOL_CACHE"];
  return [
    import_node_path7.default.join(env["NVM_DIR"] || import_node_path7.default.join(home, ".nvm"), "versions/node", `v${version}`, "bin/node"),
    import_node_path7.default.join(env["FNM_DIR"] || import_node_path7.default.join(data, "fnm"), "node-versions", `v${version}`, "installation/bin/node"),
    import_node_path7.default.join(env["VOLTA_HOME"] || import_node_path7.default.join(home, ".volta"), "tools/image/node", version, "bin/node"),
    import_node_path7.default.join(env["ASDF_DATA_DIR"] || import_node_path7.default.join(home, ".asdf"), "installs/nodejs", version, "bin/node"),
    import_node_path7.default.join(env["MISE_DATA_DIR"] || import_node_path7.default.join(data, "mise"), "installs/node", version, "bin/node"),
    import_node_path7.default.join(env["NODENV_ROOT"] || import_node_path7.default.join(home, ".nodenv"), "versions", version, "bin/node"),
    import_node_path7.default.join(env["N_PREFIX"] || "/usr/local", "n/versions/node", version, "bin/node"),
    import_node_path7.default.join(home, ".proto/tools/node", version, "bin/node"),
    ...["/opt/homebrew", "/usr/local", "/home/linuxbrew/.linuxbrew"].map(
      (prefix) => import_node_path7.default.join(prefix, "opt", `node@${major != null ? major : ""}`, "bin/node")
    ),
    ...tools === void 0 ? [] : namesIn(import_node_path7.default.join(tools, "node", version)).map((arch) => import_node_path7.default.join(tools, "node", version, arch, "bin/node"))
  ];
}
function findInstalledNode(version, env) {
  const candidates = [...pathFolders(env).map((folder) => import_node_path7.default.join(folder, "node")), ...managerPaths(version, env)];
  return candidates.find((file) => isExecutable(file) && versionOf(file, env) === version);
}

// src/primer/cache/package-cache.ts
var import_node_fs7 = __toESM(require("fs"), 1);
var import_node_path9 = __toESM(require("path"), 1);

// src/primer/screen/progress.ts
var REPAINT_MS = 200;
var SILENT_MS = 300;
var STILL_MS = 1e4;
var seconds = (ms) => `${(ms / 1e3).toFixed(1)}s`;
var megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
var monotonicMs = () => Number(process.hrtime.bigint() / BigInt(1e6));
function progressOn(write, style2, quiet, columns) {
  const began = monotonicMs();
  if (quiet) return { step: () => ({ now: () => void 0, done: () => void 0, failed: () => void 0 }), line: () => void 0 };
  const stamped = (text) => style2.live ? text : `+${seconds(monotonicMs() - began)} ${text}`;
  const step = (name) => {
    const start = monotonicMs();
    let text = "";
    let bytes;
    let timer;
    const facts = () => {
      var _a;
      const count = (_a = bytes == null ? void 0 : bytes()) != null ? _a : 0;
      return count === 0 ? text : `${text}, ${megabytes(count)}`;
    };
    const repaint = () => {
      const tookMs = monotonicMs() - start;
      if (style2.live && tookMs < SILENT_MS) return;
      const took = seconds(tookMs);
      if (style2.live)
        write(`\r\x1B[K${style2.busy} ${name.padEnd(14)} ${facts().slice(0, Math.max(20, columns() - 28))}  ${style2.dim(took)}`);
      else write(`${stamped(`${name}: still ${facts()}, ${took} so far`)}
`);
    };
    const stop = () => {
      if (timer !== void 0) clearInterval(timer);
      if (style2.live) write("\r\x1B[K");
    };
    return {
      now(nowText, nowBytes) {
        text = nowText;
        bytes = nowBytes;
        if (style2.live) repaint();
        else write(`${stamped(`${name}: ${text}`)}
`);
        timer != null ? timer : timer = setInterval(repaint, style2.live ? REPAINT_MS : STILL_MS);
        timer.unref();
      },
      done(doneText) {
        stop();
        const took = seconds(monotonicMs() - start);
        if (style2.live) write(`${style2.green(style2.done)} ${name.padEnd(14)} ${doneText}  ${style2.dim(took)}
`);
        else write(`${stamped(`${name}: ${doneText}, ${took}`)}
`);
      },
      failed() {
        stop();
        if (style2.live) write(`${style2.red(style2.failed)} ${name.padEnd(14)} ${text}  ${style2.dim(seconds(monotonicMs() - start))}
`);
      }
    };
  };
  return { step, line: (text) => write(`${style2.live ? "\r\x1B[K" : ""}${stamped(text)}
`) };
}

// src/primer/cache/tar.ts
var import_node_fs5 = __toESM(require("fs"), 1);
var import_node_path8 = __toESM(require("path"), 1);
var import_node_zlib = __toESM(require("zlib"), 1);
var BLOCK_BYTES = 512;
var MAX_BYTES = 2 * 1024 * 1024 * 1024;
var MAX_ENTRIES = 1e5;
var MAX_META_BYTES = 1024 * 1024;
var refuse = (message) => {
  throw new PrimeError("PRIME_INTEGRITY", `the package is not well-formed: ${message}`, {
    do: "Check the registry or proxy that serves it"
  });
};
var textOf = (block, from, length) => {
  const end = block.indexOf(0, from);
  return block.toString("utf8", from, end === -1 || end > from + length ? from + length : end);
};
function sizeOf(block) {
  const text = textOf(block, 124, 12).trim();
  return /^[0-7]{1,11}$/.test(text) ? parseInt(text, 8) : refuse("a size is not a number");
}
function safePath(name) {
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  if (name.startsWith("/") || name.includes("\0") || name.includes("\\") || parts.includes(".."))
    refuse(`the path ${JSON.stringify(name)}`);
  return parts.slice(1).join("/");
}
function paxPath(header) {
  let found;
  for (let at = 0; at < header.length; ) {
    const space = header.indexOf(32, at);
    const length = space === -1 ? NaN : Number(header.toString("latin1", at, space));
    if (!Number.isInteger(length) || length <= space - at || at + length > header.length) return refuse("a header is broken");
    const record = header.toString("utf8", space + 1, at + length - 1);
    if (record.startsWith("path=")) found = record.slice("path=".length);
    at += length;
  }
  return found;
}
var _into, _wanted, _rest, _left, _padding, _sink, _longName, _entries, _bytes, _Unpacker_instances, begin_fn, open_fn, endEntry_fn;
var Unpacker = class {
  constructor(into, wanted) {
    __privateAdd(this, _Unpacker_instances);
    __privateAdd(this, _into);
    __privateAdd(this, _wanted);
    __privateAdd(this, _rest, Buffer.alloc(0));
    __privateAdd(this, _left, 0);
    __privateAdd(this, _padding, 0);
    __privateAdd(this, _sink);
    __privateAdd(this, _longName);
    __privateAdd(this, _entries, 0);
    __privateAdd(this, _bytes, 0);
    __publicField(this, "files", 0);
    __privateSet(this, _into, into);
    __privateSet(this, _wanted, wanted);
  }
  push(chunk) {
    var _a;
    __privateSet(this, _bytes, __privateGet(this, _bytes) + chunk.length);
    if (__privateGet(this, _bytes) > MAX_BYTES) refuse("it is larger than 2 GiB");
    let data = __privateGet(this, _rest).length === 0 ? chunk : Buffer.concat([__privateGet(this, _rest), chunk]);
    __privateSet(this, _rest, Buffer.alloc(0));
    while (data.length > 0) {
      if (__privateGet(this, _left) > 0) {
        const part = data.subarray(0, __privateGet(this, _left));
        (_a = __privateGet(this, _sink)) == null ? void 0 : _a.write(part);
        __privateSet(this, _left, __privateGet(this, _left) - part.length);
        data = data.subarray(part.length);
        if (__privateGet(this, _left) === 0) __privateMethod(this, _Unpacker_instances, endEntry_fn).call(this);
      } else if (__privateGet(this, _padding) > 0) {
        const skipped = Math.min(__privateGet(this, _padding), data.length);
        __privateSet(this, _padding, __privateGet(this, _padding) - skipped);
        data = data.subarray(skipped);
      } else if (data.length < BLOCK_BYTES) {
        __privateSet(this, _rest, data);
        return;
      } else {
        __privateMethod(this, _Unpacker_instances, begin_fn).call(this, data.subarray(0, BLOCK_BYTES));
        data = data.subarray(BLOCK_BYTES);
      }
    }
  }
  /** Must be called after the last piece. */
  finish() {
    if (__privateGet(this, _left) > 0 || __privateGet(this, _rest).length > 0) refuse("it ends in the middle of a file");
  }
  /** Closes what is open after an error. */
  abandon() {
    var _a;
    (_a = __privateGet(this, _sink)) == null ? void 0 : _a.end();
    __privateSet(this, _sink, void 0);
  }
};
_into = new WeakMap();
_wanted = new WeakMap();
_rest = new WeakMap();
_left = new WeakMap();
_padding = new WeakMap();
_sink = new WeakMap();
_longName = new WeakMap();
_entries = new WeakMap();
_bytes = new WeakMap();
_Unpacker_instances = new WeakSet();
begin_fn = function(block) {
  var _a, _b;
  if (block.every((byte) => byte === 0)) return;
  if (__privateSet(this, _entries, __privateGet(this, _entries) + 1) > MAX_ENTRIES) refuse("it has too many entries");
  const size = sizeOf(block);
  const kind = String.fromCharCode((_a = block[156]) != null ? _a : 0);
  const prefix = textOf(block, 257, 5) === "ustar" ? textOf(block, 345, 155) : "";
  const name = (_b = __privateGet(this, _longName)) != null ? _b : prefix === "" ? textOf(block, 0, 100) : `${prefix}/${textOf(block, 0, 100)}`;
  __privateSet(this, _left, size);
  __privateSet(this, _padding, (BLOCK_BYTES - size % BLOCK_BYTES) % BLOCK_BYTES);
  if (kind === "x" || kind === "L") {
    if (size > MAX_META_BYTES) refuse("a header is too long");
    const parts = [];
    __privateSet(this, _sink, {
      write: (chunk) => parts.push(Buffer.from(chunk)),
      end: () => {
        var _a2;
        const all = Buffer.concat(parts);
        __privateSet(this, _longName, kind === "x" ? (_a2 = paxPath(all)) != null ? _a2 : __privateGet(this, _longName) : textOf(all, 0, all.length));
      }
    });
  } else if (kind === "g") {
    __privateSet(this, _sink, void 0);
  } else {
    __privateSet(this, _longName, void 0);
    const file = kind === "0" || kind === "\0" ? safePath(name) : "";
    __privateSet(this, _sink, file !== "" && __privateGet(this, _wanted).call(this, file) ? __privateMethod(this, _Unpacker_instances, open_fn).call(this, file, (Number.parseInt(textOf(block, 100, 8), 8) & 73) !== 0) : void 0);
  }
  if (size === 0) __privateMethod(this, _Unpacker_instances, endEntry_fn).call(this);
};
open_fn = function(file, executable) {
  const target = import_node_path8.default.join(__privateGet(this, _into), file);
  import_node_fs5.default.mkdirSync(import_node_path8.default.dirname(target), { recursive: true });
  const fd = import_node_fs5.default.openSync(target, "wx", executable ? 493 : 420);
  this.files += 1;
  return {
    write: (chunk) => {
      for (let at = 0; at < chunk.length; ) at += import_node_fs5.default.writeSync(fd, chunk, at);
    },
    end: () => import_node_fs5.default.closeSync(fd)
  };
};
endEntry_fn = function() {
  const sink = __privateGet(this, _sink);
  __privateSet(this, _sink, void 0);
  sink == null ? void 0 : sink.end();
};
function unpack(tgz, into, wanted) {
  const unpacker = new Unpacker(into, wanted);
  const source = import_node_fs5.default.createReadStream(tgz);
  const plain = source.pipe(import_node_zlib.default.createGunzip());
  return new Promise((resolve, reject) => {
    const fail2 = (error) => {
      source.destroy();
      plain.destroy();
      unpacker.abandon();
      reject(toError(error));
    };
    source.on("error", fail2);
    plain.on("error", fail2);
    plain.on("data", (chunk) => {
      try {
        unpacker.push(chunk);
      } catch (error) {
        fail2(error);
      }
    });
    plain.on("end", () => {
      try {
        unpacker.finish();
        resolve(unpacker.files);
      } catch (error) {
        fail2(error);
      }
    });
  });
}

// src/primer/processes/tool.ts
var import_node_child_process4 = require("child_process");

// src/primer/processes/process-identity.ts
var import_node_fs6 = __toESM(require("fs"), 1);
var import_node_os3 = __toESM(require("os"), 1);
var import_node_child_process3 = require("child_process");
function startOf(pid) {
  var _a;
  if (process.platform === "linux") {
    try {
      const stat = import_node_fs6.default.readFileSync(`/proc/${pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return fields[0] === "Z" || fields[0] === "X" ? void 0 : (_a = fields[19]) != null ? _a : "?";
    } catch {
      return void 0;
    }
  }
  const ps = (0, import_node_child_process3.spawnSync)("ps", ["-o", "lstart=", "-p", String(pid)], {
    encoding: "utf8",
    timeout: 5e3,
    env: { ...process.env, LC_ALL: "C" }
  });
  if (ps.error !== void 0) return "?";
  return ps.status === 0 ? ps.stdout.trim() : void 0;
}
function selfIdentity() {
  var _a;
  return { pid: process.pid, started: (_a = startOf(process.pid)) != null ? _a : "?" };
}
function isAlive(identity) {
  const started = startOf(identity.pid);
  return started !== void 0 && (started === "?" || identity.started === "?" || started === identity.started);
}
function hostIdentity() {
  let namespace = "";
  try {
    namespace = `${import_node_fs6.default.readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${import_node_fs6.default.readlinkSync("/proc/self/ns/pid")}`;
  } catch {
  }
  return `${import_node_os3.default.hostname()} ${namespace}`.trim();
}

// src/primer/processes/modes.ts
var GUARD_MODE = "@guard";
var WILD_MODE = "@wild";
var READY_CODE = 88;

// src/primer/processes/tool.ts
var KEPT_BYTES = 4 * 1024 * 1024;
function lastLines(output, count) {
  return output.split("\n").filter((line) => line.trim() !== "").slice(-count).join("\n");
}
function npmComplaint(output) {
  const complaints = output.split("\n").map((line) => {
    var _a, _b;
    return (_b = (_a = /^npm (?:error|ERR!)\s+(\S.*)$/.exec(line)) == null ? void 0 : _a[1]) != null ? _b : "";
  }).filter((line) => line !== "");
  const manual = complaints.findIndex((line) => /^(?:Clean install a project|Usage:)/.test(line));
  const kept = (manual === -1 ? complaints : complaints.slice(0, manual)).filter((line) => !line.startsWith("A complete log of this run"));
  return kept.length === 0 ? lastLines(output, 12) : kept.slice(0, 12).join("\n");
}
var keep = (kept, more) => (kept + more).slice(-KEPT_BYTES);
function runTool(request) {
  var _a, _b, _c, _d, _e;
  const child = (0, import_node_child_process4.spawn)(process.execPath, [request.kernel, GUARD_MODE, request.file, ...request.args], {
    cwd: request.cwd,
    env: request.env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "pipe"]
  });
  const endGroup = () => {
    if (child.pid === void 0 || child.exitCode !== null || child.signalCode !== null) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
    }
  };
  let stdout = "";
  let output = "";
  let timedOut = false;
  const forget2 = request.interruptions.cleanup(endGroup);
  const deadline = setTimeout(() => {
    timedOut = true;
    endGroup();
  }, request.deadlineMs);
  (_a = child.stdout) == null ? void 0 : _a.setEncoding("utf8").on("data", (text) => {
    var _a2;
    stdout = keep(stdout, text);
    output = keep(output, text);
    (_a2 = request.echo) == null ? void 0 : _a2.call(request, text);
  });
  (_b = child.stderr) == null ? void 0 : _b.setEncoding("utf8").on("data", (text) => {
    var _a2;
    output = keep(output, text);
    (_a2 = request.echo) == null ? void 0 : _a2.call(request, text);
  });
  (_c = child.stdio[3]) == null ? void 0 : _c.on("error", () => void 0);
  if (child.pid !== void 0) (_e = request.onGuard) == null ? void 0 : _e.call(request, { pid: child.pid, started: (_d = startOf(child.pid)) != null ? _d : "?" });
  return new Promise((resolve, reject) => {
    const end = () => {
      var _a2, _b2;
      clearTimeout(deadline);
      forget2();
      (_a2 = child.stdio[3]) == null ? void 0 : _a2.destroy();
      (_b2 = request.onGuard) == null ? void 0 : _b2.call(request, void 0);
    };
    child.on("error", (error) => {
      end();
      reject(error);
    });
    child.on("close", (code, signal) => {
      end();
      resolve({ code: code != null ? code : signal === "SIGKILL" ? 137 : 143, timedOut, stdout, output });
    });
  });
}

// src/primer/cache/package-cache.ts
var FETCH_MS = 20 * 6e4;
var PROOF = ".proof.json";
var nameOf = (item) => {
  const hash = Buffer.from(item.pinned.integrity.slice("sha512-".length), "base64").toString("hex").slice(0, 16);
  return `${item.pinned.version}${item.suffix}-${hash}`;
};
var itemFolder = (cache, item) => import_node_path9.default.join(cache, item.kind, nameOf(item));
var inboxFile = (cache, { name, version }) => import_node_path9.default.join(cache, "inbox", `${name}-${version}.tgz`);
function isIntact(cache, item) {
  const folder = itemFolder(cache, item);
  const proof = readText(import_node_path9.default.join(folder, PROOF));
  return proof !== void 0 && proof === proofOf(folder, item);
}
var proofOf = (folder, item) => `${JSON.stringify({ integrity: item.pinned.integrity, tree: treeHash(folder, [PROOF]) })}
`;
async function cachePackage(context, item, machine, step) {
  var _a;
  const folder = itemFolder(context.cache, item);
  if (isIntact(context.cache, item)) return { folder, fetchedBytes: void 0 };
  const inbox = inboxFile(context.cache, item.pinned);
  const isInInbox = ((_a = lstat(inbox)) == null ? void 0 : _a.isFile()) === true && integrityOf(inbox) === item.pinned.integrity;
  const source = isInInbox ? { inbox } : machine();
  if (source === void 0)
    throw new PrimeError("PRIME_OFFLINE", `${item.pinned.name} ${item.pinned.version} is not in the cache`, {
      tried: `looking at ${folder}`,
      saw: lstat(folder) === void 0 ? "it does not exist" : "it is not what was put there",
      do: "Run once without --offline; every clone of this user shares the cache"
    });
  makePrivate(import_node_path9.default.dirname(folder));
  const lock = await context.lockItem(`${item.kind}-${nameOf(item)}`);
  const staging = import_node_path9.default.join(context.cache, "staging", `${item.kind}-${nameOf(item)}`);
  try {
    if (isIntact(context.cache, item)) return { folder, fetchedBytes: void 0 };
    removeTree(staging);
    removeTree(folder);
    makePrivate(staging);
    const fetchedBytes = await fetchInto(context, item, source, { staging, lock, step });
    import_node_fs7.default.renameSync(import_node_path9.default.join(staging, "unpacked"), folder);
    removeTree(inbox);
    return { folder, fetchedBytes };
  } finally {
    removeTree(staging);
    lock.release();
  }
}
async function fetchInto(context, item, source, fetch) {
  const { staging, step } = fetch;
  const { name, version, integrity } = item.pinned;
  const spec = `${name}@${version}`;
  const tgz = "inbox" in source ? source.inbox : await packWith(context, item, source, fetch);
  step.now(`checking ${spec}`);
  const seen = integrityOf(tgz);
  if (seen !== integrity)
    throw new PrimeError("PRIME_INTEGRITY", `${spec} is not the one whose hash is committed`, {
      tried: "inbox" in source ? `taking ${source.inbox}` : `fetching it with ${source.cli}`,
      saw: `${seen}
wanted ${integrity}`,
      kept: "Nothing of it was unpacked",
      do: "Check the registry or proxy that serves it"
    });
  step.now(`unpacking ${spec}`);
  const unpacked = import_node_path9.default.join(staging, "unpacked");
  import_node_fs7.default.mkdirSync(unpacked);
  await unpack(tgz, unpacked, (file) => item.wanted(file));
  writeAtomic(import_node_path9.default.join(unpacked, PROOF), proofOf(unpacked, item));
  return import_node_fs7.default.statSync(tgz).size;
}
async function packWith(context, item, npm, fetch) {
  const { staging, lock, step } = fetch;
  const spec = `${item.pinned.name}@${item.pinned.version}`;
  const npmrc = readText(import_node_path9.default.join(context.config.root, ".npmrc"));
  if (npmrc !== void 0) import_node_fs7.default.writeFileSync(import_node_path9.default.join(staging, ".npmrc"), npmrc, { mode: 384 });
  import_node_fs7.default.writeFileSync(import_node_path9.default.join(staging, "package.json"), '{ "private": true }\n');
  const cache = import_node_path9.default.join(staging, "npm-cache");
  step.now(`fetching ${spec}`, () => bytesBelow(staging));
  const run = await context.tool(
    {
      file: npm.node,
      args: [
        npm.cli,
        "pack",
        spec,
        "--ignore-scripts",
        `--cache=${cache}`,
        "--loglevel=warn",
        ...retryArguments,
        ...settingsArguments(npm)
      ],
      cwd: staging,
      deadlineMs: FETCH_MS
    },
    lock
  );
  const tgz = namesIn(staging).find((file) => file.endsWith(".tgz"));
  if (run.code !== 0 || tgz === void 0)
    throw new PrimeError(failureCode(item, run.output), `${spec} could not be fetched`, {
      tried: `npm pack ${spec} with ${npm.cli}`,
      saw: run.timedOut ? `no end within ${FETCH_MS / 6e4} min` : npmComplaint(run.output) || `exit code ${run.code}`,
      kept: "Nothing was changed",
      do: "Check the network, and registry and proxy in the npm settings (npm config list), then run it again"
    });
  return import_node_path9.default.join(staging, tgz);
}
function failureCode(item, output) {
  if (output.includes("EINTEGRITY")) return "PRIME_INTEGRITY";
  return item.kind === "node" ? "PRIME_NO_NODE" : "PRIME_INSTALL_FAILED";
}
var retryArguments = [
  "--fetch-retries=2",
  "--fetch-retry-mintimeout=1000",
  "--fetch-retry-maxtimeout=5000",
  "--fetch-timeout=60000"
];
var cachedText = ({ folder, fetchedBytes }) => fetchedBytes === void 0 ? `fetched by another process, in ${folder}` : `fetched ${megabytes(fetchedBytes)}, now in ${folder}`;

// src/primer/states/node-state.ts
var import_node_fs8 = __toESM(require("fs"), 1);
var nodeStamp = (context) => import_node_path10.default.join(context.stateFolder, "node");
var binary = (folder) => import_node_path10.default.join(folder, "bin", "node");
function cacheItem(pinned) {
  return { kind: "node", pinned, suffix: `-${platformKey()}`, wanted: (file) => file === "bin/node" || file === "LICENSE" };
}
function machineNpm(context) {
  const { npm, tried } = findMachineNpm(context.env, [process.execPath], npmCache(context.cache));
  if (npm !== void 0) return npm;
  throw new PrimeError("PRIME_NO_NPM", "no npm on this machine can be run, and the first packages are fetched with it", {
    tried: tried.length === 0 ? "looking for npm in every folder of PATH" : tried.join("\n"),
    do: "Install Node with npm (any version from 12 on), or put its folder on PATH"
  });
}
function pinnedNode(context) {
  const key = platformKey();
  const pinned = context.config.nodePackages[key];
  if (pinned !== void 0) return pinned;
  throw new PrimeError("PRIME_NO_NODE", `Node ${context.config.nodeVersion} is not installed, and no package of it is pinned for ${key}`, {
    tried: "every Node on PATH and in the folders of version managers",
    saw: `pinned platforms: ${Object.keys(context.config.nodePackages).join(", ")}`,
    do: `Install Node ${context.config.nodeVersion} with a version manager, then run it again`
  });
}
function lookForNode(context) {
  const version = requiredNode(context.config);
  const pinned = context.config.nodePackages[platformKey()];
  const isPassing = pinned !== void 0 && lstat(inboxFile(context.cache, pinned)) !== void 0;
  if (process.versions.node === version && !isPassing) return { file: process.execPath, from: "this process" };
  if (pinned !== void 0) {
    const item = cacheItem(pinned);
    const file2 = binary(itemFolder(context.cache, item));
    if (isExecutable(file2) && isIntact(context.cache, item) && versionOf(file2, context.env) === version) return { file: file2, from: "cache" };
  }
  const file = findInstalledNode(version, context.env);
  return file === void 0 ? void 0 : { file, from: "this machine" };
}
async function fetchNode(context) {
  const pinned = pinnedNode(context);
  const version = requiredNode(context.config);
  const step = context.progress.step(`node ${version}`);
  try {
    const cached = await cachePackage(context, cacheItem(pinned), () => context.options.offline ? void 0 : machineNpm(context), step);
    const file = binary(cached.folder);
    const seen = versionOf(file, context.env);
    if (seen !== version)
      throw new PrimeError("PRIME_NO_NODE", `the fetched Node ${version} does not run here`, {
        tried: `${file} -p process.versions.node`,
        saw: seen === void 0 ? "no answer; on Alpine and other systems with musl it cannot run" : `it says ${seen}`,
        do: `Install Node ${version} with a package manager of this system, then run it again`
      });
    step.done(cachedText(cached));
    return file;
  } catch (error) {
    step.failed();
    throw error;
  }
}
var nodeState = defineState({
  name: "node",
  does: "the Node release that .node-version names",
  parents: [],
  look(context) {
    const found = lookForNode(context);
    return found === void 0 ? { fresh: false, why: `Node ${requiredNode(context.config)} has to be fetched` } : { fresh: true, why: `${found.file} (${found.from})` };
  },
  async reach(context) {
    var _a, _b;
    const file = (_b = (_a = lookForNode(context)) == null ? void 0 : _a.file) != null ? _b : await fetchNode(context);
    const stamp = nodeStamp(context);
    if (readText(stamp) !== `${file}
`) {
      import_node_fs8.default.mkdirSync(context.stateFolder, { recursive: true });
      writeAtomic(stamp, `${file}
`);
    }
    return file;
  }
});

// src/primer/states/packages-state.ts
var import_node_fs9 = __toESM(require("fs"), 1);
var import_node_path12 = __toESM(require("path"), 1);

// src/primer/states/lockfile-check.ts
var INTEGRITY2 = /^sha512-[A-Za-z0-9+/]{86}==$/;
var VERSION2 = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;
var PLACE = /^(?:node_modules\/(?:@[A-Za-z0-9-_.~]+\/)?[A-Za-z0-9-_.~]+)(?:\/node_modules\/(?:@[A-Za-z0-9-_.~]+\/)?[A-Za-z0-9-_.~]+)*$/;
var NAME = /^(?:@[A-Za-z0-9-_.~]+\/)?[A-Za-z0-9-_.~]+$/;
var KNOWN = [
  "name version resolved integrity dev optional devOptional peer license engines os cpu libc bin dependencies optionalDependencies",
  "peerDependencies peerDependenciesMeta funding deprecated hasInstallScript inBundle bundleDependencies hasShrinkwrap extraneous"
].join(" ").split(" ");
var RANGE = /^(?:npm:(?:@[A-Za-z0-9-_.~]+\/)?[A-Za-z0-9-_.~]+@)?[0-9A-Za-z*^~<>=|.+ -]*$/;
var GROUPS = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];
var isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
function badPlace(place) {
  if (!PLACE.test(place)) return "lies outside node_modules, as workspaces and linked folders do";
  return place.split("/").some((part) => part === "." || part === ".." || part === ".bin") ? "leads out of its folder" : void 0;
}
function isRegistryUrl(resolved, name, version) {
  var _a;
  const url = /^https:\/\/[^/?#@\s]+(\/[^?#\s]*)$/.exec(resolved);
  const base = name.slice(name.indexOf("/") + 1);
  return url !== null && decodeURIComponent((_a = url[1]) != null ? _a : "").endsWith(`/${name}/-/${base}-${version}.tgz`);
}
function badRanges(entry) {
  for (const group of GROUPS) {
    const wanted = entry[group];
    if (wanted === void 0) continue;
    if (!isRecord(wanted)) return `has ${group} that are not an object`;
    for (const [name, range] of Object.entries(wanted)) {
      if (!NAME.test(name) || name === ".." || name === ".") return `asks for a package named «${name}»`;
      if (typeof range !== "string" || !RANGE.test(range)) return `asks for ${name} from elsewhere: ${JSON.stringify(range)}`;
    }
  }
  return void 0;
}
function fault(place, entry, all) {
  if (!isRecord(entry)) return "is not an object";
  const unknown = Object.keys(entry).find((key) => !KNOWN.includes(key));
  if (unknown !== void 0) return unknown === "link" ? "is a link to a folder" : `has the unknown key ${unknown}`;
  const { version, integrity, resolved, name: given } = entry;
  const name = given != null ? given : place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length);
  if (typeof name !== "string" || !NAME.test(name)) return "has no proper name";
  if (typeof version !== "string" || !VERSION2.test(version)) return `has no exact version: ${JSON.stringify(version)}`;
  if (entry["inBundle"] === true) {
    const parent = place.slice(0, place.lastIndexOf("/node_modules/"));
    if (place.lastIndexOf("/node_modules/") === -1 || all[parent] === void 0) return "says it is bundled, but nothing bundles it";
    if (integrity === void 0 && resolved === void 0) return badRanges(entry);
  }
  if (typeof integrity !== "string" || !INTEGRITY2.test(integrity)) return `has no sha512 integrity: ${JSON.stringify(integrity)}`;
  if (resolved !== void 0 && (typeof resolved !== "string" || !isRegistryUrl(resolved, name, version)))
    return `comes from elsewhere: ${JSON.stringify(resolved)}`;
  return badRanges(entry);
}
function checkLockfile(file, text) {
  var _a;
  const refuse2 = (place, message, cure) => {
    throw new PrimeError("PRIME_CONFIG_INVALID", message, {
      at: `${file}:${lineOfKey(text, place)}`,
      kept: "Nothing was installed",
      do: cure
    });
  };
  let lock;
  try {
    lock = JSON.parse(text);
  } catch (error) {
    return refuse2([], `the lockfile is not JSON: ${toError(error).message}`, "Restore it from version control");
  }
  const packages = isRecord(lock) ? lock["packages"] : void 0;
  if (!isRecord(lock) || lock["lockfileVersion"] !== 3 || !isRecord(packages) || !isRecord(packages[""]))
    return refuse2([], "the lockfile is not of version 3", "Write it again with npm 7 or newer: npm install --package-lock-only");
  if (lock["dependencies"] !== void 0) return refuse2(["dependencies"], "the lockfile has a second list of dependencies", "Remove it");
  const own = packages[""];
  if (isRecord(own) && own["workspaces"] !== void 0) return refuse2(["workspaces"], "workspaces are not supported", "Remove them");
  const rootFault = isRecord(own) ? badRanges(own) : void 0;
  if (rootFault !== void 0) return refuse2(["packages", ""], `the project ${rootFault}`, "Take it from the registry");
  for (const [place, entry] of Object.entries(packages)) {
    if (place === "") continue;
    const wrong = (_a = badPlace(place)) != null ? _a : fault(place, entry, packages);
    if (wrong !== void 0)
      return refuse2(
        ["packages", place],
        `the lockfile entry ${place} ${wrong}`,
        "Install it from the registry: npm install NAME@VERSION, then commit the lockfile"
      );
  }
  return Object.keys(packages).length - 1;
}

// src/primer/states/npm-state.ts
var import_node_path11 = __toESM(require("path"), 1);
var itemOf = (context) => ({ kind: "npm", pinned: context.config.npm, suffix: "", wanted: () => true });
var npmState = defineState({
  name: "npm",
  does: "the pinned npm that installs the packages",
  parents: [nodeState],
  look(context) {
    const fresh = isIntact(context.cache, itemOf(context));
    return { fresh, why: `npm ${context.config.npm.version} ${fresh ? "is in the cache" : "has to be fetched"}` };
  },
  async reach(context, parents) {
    var _a;
    const node = await parents.node();
    const item = itemOf(context);
    if (isIntact(context.cache, item))
      return {
        ...(_a = findMachineNpm(context.env, [node], npmCache(context.cache)).npm) != null ? _a : usualSettings(),
        cli: cliIn(itemFolder(context.cache, item))
      };
    const step = context.progress.step(`npm ${context.config.npm.version}`);
    try {
      const cached = await cachePackage(context, item, () => context.options.offline ? void 0 : machineNpm(context), step);
      step.done(cachedText(cached));
      return { ...settings(context, node), cli: cliIn(cached.folder) };
    } catch (error) {
      step.failed();
      throw error;
    }
  }
});
var settings = (context, node) => {
  var _a;
  return (_a = findMachineNpm(context.env, [node], npmCache(context.cache)).npm) != null ? _a : usualSettings();
};
var cliIn = (folder) => import_node_path11.default.join(folder, "bin", "npm-cli.js");

// src/primer/states/packages-state.ts
var INSTALL_MS = 30 * 6e4;
var STAMP = ".prime-stamp";
var LOCKFILE = "package-lock.json";
var COPIED = ["package.json", LOCKFILE, ".npmrc"];
function look(context) {
  const modules = import_node_path12.default.join(context.config.root, "node_modules");
  const stamp = readText(import_node_path12.default.join(modules, STAMP));
  if (stamp === `${packagesKey(context)}
`) return { fresh: true, why: "installed as the lockfile says" };
  if (lstat(modules) === void 0) return { fresh: false, why: "there is no node_modules" };
  return {
    fresh: false,
    why: stamp === void 0 ? "node_modules was not installed by the primer" : "lockfile, configuration, Node or kernel changed"
  };
}
function sweep(context) {
  for (const name of namesIn(context.stateFolder))
    if (name === "staging" || name.startsWith("old-") || name.endsWith(".tmp") && !name.includes(".lock."))
      removeTree(import_node_path12.default.join(context.stateFolder, name));
}
async function install(context, npm, node, step) {
  const { root } = context.config;
  const key = packagesKey(context);
  const lockfile = import_node_path12.default.join(root, LOCKFILE);
  const text = readText(lockfile);
  if (text === void 0)
    throw new PrimeError("PRIME_CONFIG_INVALID", `${LOCKFILE} is missing in ${root}`, { do: "Restore it from version control" });
  const count = checkLockfile(lockfile, text);
  sweep(context);
  const staging = import_node_path12.default.join(context.stateFolder, "staging");
  import_node_fs9.default.mkdirSync(staging);
  for (const name of COPIED) {
    const file = import_node_path12.default.join(root, name);
    if (lstat(file) !== void 0) import_node_fs9.default.copyFileSync(file, import_node_path12.default.join(staging, name));
  }
  const cache = npmCache(context.cache);
  makePrivate(cache);
  const contents = import_node_path12.default.join(cache, "_cacache", "content-v2");
  const before = bytesBelow(contents);
  const fetched = () => Math.max(0, bytesBelow(contents) - before);
  step.now(`installing ${count} entries of the lockfile`, fetched);
  const run = await context.tool({
    file: node,
    args: [
      npm.cli,
      "ci",
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      "--no-update-notifier",
      "--loglevel=warn",
      `--cache=${cache}`,
      context.options.offline ? "--offline" : "--prefer-offline",
      ...retryArguments,
      ...settingsArguments(npm)
    ],
    cwd: staging,
    deadlineMs: INSTALL_MS
  });
  if (run.code !== 0)
    throw installFailed(context, run.timedOut ? `no end within ${INSTALL_MS / 6e4} min` : npmComplaint(run.output), run.code);
  const modules = import_node_path12.default.join(root, "node_modules");
  const fresh = import_node_path12.default.join(staging, "node_modules");
  import_node_fs9.default.mkdirSync(fresh, { recursive: true });
  writeAtomic(import_node_path12.default.join(fresh, STAMP), `${key}
`);
  if (lstat(modules) !== void 0) import_node_fs9.default.renameSync(modules, import_node_path12.default.join(context.stateFolder, `old-${process.pid}`));
  import_node_fs9.default.renameSync(fresh, modules);
  step.now("removing what is no longer needed");
  sweep(context);
  const bytes = fetched();
  step.done(`${count} entries of the lockfile, ${bytes === 0 ? "all from the cache" : `${megabytes(bytes)} fetched`}`);
}
function installFailed(context, saw, code) {
  const missing = context.options.offline && /ENOTCACHED/.test(saw);
  return new PrimeError(missing ? "PRIME_OFFLINE" : "PRIME_INSTALL_FAILED", missing ? "a package is not in the cache" : "npm ci failed", {
    tried: `npm ci --ignore-scripts${context.options.offline ? " --offline" : ""} with npm ${context.config.npm.version}, from ${LOCKFILE}`,
    saw: saw === "" ? `exit code ${code} and no output` : saw,
    kept: "node_modules is as it was before",
    do: missing ? "Run once without --offline; every clone of this user shares the cache" : "Mend what npm says above, then run it again"
  });
}
var packagesState = defineState({
  name: "packages",
  does: "node_modules exactly as package-lock.json says, no install scripts run",
  parents: [nodeState, npmState],
  look,
  async reach(context, parents) {
    const node = await parents.node();
    if (look(context).fresh) return packagesKey(context);
    await context.own();
    if (look(context).fresh) return packagesKey(context);
    const npm = await parents.npm();
    const step = context.progress.step("packages");
    try {
      await install(context, npm, node, step);
    } catch (error) {
      step.failed();
      throw error;
    }
    return packagesKey(context);
  }
});

// src/primer/states/built-state.ts
var BUILD_MS = 20 * 6e4;
var stampOf = (context) => import_node_path13.default.join(context.stateFolder, "built");
var markOf = (context) => import_node_path13.default.join(context.stateFolder, "building");
var listOf = (context) => import_node_path13.default.join(context.stateFolder, "sources");
var keyOf = (context, sources) => hashOf(packagesKey(context), ...sources);
function look2(context) {
  const { root, built } = context.config;
  const missing = built.outputs.find((output) => lstat(import_node_path13.default.join(root, output)) === void 0);
  if (missing !== void 0) return { fresh: false, why: `${missing} is missing` };
  if (lstat(markOf(context)) !== void 0) return { fresh: false, why: "a build is running or was killed" };
  const stamp = readText(stampOf(context));
  if (stamp === void 0) return { fresh: false, why: "it was not built by the primer" };
  return stamp === `${keyOf(context, sourceLines(root, built))}
` ? { fresh: true, why: "built from these sources" } : { fresh: false, why: "sources or packages changed" };
}
function whyClean(context, sources) {
  var _a;
  if (lstat(markOf(context)) !== void 0) return "removing what a killed build left";
  const list = readText(listOf(context));
  const builtMs = (_a = lstat(listOf(context))) == null ? void 0 : _a.mtimeMs;
  if (list === void 0 || builtMs === void 0) return "removing what was built before";
  return changedBackwards(list.split("\n"), sources, builtMs) ? "removing what older sources made" : void 0;
}
async function build(context, node, step) {
  const { root, built } = context.config;
  removeTree(stampOf(context));
  const sources = sourceLines(root, built);
  const clean = whyClean(context, sources);
  writeAtomic(markOf(context), `${process.pid}
`);
  if (clean !== void 0) {
    step.now(clean);
    for (const folder of built.clean) removeTree(import_node_path13.default.join(root, folder));
  }
  const ended = () => {
    writeAtomic(listOf(context), `${sources.join("\n")}
`);
    removeTree(markOf(context));
  };
  for (const [script = "", ...args] of built.run) {
    const shown = [import_node_path13.default.basename(script), ...args].join(" ");
    step.now(shown);
    const run = await context.tool({ file: node, args: [import_node_path13.default.join(root, script), ...args], cwd: root, deadlineMs: BUILD_MS });
    if (run.code === 0) continue;
    if (!run.timedOut && run.code < 128) ended();
    throw new PrimeError("PRIME_BUILD_FAILED", `${shown} failed`, {
      tried: `node ${[script, ...args].join(" ")} in ${root}`,
      saw: run.timedOut ? `no end within ${BUILD_MS / 6e4} min` : lastLines(run.output, 30) || `exit code ${run.code} and no output`,
      kept: "The packages are installed",
      do: "Correct what it says, then run it again"
    });
  }
  ended();
  const missing = built.outputs.find((output) => lstat(import_node_path13.default.join(root, output)) === void 0);
  if (missing !== void 0)
    throw new PrimeError("PRIME_BUILD_FAILED", `the build ended well but ${missing} is missing`, {
      do: "Correct built.run or built.outputs in prime.config.json"
    });
  writeAtomic(stampOf(context), `${keyOf(context, sources)}
`);
}
var builtState = defineState({
  name: "built",
  does: "the outputs of the build, up to date with the sources",
  parents: [nodeState, packagesState],
  look: look2,
  async reach(context, parents) {
    const node = await parents.node();
    await parents.packages();
    if (look2(context).fresh) return;
    await context.own();
    if (look2(context).fresh) return;
    import_node_fs10.default.mkdirSync(context.stateFolder, { recursive: true });
    const step = context.progress.step("built");
    try {
      await build(context, node, step);
      step.done(`${context.config.built.run.length} steps`);
    } catch (error) {
      step.failed();
      throw error;
    }
  }
});

// src/primer/command-line.ts
var COMMANDS = {
  boot: "prepare everything (the default)",
  reboot: "forget what was prepared and do all of it again",
  eval: "print the effective configuration and what would be done, as JSON; changes nothing",
  graph: "print the states and what they need"
};
function optionsOf(env) {
  return { offline: env["PRIME_OFFLINE"] === "1", quiet: env["PRIME_QUIET"] === "1", verbose: env["PRIME_VERBOSE"] === "1" };
}
var OPTIONS = ["--help", "--quiet", "--verbose", "--offline", "--dry", "--target"];
var usage = (message, cure) => {
  throw new PrimeError("USAGE", message, { do: cure });
};
var isCommand = (name) => Object.prototype.hasOwnProperty.call(COMMANDS, name);
function parsePrimeArgs(argv, env, tasks) {
  var _a, _b, _c, _d;
  const flags = { ...optionsOf(env), dry: false, help: false };
  let target;
  let command;
  for (let i = 0; i < argv.length; i += 1) {
    const word = (_a = argv[i]) != null ? _a : "";
    if (word === "-h" || word === "--help") flags.help = true;
    else if (word === "-q" || word === "--quiet") flags.quiet = true;
    else if (word === "-v" || word === "--verbose") flags.verbose = true;
    else if (word === "--offline") flags.offline = true;
    else if (word === "--dry") flags.dry = true;
    else if (word.startsWith("--target=")) target = word.slice("--target=".length);
    else if (word === "--target") target = (_b = argv[i += 1]) != null ? _b : usage("--target needs the name of a state", "./prime graph lists them");
    else if (word.startsWith("-")) usage(`unknown option ${word}`, (_c = near(word, OPTIONS)) != null ? _c : "./prime --help lists the options");
    else if (command === void 0 && tasks.includes(word))
      return { ...flags, command: "boot", task: word, taskArguments: argv.slice(i + 1), target };
    else if (command === void 0 && isCommand(word)) command = word;
    else usage(`unknown command ${word}`, (_d = near(word, [...Object.keys(COMMANDS), ...tasks])) != null ? _d : "./prime --help lists the commands");
  }
  return { ...flags, command: command != null ? command : "boot", task: void 0, taskArguments: [], target };
}

// src/primer/context.ts
var import_node_fs12 = __toESM(require("fs"), 1);
var import_node_path15 = __toESM(require("path"), 1);

// src/primer/processes/lock.ts
var import_node_fs11 = __toESM(require("fs"), 1);
var import_node_path14 = __toESM(require("path"), 1);
var POLL_MS = 150;
var BEAT_MS = 5e3;
var SILENT_MS2 = 6e4;
var TOOL_END_MS = 15e3;
function parseIdentity(value) {
  if (typeof value !== "object" || value === null || !("pid" in value) || !("started" in value)) return void 0;
  const { pid, started } = value;
  return typeof pid === "number" && Number.isInteger(pid) && pid > 0 && typeof started === "string" ? { pid, started } : void 0;
}
function parseOwner(text) {
  if (text === void 0) return void 0;
  try {
    const value = JSON.parse(text);
    const identity = parseIdentity(value);
    if (identity === void 0 || typeof value !== "object" || value === null) return void 0;
    const host = "host" in value && typeof value.host === "string" ? value.host : "";
    const released = !("released" in value) || value.released !== false;
    return { ...identity, host, released, tool: "tool" in value ? parseIdentity(value.tool) : void 0 };
  } catch {
    return void 0;
  }
}
var pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
var monotonicMs2 = () => Number(process.hrtime.bigint() / BigInt(1e6));
function generations(request) {
  const prefix = `${request.name}.lock.`;
  return namesIn(request.folder).filter((name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length))).map((name) => Number(name.slice(prefix.length))).sort((a, b) => a - b);
}
function unfinished(request) {
  const prefix = `${request.name}.lock.`;
  return namesIn(request.folder).filter((name) => name.startsWith(prefix) && name.endsWith(".tmp"));
}
function holds(owner, file, host) {
  if (owner === void 0 || owner.released) return false;
  if (owner.host === host) return isAlive(owner);
  const facts = lstat(file);
  return facts !== void 0 && Date.now() - facts.mtimeMs < SILENT_MS2;
}
function claim(file, text) {
  const temporary = `${file}.${process.pid}.tmp`;
  import_node_fs11.default.writeFileSync(temporary, text);
  try {
    import_node_fs11.default.linkSync(temporary, file);
    return true;
  } catch (error) {
    const code = systemCode(error);
    if (code === "EEXIST" || code === "ENOENT" && lstat(temporary) === void 0) return false;
    throw error;
  } finally {
    removeTree(temporary);
  }
}
async function toolGone(tool) {
  if (tool === void 0) return;
  for (let waitedMs = 0; isAlive(tool); waitedMs += POLL_MS) {
    if (waitedMs > TOOL_END_MS) process.kill(tool.pid, "SIGKILL");
    await pause(POLL_MS);
  }
}
async function takeLock(request) {
  var _a, _b, _c, _d;
  const host = hostIdentity();
  const self = selfIdentity();
  const began = monotonicMs2();
  const fileOf = (n) => import_node_path14.default.join(request.folder, `${request.name}.lock.${n}`);
  const text = (released, tool) => `${JSON.stringify({ ...self, host, released, tool })}
`;
  let told = false;
  for (; ; ) {
    const highest = (_a = generations(request).pop()) != null ? _a : 0;
    const owner = highest === 0 ? void 0 : parseOwner(readText(fileOf(highest)));
    if (holds(owner, fileOf(highest), host)) {
      const name = `process ${(_b = owner == null ? void 0 : owner.pid) != null ? _b : "?"}${(owner == null ? void 0 : owner.host) === host ? "" : ` on ${(_c = owner == null ? void 0 : owner.host.split(" ")[0]) != null ? _c : "?"}`}`;
      if (!told) request.onWait(name);
      told = true;
      if (monotonicMs2() - began > request.waitMs)
        throw new PrimeError("PRIME_LOCK_TIMEOUT", `${name} holds ${request.what} and does not finish`, {
          tried: `waiting for ${Math.round(request.waitMs / 1e3)} s`,
          saw: `${fileOf(highest)} names it`,
          kept: "Nothing was changed by this run",
          do: `End that process if it hangs (kill ${(_d = owner == null ? void 0 : owner.pid) != null ? _d : ""}), then run the command again`
        });
      await pause(POLL_MS);
      continue;
    }
    const mine = highest + 1;
    if (!claim(fileOf(mine), text(false))) continue;
    const now = generations(request);
    if (now[now.length - 1] !== mine) {
      removeTree(fileOf(mine));
      continue;
    }
    for (const n of now) if (n < mine) removeTree(fileOf(n));
    for (const name of unfinished(request)) removeTree(import_node_path14.default.join(request.folder, name));
    if ((owner == null ? void 0 : owner.host) === host) await toolGone(owner.tool);
    return held(fileOf(mine), text, request.interruptions);
  }
}
function held(file, text, interruptions) {
  const beat = setInterval(() => {
    const now = Date.now() / 1e3;
    try {
      import_node_fs11.default.utimesSync(file, now, now);
    } catch {
    }
  }, BEAT_MS);
  beat.unref();
  let done = false;
  const release = () => {
    if (done) return;
    done = true;
    clearInterval(beat);
    forget2();
    if (lstat(file) !== void 0) writeAtomic(file, text(true));
  };
  const forget2 = interruptions.cleanup(release);
  return { noteTool: (tool) => writeAtomic(file, text(false, tool)), release };
}

// src/primer/context.ts
var LOCK_WAIT_MS = 30 * 6e4;
var _say, _lock;
var PrimeContext = class {
  constructor(given) {
    __publicField(this, "config");
    __publicField(this, "kernel");
    __publicField(this, "env");
    __publicField(this, "options");
    __publicField(this, "progress");
    __publicField(this, "interruptions");
    /** `.prime` in the root: stamps, lock, staging. */
    __publicField(this, "stateFolder");
    __publicField(this, "cache");
    __privateAdd(this, _say);
    __privateAdd(this, _lock);
    this.config = given.config;
    this.kernel = given.kernel;
    this.env = given.env;
    this.options = given.options;
    this.progress = given.progress;
    this.interruptions = given.interruptions;
    __privateSet(this, _say, given.say);
    this.stateFolder = import_node_path15.default.join(given.config.root, ".prime");
    const { folder, note } = chooseCache(given.env, this.stateFolder);
    this.cache = folder;
    if (note !== void 0 && given.options.verbose) given.say(`${note}
`);
  }
  /** Makes this process the one that prepares the folder, until `release`. Waits for another one that does. */
  async own() {
    if (__privateGet(this, _lock) !== void 0) return;
    import_node_fs12.default.mkdirSync(this.stateFolder, { recursive: true });
    __privateSet(this, _lock, await takeLock({
      folder: this.stateFolder,
      name: "prime",
      what: this.config.root,
      waitMs: LOCK_WAIT_MS,
      interruptions: this.interruptions,
      onWait: (owner) => this.progress.line(`waiting for ${owner}, which is preparing ${this.config.root}`)
    }));
  }
  /** Gives the folder back. */
  release() {
    var _a;
    (_a = __privateGet(this, _lock)) == null ? void 0 : _a.release();
    __privateSet(this, _lock, void 0);
  }
  /** Takes the lock of one item of the cache. */
  lockItem(item) {
    return takeLock({
      folder: this.cache,
      name: item,
      what: `${item} in ${this.cache}`,
      waitMs: LOCK_WAIT_MS,
      interruptions: this.interruptions,
      onWait: (owner) => this.progress.line(`waiting for ${owner}, which is fetching ${item}`)
    });
  }
  /** Runs a tool to its end. `lock`: whose next owner must wait for it; the folder's own when absent. */
  tool(spec, lock = __privateGet(this, _lock)) {
    var _a;
    return runTool({
      ...spec,
      env: (_a = spec.env) != null ? _a : cleanEnv(this.env),
      kernel: this.kernel,
      interruptions: this.interruptions,
      echo: this.options.verbose ? __privateGet(this, _say) : void 0,
      onGuard: (guard2) => lock == null ? void 0 : lock.noteTool(guard2)
    });
  }
};
_say = new WeakMap();
_lock = new WeakMap();

// src/primer/states/evaluate.ts
function evaluate(context, states) {
  var _a, _b, _c;
  const { config } = context;
  const node = lookForNode(context);
  return {
    root: config.root,
    kernel: context.kernel,
    cache: context.cache,
    platform: platformKey(),
    node: {
      required: requiredNode(config),
      found: (_a = node == null ? void 0 : node.file) != null ? _a : null,
      from: (_b = node == null ? void 0 : node.from) != null ? _b : null,
      running: { version: process.versions.node, file: process.execPath },
      pinned: (_c = config.nodePackages[platformKey()]) != null ? _c : null
    },
    npm: config.npm,
    states: Object.fromEntries(
      states.map((state) => [state.name, { ...state.look(context), needs: state.parents.map((parent) => parent.name) }])
    ),
    built: config.built,
    apps: config.apps,
    tasks: config.tasks
  };
}

// src/primer/processes/guard.ts
var import_node_child_process5 = require("child_process");
var import_node_net = __toESM(require("net"), 1);
var PIPE_FD = 3;
function guard(file, args) {
  const endGroup = () => {
    process.kill(-process.pid, "SIGKILL");
  };
  const pipe = new import_node_net.default.Socket({ fd: PIPE_FD, readable: true, writable: false });
  pipe.on("error", endGroup);
  pipe.on("close", endGroup);
  pipe.resume();
  const tool = (0, import_node_child_process5.spawn)(file, args, { stdio: ["ignore", "inherit", "inherit"] });
  tool.on("error", (error) => {
    process.stderr.write(`${error.message}
`);
    process.exit(127);
  });
  tool.on("exit", (code, signal) => process.exit(code != null ? code : signal === "SIGKILL" ? 137 : 143));
}

// src/primer/processes/hand-over.ts
var import_node_path16 = __toESM(require("path"), 1);
var import_node_child_process6 = require("child_process");
var import_node_tty = require("tty");
var import_node_module = __toESM(require("module"), 1);
function runProgram(main2, args) {
  process.argv.splice(1, process.argv.length, main2, ...args);
  const { runMain } = import_node_module.default;
  runMain(main2);
}
var RELAYED = ["SIGTERM", "SIGHUP", "SIGUSR2", "SIGQUIT", "SIGINT"];
function goOnWith(node, args) {
  const { execve } = process;
  if (execve !== void 0 && isExecutable(node)) execve.call(process, node, [node, ...args], process.env);
  const child = (0, import_node_child_process6.spawn)(node, args, { stdio: "inherit" });
  const relay = (name) => {
    if (name !== "SIGINT" || !(0, import_node_tty.isatty)(0)) child.kill(name);
  };
  for (const name of RELAYED) process.on(name, relay);
  child.on("error", (error) => {
    process.stderr.write(`${error.message}
`);
    process.exit(4);
  });
  child.on("exit", (code, signal) => {
    for (const name of RELAYED) process.removeListener(name, relay);
    if (signal === null) process.exit(code != null ? code : 4);
    process.kill(process.pid, signal);
  });
}
function taskEnvironment(root) {
  var _a;
  const clean = cleanEnv(process.env);
  for (const name of Object.keys(process.env)) if (clean[name] === void 0) delete process.env[name];
  const folders = [import_node_path16.default.dirname(process.execPath), import_node_path16.default.join(root, "node_modules", ".bin"), (_a = process.env["PATH"]) != null ? _a : ""];
  process.env["PATH"] = folders.filter((folder) => folder !== "").join(import_node_path16.default.delimiter);
}

// src/primer/help.ts
function helpText(config) {
  const row = (name, does) => `  ${name.padEnd(18)} ${does}`;
  return [
    "Usage: ./prime [COMMAND | TASK [ARGS…]] [OPTIONS]",
    "",
    `Prepares this folder: Node ${requiredNode(config)}, the packages of the lockfile, the build. Does nothing when all is up to date.`,
    "",
    "Commands:",
    ...Object.entries(COMMANDS).map(([name, does]) => row(name, does)),
    "",
    "Tasks:",
    ...Object.entries(config.tasks).map(([name, task]) => row(name, task.does)),
    "",
    "Options:",
    row("--target STATE", "prepare up to this state only (./prime graph lists them)"),
    row("--offline", "use the cache only, fail when something is not in it"),
    row("--dry", "say what would be done, change nothing"),
    row("-q, --quiet", "print errors only"),
    row("-v, --verbose", "print what the tools say"),
    row("-h, --help", "this text"),
    "",
    "Environment: PRIME_OFFLINE=1, PRIME_QUIET=1, PRIME_VERBOSE=1, NO_COLOR, XDG_CACHE_HOME",
    ""
  ].join("\n");
}
function graphText(states) {
  return states.map((state) => {
    const needs = state.parents.length === 0 ? "" : `  needs ${state.parents.map((parent) => parent.name).join(", ")}`;
    return `${state.name.padEnd(10)} ${state.does}${needs}
`;
  }).join("");
}

// src/primer/processes/interruptions.ts
var SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"];
var PARENT_POLL_MS = 300;
function listenForInterruptions(say2, launcher) {
  const cleanups = /* @__PURE__ */ new Set();
  let timer;
  const end = () => {
    for (const name of SIGNALS) process.removeListener(name, stop);
    if (timer !== void 0) clearInterval(timer);
  };
  const stop = (name) => {
    end();
    for (const run of [...cleanups].reverse()) run();
    say2(`interrupted by ${name}; what is complete is kept, the next run goes on from there`);
    process.kill(process.pid, name);
  };
  for (const name of SIGNALS) process.on(name, stop);
  if (launcher !== void 0) {
    timer = setInterval(() => {
      if (process.ppid !== launcher) stop("SIGTERM");
    }, PARENT_POLL_MS);
    timer.unref();
  }
  return {
    cleanup(run) {
      cleanups.add(run);
      return () => cleanups.delete(run);
    },
    end
  };
}

// src/primer/screen/render-problem.ts
var visible = (text) => (
  // Tools and registries answer what they like: nothing of it may act on the terminal.
  // oxlint-disable-next-line no-control-regex
  text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "?")
);
function renderProblem(error, style2, verbose) {
  const code = error instanceof PrimeError ? error.code : "INTERNAL";
  const problem = error instanceof PrimeError ? error.problem : { do: "Run it again with --verbose and report what it prints" };
  const lines = [`${style2.red(`${style2.failed} ${code}`)}  ${visible(error.message)}`];
  const field = (name, text) => {
    if (text === void 0 || text === "") return;
    visible(text).split("\n").forEach((line, i) => lines.push(`   ${style2.dim((i === 0 ? name : "").padEnd(6))} ${line}`));
  };
  field("at", problem.at);
  field("tried", problem.tried);
  field("saw", problem.saw);
  field("kept", problem.kept);
  field("do", problem.do);
  if (verbose) field("stack", error.stack);
  return lines;
}
function exitOf(error) {
  return error instanceof PrimeError ? PRIME_EXITS[error.code] : PRIME_EXITS.INTERNAL;
}

// src/primer/screen/style.ts
function styleFor(isTerminal2, env) {
  const noColor = env["NO_COLOR"] !== void 0 && env["NO_COLOR"] !== "";
  const colour = isTerminal2 && !noColor && env["TERM"] !== "dumb";
  const locale = env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"] || "";
  const utf8 = process.platform === "darwin" || /utf-?8/i.test(locale);
  const paint = (n) => (text) => colour ? `\x1B[${n}m${text}\x1B[0m` : text;
  return {
    live: isTerminal2 && env["TERM"] !== "dumb" && env["CI"] === void 0,
    done: utf8 ? "✔" : "ok",
    failed: utf8 ? "✖" : "x",
    busy: utf8 ? "◐" : "o",
    red: paint(31),
    green: paint(32),
    dim: paint(2)
  };
}

// src/primer/kernel.ts
var PRIME_APP = "prime";
var FLOOR = 12;
var say = (text) => {
  process.stderr.write(text);
};
var style = styleFor(process.stderr.isTTY, process.env);
function contextFor(config, options, isWild) {
  return new PrimeContext({
    config,
    kernel: __filename,
    env: process.env,
    options,
    progress: progressOn(say, style, options.quiet, () => {
      var _a;
      return (_a = process.stderr.columns) != null ? _a : 80;
    }),
    interruptions: listenForInterruptions((text) => say(`${text}
`), isWild ? process.ppid : void 0),
    say
  });
}
function answer(context, graph, parsed) {
  if (parsed.help) process.stdout.write(helpText(context.config));
  else if (parsed.command === "graph") process.stdout.write(graphText(graph.states));
  else if (parsed.command === "eval") process.stdout.write(`${JSON.stringify(evaluate(context, graph.states), null, 2)}
`);
  else if (parsed.dry) {
    for (const state of graph.states) {
      const { fresh, why } = state.look(context);
      say(
        `${fresh ? style.green(style.done) : style.busy} ${state.name.padEnd(10)} ${fresh ? "nothing to do" : "would be prepared"}: ${why}
`
      );
    }
  } else return false;
  return true;
}
function forget(context) {
  for (const name of ["built", "sources", "node"]) removeTree(import_node_path17.default.join(context.stateFolder, name));
  for (const folder of context.config.built.clean) removeTree(import_node_path17.default.join(context.config.root, folder));
  removeTree(import_node_path17.default.join(context.config.root, "node_modules", ".prime-stamp"));
}
function entryOf(config, run, parsed) {
  if (parsed !== void 0) return parsed.task === void 0 ? void 0 : config.tasks[parsed.task];
  const app = config.apps[run.app];
  if (app !== void 0) return app;
  throw new PrimeError("PRIME_CONFIG_INVALID", `there is no app named ${run.app}`, {
    saw: `apps: ${Object.keys(config.apps).join(", ")}`,
    do: "Add it to apps in prime.config.json"
  });
}
async function main(run) {
  var _a, _b, _c;
  const config = readConfig(import_node_path17.default.dirname(__filename));
  const parsed = run.app === PRIME_APP ? parsePrimeArgs(run.args, process.env, Object.keys(config.tasks)) : void 0;
  const entry = entryOf(config, run, parsed);
  const context = contextFor(config, parsed != null ? parsed : optionsOf(process.env), run.isWild);
  const graph = new Graph([builtState]);
  const target = graph.find((_b = (_a = parsed == null ? void 0 : parsed.target) != null ? _a : entry == null ? void 0 : entry.target) != null ? _b : "built");
  try {
    if (parsed !== void 0 && answer(context, graph, parsed)) return;
    if (process.versions.node !== requiredNode(config)) {
      const node = await graph.reach(context, nodeState);
      context.interruptions.end();
      if (run.isWild) process.exitCode = READY_CODE;
      else goOnWith(node, [__filename, run.app, ...run.args]);
      return;
    }
    if (run.isWild) {
      await graph.reach(context, nodeState);
      process.exitCode = READY_CODE;
      return;
    }
    if ((parsed == null ? void 0 : parsed.command) === "reboot") {
      await context.own();
      forget(context);
    }
    await graph.reach(context, target);
  } finally {
    context.release();
    context.interruptions.end();
  }
  if (entry === void 0) return;
  if (parsed !== void 0) taskEnvironment(config.root);
  runProgram(import_node_path17.default.join(config.root, entry.main), (_c = parsed == null ? void 0 : parsed.taskArguments) != null ? _c : run.args);
}
function fail(thrown) {
  const error = toError(thrown);
  const verbose = process.env["PRIME_VERBOSE"] === "1" || process.argv.includes("--verbose") || !(error instanceof PrimeError);
  say(`${renderProblem(error, style, verbose).join("\n")}
`);
  process.exitCode = exitOf(error);
}
function begin() {
  var _a;
  const [first = PRIME_APP, ...rest] = process.argv.slice(2);
  if (first === GUARD_MODE) return guard((_a = rest[0]) != null ? _a : "", rest.slice(1));
  const major = Number(process.versions.node.split(".")[0]);
  if (major < FLOOR)
    return fail(
      new PrimeError("PRIME_NO_NODE", `Node ${process.versions.node} is too old even to begin`, {
        do: `Put a Node from ${FLOOR} on first on PATH`
      })
    );
  if (process.platform === "win32") return fail(new PrimeError("PLATFORM_UNSUPPORTED", "Windows is not supported", { do: "Use WSL" }));
  const isWild = first === WILD_MODE;
  const [app = PRIME_APP, ...args] = isWild ? rest : [first, ...rest];
  main({ app, args, isWild }).catch(fail);
}
begin();
