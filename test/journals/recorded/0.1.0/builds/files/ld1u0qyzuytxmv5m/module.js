(function* ($d, $meta, $imp) { 'use strict'; const $ds = $d.sites("ld1u0qyzuytxmv5m"); let $i0, $i1, $i2; [$i0, $i1, $i2] = yield [{ default: main }, function () { switch (arguments[0]) {  } }]; yield; 


async function main(/*~$dld1u0qyzuytxmv5m:0*/) {
	const { publicKey, privateKey } = $d.c1($ds[0], void 0, $i0.generateKeyPairSync, "ed25519");
	const signed = $d.c3($ds[1], void 0, $i0.sign, null, $d.c1($ds[2], Buffer, Buffer.from, "text"), privateKey);
	const packed = await $d.w($ds[3], $d.c1($ds[4], void 0, $d.c1($ds[5], void 0, $i1.promisify, $i2.gzip), $d.c1($ds[6], ($d.t = "a"), $d.t.repeat, 1e3)));
	const derived = await $d.w($ds[7], $d.cn($ds[8], void 0, $d.c1($ds[9], void 0, $i1.promisify, $i0.pbkdf2), ["word", "salt", 1e3, 16, "sha256"]));
	const digest = await $d.w($ds[10], $d.c2($ds[11], ($d.t = $i0.webcrypto.subtle), $d.t.digest, "SHA-256", $d.c1($ds[12], Buffer, Buffer.from, "text")));
	return $d.w($ds[13], {
		isGood: $d.c4($ds[14], void 0, $i0.verify, null, $d.c1($ds[15], Buffer, Buffer.from, "text"), publicKey, signed),
		length: (await $d.w($ds[16], $d.c1($ds[17], void 0, $d.c1($ds[18], void 0, $i1.promisify, $i2.gunzip), packed))).length,
		small: $d.c1($ds[19], void 0, $i2.brotliCompressSync, $d.c1($ds[20], ($d.t = "b"), $d.t.repeat, 1e3)).length < 100,
		derived: $d.c1($ds[21], derived, derived.toString, "hex"),
		same: $d.c1($ds[22], ($d.t = $d.c1($ds[23], Buffer, Buffer.from, digest)), $d.t.equals, $d.c0($ds[24], ($d.t = $d.c1($ds[25], ($d.t = $d.c1($ds[26], void 0, $i0.createHash, "sha256")), $d.t.update, "text")), $d.t.digest))
	});
}

})