import { randomUUID, randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
export default async function main() {
	const order = [];
	setImmediate(() => order.push("immediate"));
	process.nextTick(() => order.push("tick"));
	await pause(5);
	const started = Date.now();
	const winner = await Promise.race([pause(30, "slow"), pause(10, "fast")]);
	let ticks = 0;
	await new Promise((resolve) => {
		const interval = setInterval(() => {
			if (++ticks < 3) return;
			clearInterval(interval);
			resolve();
		}, 3);
	});
	console.log("waited", Date.now() - started, performance.now() > 0, new Date().toISOString().length);
	const chance = [
		Math.random(),
		randomUUID(),
		randomBytes(4).toString("hex")
	];
	return {
		order,
		winner,
		ticks,
		chance
	};
}
