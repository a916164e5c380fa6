import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What the helper runs: Node imports this text before it would open a file named like the question. It acts only as our helper: not in a
 * Node program that ssh starts for the user (ProxyCommand, Match exec), whose first argument is a file or absent.
 * It is told `a` and the answer, or `n`: exit 1, ssh goes on. Told nothing, it ends the tool first, which would send an empty password.
 * The question comes raw from the command line, since Node makes a path of the first argument. Statements end in `;`: it becomes one line.
 */
const SOURCE = `
const{existsSync:f,readFileSync:r,writeSync:w}=await import("node:fs");
const{env:e,argv:v,report:o}=process;
const[t,...u]=(e.RESPROUT_ASK||"").split("|");
if(u[0]&&v[1]&&!f(v[1])){
const{connect}=await import("node:net");
let q;try{q=r("/proc/self/cmdline","utf8").split("\\0").at(-2)}catch{o.excludeNetwork=true;q=o.getReport().header.commandLine.at(-1)}
let a="";
const s=connect(u.join("|").replace(/^@/,"\\0"),()=>s.write(JSON.stringify({token:t,text:q,hint:e.SSH_ASKPASS_PROMPT||""})+"\\n"));
s.on("data",d=>a+=d).on("error",()=>{});
await new Promise(k=>s.on("close",k));
if(a[0]=="a"&&a.endsWith("\\n")){w(1,a.slice(1));process.exit(0)}
if(a[0]!="n")try{process.kill(process.ppid)}catch{}
process.exit(1)}`;

/** For NODE_OPTIONS: the helper without a file. */
export function helperOption(): string {
  return `--import=data:text/javascript,${encodeURIComponent(SOURCE.replaceAll('\n', ''))}`;
}

/**
 * For clients that hand over texts of the host bare (OpenSSH before 8.5): one that begins with `--` would be an option of Node.
 * Gives the path of a program in `folder` that puts `--` before it.
 */
export function writeHelperProgram(folder: string, execPath: string): string {
  const path = join(folder, 'ask');
  writeFileSync(path, `#!/bin/sh\nexec '${execPath.replaceAll("'", `'"'"'`)}' -- "$1"\n`, { mode: 0o700, flag: 'wx' });
  chmodSync(path, 0o700);
  return path;
}
