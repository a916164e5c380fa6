import { DatabaseSync } from "node:sqlite";
export default async function main() {
	const database = new DatabaseSync("some.db");
	database.exec("create table people (name text, age integer)");
	const insert = database.prepare("insert into people values (?, ?)");
	for (const [name, age] of [["ada", 36], ["grace", 85]]) insert.run(name, age);
	await new Promise((resolve) => setTimeout(resolve, 5));
	const rows = database.prepare("select * from people order by age desc").all().map((row) => ({ ...row }));
	database.close();
	return rows;
}
