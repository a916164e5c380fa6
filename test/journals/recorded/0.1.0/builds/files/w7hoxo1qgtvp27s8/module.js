(function* ($d, $meta, $imp) { 'use strict'; const $ds = $d.sites("w7hoxo1qgtvp27s8"); let $i0, $i1; [$i0, $i1] = yield [{ default: main }, function () { switch (arguments[0]) {  } }]; yield; 

async function main(/*~$dw7hoxo1qgtvp27s8:0*/) {
	const order = [];
	$d.c1($ds[0], void 0, setImmediate, (/*~$dw7hoxo1qgtvp27s8:1*/) => $d.c1($ds[1], order, order.push, "immediate"));
	$d.c1($ds[2], process, process.nextTick, (/*~$dw7hoxo1qgtvp27s8:2*/) => $d.c1($ds[3], order, order.push, "tick"));
	await $d.w($ds[4], $d.c1($ds[5], void 0, $i1.setTimeout, 5));
	const started = $d.c0($ds[6], Date, Date.now);
	const winner = await $d.w($ds[7], $d.c1($ds[8], Promise, Promise.race, [$d.c2($ds[9], void 0, $i1.setTimeout, 30, "slow"), $d.c2($ds[10], void 0, $i1.setTimeout, 10, "fast")]));
	let ticks = 0;
	await $d.w($ds[11], $d.n($ds[12], Promise, [(/*~$dw7hoxo1qgtvp27s8:3*/resolve) => {
		const interval = $d.c2($ds[13], void 0, setInterval, (/*~$dw7hoxo1qgtvp27s8:4*/) => {
			if (++ticks < 3) return;
			$d.c1($ds[14], void 0, clearInterval, interval);
			$d.c0($ds[15], void 0, resolve);
		}, 3);
	}]));
	$d.c4($ds[16], console, console.log, "waited", $d.c0($ds[17], Date, Date.now) - started, $d.c0($ds[18], performance, performance.now) > 0, $d.c0($ds[19], ($d.t = $d.n($ds[20], Date, [])), $d.t.toISOString).length);
	const chance = [
		$d.c0($ds[21], Math, Math.random),
		$d.c0($ds[22], void 0, $i0.randomUUID),
		$d.c1($ds[23], ($d.t = $d.c1($ds[24], void 0, $i0.randomBytes, 4)), $d.t.toString, "hex")
	];
	return $d.w($ds[25], {
		order,
		winner,
		ticks,
		chance
	});
}

})