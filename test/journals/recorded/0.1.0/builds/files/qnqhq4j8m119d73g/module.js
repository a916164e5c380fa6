(function* ($d, $meta, $imp) { 'use strict'; const $ds = $d.sites("qnqhq4j8m119d73g"); let $i0; [$i0] = yield [{ main: main }, function () { switch (arguments[0]) { case "Account": return Account; } }]; yield; 
var Level = /* @__PURE__ */ function(/*~$dqnqhq4j8m119d73g:0*/Level) {
	Level[Level["low"] = 1] = "low";
	Level[Level["high"] = 2] = "high";
	return Level;
}(Level || {});
class Account/*~$dqnqhq4j8m119d73g:1*/ {
	owner;
	cents;
	constructor(/*~$dqnqhq4j8m119d73g:2*/owner, cents) {
		this.owner = owner;
		this.cents = cents;
	}
	add(/*~$dqnqhq4j8m119d73g:3*/cents) {
		return this.cents += cents;
	}
}
const noted = $d.c1($ds[0], void 0, $i0.activity, async function noted(/*~$dqnqhq4j8m119d73g:4*/text) {
	return $d.w($ds[1], {
		key: $d.c0($ds[2], void 0, $i0.idempotencyKey).length > 0,
		text,
		at: $d.n($ds[3], Date, [0]),
		map: new Map([["a", 1]])
	});
});
const once = $d.c1($ds[4], void 0, $i0.atMostOnce, $d.c1($ds[5], void 0, $i0.activity, async (/*~$dqnqhq4j8m119d73g:5*/level) => $d.w($ds[6], BigInt(level) * 10n)));
const failing = $d.c1($ds[7], void 0, $i0.activity, async (/*~$dqnqhq4j8m119d73g:6*/) => {
	throw Object.assign(new RangeError("as it was thrown"), { code: "E_OWN" });
});
async function main(/*~$dqnqhq4j8m119d73g:7*/event) {
	await $d.w($ds[8], $d.c1($ds[9], void 0, $i0.sleep, "5ms"));
	const account = new Account("ada", event.data?.cents ?? 0);
	const error = await $d.w($ds[10], $d.c1($ds[11], ($d.t = $d.c0($ds[12], void 0, failing)), $d.t.catch, (/*~$dqnqhq4j8m119d73g:8*/thrown) => thrown));
	const { text, map } = await $d.w($ds[13], $d.c1($ds[14], void 0, noted, "text"));
	return $d.w($ds[15], [
		$d.c1($ds[16], account, account.add, 5),
		text,
		$d.c1($ds[17], map, map.get, "a"),
		await $d.w($ds[18], $d.c1($ds[19], void 0, once, Level.high)),
		error instanceof RangeError && error.code,
		$d.c2($ds[20], ($d.t = ((($d.u = $d.c0($ds[21], void 0, $i0.sessionInfo)) == null ? void 0 : $d.u.sessionId) ?? "")), $d.t.slice, 0, 4)
	]);
}

})