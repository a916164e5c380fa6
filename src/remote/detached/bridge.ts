import { brotliCompressSync } from 'node:zlib';
import type { FarStdio } from '../connect/index.ts';
import type { DetachedPlace } from './token.ts';

/** What the bridge ends with when nobody let it in. */
export const NOBODY_THERE_CODE = 96;

/**
 * What stands on the machine of a detached process between its new controller and its socket: a text for the first stage, in place of the core. It says the
 * secret, and hands bytes on in both directions until one of them ends. A place that is not its user's alone is of somebody who waits there for others,
 * when the lease is over: nothing is said to it.
 */
const SOURCE = `
const{Socket,connect}=require("node:net"),{lstatSync}=require("node:fs"),{dirname}=require("node:path"),[path,secret,isDuplex]=ARGS;
const input=new Socket({fd:3,readable:true,writable:isDuplex}),output=isDuplex?input:new Socket({fd:4,readable:false,writable:true});
let isIn=false;const end=()=>process.exit(isIn?0:${NOBODY_THERE_CODE});
try{for(const one of[dirname(path),path]){const{mode,uid}=lstatSync(one);if(uid!==process.getuid()||mode&63)end()}}catch{end()}
const far=connect(path,()=>{far.write(secret+"\\n");input.pipe(far)}).on("error",end);
far.once("data",()=>{isIn=true});far.on("data",b=>{output.write(b)||far.pause()});output.on("drain",()=>far.resume());
far.on("end",()=>isIn?output.end(end):end()).on("close",()=>setTimeout(end,1000));
for(const s of[input,output])s.on("error",end).on("close",end);`;

/** The bridge to a place, compressed as a first stage reads it. */
export function bridgeText({ path, secret }: Pick<DetachedPlace, 'path' | 'secret'>, stdio: FarStdio): Uint8Array {
  const text = SOURCE.replaceAll('\n', '').replace('ARGS', () => JSON.stringify([path, secret, stdio === 'duplex']));
  return brotliCompressSync(Buffer.from(text));
}
