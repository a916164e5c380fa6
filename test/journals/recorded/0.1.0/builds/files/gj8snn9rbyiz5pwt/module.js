(function* ($d, $meta, $imp) { 'use strict'; const $ds = $d.sites("gj8snn9rbyiz5pwt"); let $i0, $i1, $i2, $i3, $i4; [$i0, $i1, $i2, $i3, $i4] = yield [{ default: main }, function () { switch (arguments[0]) {  } }]; yield; 




async function main(/*~$dgj8snn9rbyiz5pwt:0*/) {
	const { stdout } = await $d.w($ds[0], $d.c2($ds[1], void 0, $d.c1($ds[2], void 0, $i3.promisify, $i0.execFile), "echo", ["one"]));
	const child = $d.c2($ds[3], void 0, $i0.spawn, "sh", ["-c", "read line; echo \"got $line\"; echo problem >&2; exit 3"]);
	$d.c1($ds[4], ($d.t = child.stdin), $d.t.end, "two\n");
	const [out, err, [code]] = $d.i($ds[5], await $d.w($ds[6], $d.c1($ds[7], Promise, Promise.all, [
		$d.c1($ds[8], void 0, $i2.text, child.stdout),
		$d.c1($ds[9], void 0, $i2.text, child.stderr),
		$d.c2($ds[10], void 0, $i1.once, child, "close")
	])));
	const failed = await $d.w($ds[11], $d.c1($ds[12], ($d.t = $d.c2($ds[13], void 0, $d.c1($ds[14], void 0, $i3.promisify, $i0.execFile), "sh", ["-c", "exit 4"])), $d.t.catch, (/*~$dgj8snn9rbyiz5pwt:1*/error) => error.code));
	const worker = $d.n($ds[15], $i4.Worker, ["require('node:worker_threads').parentPort.postMessage([6 * 7])", { eval: true }]);
	const [message] = $d.i($ds[16], await $d.w($ds[17], $d.c2($ds[18], void 0, $i1.once, worker, "message")));
	await $d.w($ds[19], $d.c2($ds[20], void 0, $i1.once, worker, "exit"));
	return $d.w($ds[21], {
		stdout,
		out,
		err,
		code,
		failed,
		message
	});
}

})