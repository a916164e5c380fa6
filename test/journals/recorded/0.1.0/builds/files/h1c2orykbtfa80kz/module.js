(function* ($d, $meta, $imp) { 'use strict'; const $ds = $d.sites("h1c2orykbtfa80kz"); let $i0, $i1, $i2; [$i0, $i1, $i2] = yield [{ default: main }, function () { switch (arguments[0]) {  } }]; yield; 


async function main(/*~$dh1c2orykbtfa80kz:0*/) {
	$d.c1($ds[0], void 0, $i0.mkdirSync, "made");
	$d.c2($ds[1], void 0, $i0.writeFileSync, "made/one", "first\nsecond\n");
	$d.c2($ds[2], void 0, $i0.appendFileSync, "made/one", "third\n");
	await $d.w($ds[3], $d.c2($ds[4], void 0, $i1.writeFile, "made/two", new Uint8Array([
		1,
		2,
		255
	])));
	const lines = [];
	for await (const line of $d.ai($ds[5], $d.c1($ds[6], void 0, $i2.createInterface, { input: $d.c1($ds[7], void 0, $i0.createReadStream, "made/one") }))) $d.c1($ds[8], lines, lines.push, line);
	await using handle = await $d.w($ds[9], $d.c2($ds[10], void 0, $i1.open, "made/two", "r+"));
	const { bytesRead, buffer } = await $d.w($ds[11], $d.c4($ds[12], handle, handle.read, new Uint8Array(8), 0, 8, 0));
	const { size } = await $d.w($ds[13], $d.c1($ds[14], void 0, $i1.stat, "made/one"));
	const missing = await $d.w($ds[15], $d.c1($ds[16], ($d.t = $d.c1($ds[17], void 0, $i1.readFile, "missing")), $d.t.catch, (/*~$dh1c2orykbtfa80kz:1*/error) => [error.code, error.syscall]));
	const names = $d.c0($ds[18], ($d.t = $d.c1($ds[19], void 0, $i0.readdirSync, "made")), $d.t.sort);
	await $d.w($ds[20], $d.c2($ds[21], void 0, $i1.rm, "made", { recursive: true }));
	return $d.w($ds[22], {
		lines,
		bytesRead,
		bytes: [...$d.i($ds[23], $d.c2($ds[24], buffer, buffer.subarray, 0, bytesRead))],
		size,
		missing,
		names
	});
}

})