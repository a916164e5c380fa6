(function* ($d, $meta, $imp) { 'use strict'; const $ds = $d.sites("wgjbd8gnye0xnzvq"); let $i0, $i1, $i2, $i3; [$i0, $i1, $i2, $i3] = yield [{ default: main }, function () { switch (arguments[0]) {  } }]; yield; 



async function main(/*~$dwgjbd8gnye0xnzvq:0*/) {
	const server = $d.c1($ds[0], void 0, $i0.createServer, async (/*~$dwgjbd8gnye0xnzvq:1*/request, response) => {
		$d.c2($ds[1], response, response.setHeader, "x-method", request.method);
		$d.c1($ds[2], response, response.end, `${request.url} ${await $d.w($ds[3], $d.c1($ds[4], void 0, $i3.text, request))}`);
	});
	$d.c2($ds[5], server, server.listen, 0, "127.0.0.1");
	await $d.w($ds[6], $d.c2($ds[7], void 0, $i2.once, server, "listening"));
	const url = `http://127.0.0.1:${$d.c0($ds[8], server, server.address).port}`;
	const got = await $d.w($ds[9], $d.c1($ds[10], void 0, fetch, `${url}/a`));
	const posted = await $d.w($ds[11], $d.c2($ds[12], void 0, fetch, `${url}/b`, {
		method: "POST",
		body: "with a body"
	}));
	const seen = [
		got.status,
		$d.c1($ds[13], ($d.t = got.headers), $d.t.get, "x-method"),
		await $d.w($ds[14], $d.c0($ds[15], got, got.text)),
		await $d.w($ds[16], $d.c0($ds[17], posted, posted.text))
	];
	$d.c0($ds[18], server, server.closeAllConnections);
	$d.c0($ds[19], server, server.close);
	await $d.w($ds[20], $d.c2($ds[21], void 0, $i2.once, server, "close"));
	const echo = $d.c1($ds[22], void 0, $i1.createServer, (/*~$dwgjbd8gnye0xnzvq:2*/socket) => $d.c1($ds[23], socket, socket.pipe, socket));
	$d.c2($ds[24], echo, echo.listen, 0, "127.0.0.1");
	await $d.w($ds[25], $d.c2($ds[26], void 0, $i2.once, echo, "listening"));
	const socket = $d.c2($ds[27], void 0, $i1.connect, $d.c0($ds[28], echo, echo.address).port, "127.0.0.1");
	$d.c1($ds[29], socket, socket.end, "over a socket");
	$d.c1($ds[30], seen, seen.push, await $d.w($ds[31], $d.c1($ds[32], void 0, $i3.text, socket)));
	$d.c0($ds[33], echo, echo.close);
	return $d.w($ds[34], seen);
}

})