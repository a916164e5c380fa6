(function* ($d, $meta, $imp) { 'use strict'; const $ds = $d.sites("ivle3qc5rz9trsnh"); let $i0; [$i0] = yield [{ default: main }, function () { switch (arguments[0]) {  } }]; yield; 
async function main(/*~$divle3qc5rz9trsnh:0*/) {
	const numbers = Array.from($d.i($ds[0], { length: 5 }), (/*~$divle3qc5rz9trsnh:1*/) => $d.c0($ds[1], Math, Math.random));
	$d.c2($ds[2], void 0, $i0.writeFileSync, "written", String(numbers.length));
	await $d.w($ds[3], $d.n($ds[4], Promise, [(/*~$divle3qc5rz9trsnh:2*/resolve) => $d.c2($ds[5], void 0, setTimeout, resolve, 2e3)]));
	$d.c2($ds[6], void 0, $i0.writeFileSync, "rewritten", String(numbers.length));
	return $d.w($ds[7], numbers);
}

})