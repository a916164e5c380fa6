/**
 * The tool of this method, as a text for Node: it stands between our pipes and a socket, and ends as the far command ends. Arguments: the
 * path, then the words to run. Two connections: one speaks in lines of JSON (what to run; what the command says on its stderr; how it ended),
 * the other one becomes stdin and stdout of the command.
 */
const SOURCE = `
const{connect}=require("node:net"),[path,...words]=process.argv.slice(1),id=require("node:crypto").randomBytes(16).toString("hex");
const fail=e=>{require("node:fs").writeSync(2,"unix: "+e.message+"\\n");process.exit(1)};
const orders=connect(path,()=>orders.write(JSON.stringify({id,words})+"\\n")).on("error",fail);
let held="",stream,isOver=0,end=()=>process.exit(255);
const join=()=>{stream=connect({path,allowHalfOpen:true},()=>stream.write(id+"\\n")).on("error",fail)};
const run=()=>{process.stdin.pipe(stream);stream.pipe(process.stdout);stream.on("end",()=>{isOver=1;last()});stream.on("error",()=>{})};
let code;
const last=()=>{if(isOver&&code)setImmediate(()=>code.signal?(process.removeAllListeners(code.signal),process.kill(process.pid,code.signal)):process.exit(code.exit))};
orders.setEncoding("utf8").on("data",d=>{
const lines=(held+d).split("\\n");held=lines.pop();
for(const line of lines){const m=JSON.parse(line);
if(m.ready)join();else if(m.started)run();else if(m.err)process.stderr.write(Buffer.from(m.err,"base64"));else if(m.failed)fail({message:m.failed});else if("exit"in m){code=m;last()}}
}).on("close",()=>code||end())`;

/** As one line. */
export const CONNECTOR: string = SOURCE.replaceAll('\n', '');
