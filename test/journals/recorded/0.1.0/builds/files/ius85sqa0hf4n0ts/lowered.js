import { local } from "resprout/remote";
export function square(n) {
	return n * n;
}
export function* countTo(n) {
	for (let i = 1; i <= n; i++) yield i;
}
export function fail() {
	throw new TypeError("over there");
}
export default async function main() {
	await using context = await local({ name: "web-1" });
	const squares = await Promise.all([
		1,
		2,
		3
	].map((n) => context.call(square, n)));
	const counted = [];
	for await (const n of await context.call(countTo, 3)) counted.push(n);
	const failure = await context.call(fail).catch((error) => error instanceof TypeError ? error.message : "another error");
	return {
		squares,
		counted,
		failure
	};
}
