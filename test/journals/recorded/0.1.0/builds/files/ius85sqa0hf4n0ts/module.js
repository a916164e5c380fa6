(function* ($d, $meta, $imp) { 'use strict'; const $ds = $d.sites("ius85sqa0hf4n0ts"); let $i0; [$i0] = yield [{ square: square, countTo: countTo, fail: fail, default: main }, function () { switch (arguments[0]) {  } }]; yield; 
function square(/*~$dius85sqa0hf4n0ts:0*/n) {
	return n * n;
}
function* countTo(/*~$dius85sqa0hf4n0ts:1*/n) {
	for (let i = 1; i <= n; i++) yield i;
}
function fail(/*~$dius85sqa0hf4n0ts:2*/) {
	throw new TypeError("over there");
}
async function main(/*~$dius85sqa0hf4n0ts:3*/) {
	await using context = await $d.w($ds[0], $d.c1($ds[1], void 0, $i0.local, { name: "web-1" }));
	const squares = await $d.w($ds[2], $d.c1($ds[3], Promise, Promise.all, $d.c1($ds[4], ($d.t = [
		1,
		2,
		3
	]), $d.t.map, (/*~$dius85sqa0hf4n0ts:4*/n) => $d.c2($ds[5], context, context.call, square, n))));
	const counted = [];
	for await (const n of $d.ai($ds[6], await $d.w($ds[7], $d.c2($ds[8], context, context.call, countTo, 3)))) $d.c1($ds[9], counted, counted.push, n);
	const failure = await $d.w($ds[10], $d.c1($ds[11], ($d.t = $d.c1($ds[12], context, context.call, fail)), $d.t.catch, (/*~$dius85sqa0hf4n0ts:5*/error) => error instanceof TypeError ? error.message : "another error"));
	return $d.w($ds[13], {
		squares,
		counted,
		failure
	});
}

})