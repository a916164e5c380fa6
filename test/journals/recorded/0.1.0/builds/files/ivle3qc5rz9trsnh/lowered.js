import { writeFileSync } from "node:fs";
export default async function main() {
	const numbers = Array.from({ length: 5 }, () => Math.random());
	writeFileSync("written", String(numbers.length));
	await new Promise((resolve) => setTimeout(resolve, 2e3));
	writeFileSync("rewritten", String(numbers.length));
	return numbers;
}
