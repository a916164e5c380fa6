import { activity, atMostOnce, idempotencyKey, sessionInfo, sleep } from "resprout/durable";
var Level = /* @__PURE__ */ function(Level) {
	Level[Level["low"] = 1] = "low";
	Level[Level["high"] = 2] = "high";
	return Level;
}(Level || {});
class Account {
	owner;
	cents;
	constructor(owner, cents) {
		this.owner = owner;
		this.cents = cents;
	}
	add(cents) {
		return this.cents += cents;
	}
}
const noted = activity(async function noted(text) {
	return {
		key: idempotencyKey().length > 0,
		text,
		at: new Date(0),
		map: new Map([["a", 1]])
	};
});
const once = atMostOnce(activity(async (level) => BigInt(level) * 10n));
const failing = activity(async () => {
	throw Object.assign(new RangeError("as it was thrown"), { code: "E_OWN" });
});
export async function main(event) {
	await sleep("5ms");
	const account = new Account("ada", event.data?.cents ?? 0);
	const error = await failing().catch((thrown) => thrown);
	const { text, map } = await noted("text");
	return [
		account.add(5),
		text,
		map.get("a"),
		await once(Level.high),
		error instanceof RangeError && error.code,
		(sessionInfo()?.sessionId ?? "").slice(0, 4)
	];
}
