import { createServer } from "node:http";
import { connect, createServer as createSocketServer } from "node:net";
import { once } from "node:events";
import { text } from "node:stream/consumers";
export default async function main() {
	const server = createServer(async (request, response) => {
		response.setHeader("x-method", request.method);
		response.end(`${request.url} ${await text(request)}`);
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const url = `http://127.0.0.1:${server.address().port}`;
	const got = await fetch(`${url}/a`);
	const posted = await fetch(`${url}/b`, {
		method: "POST",
		body: "with a body"
	});
	const seen = [
		got.status,
		got.headers.get("x-method"),
		await got.text(),
		await posted.text()
	];
	server.closeAllConnections();
	server.close();
	await once(server, "close");
	const echo = createSocketServer((socket) => socket.pipe(socket));
	echo.listen(0, "127.0.0.1");
	await once(echo, "listening");
	const socket = connect(echo.address().port, "127.0.0.1");
	socket.end("over a socket");
	seen.push(await text(socket));
	echo.close();
	return seen;
}
