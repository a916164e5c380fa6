(function* ($d, $meta, $imp) { 'use strict'; const $ds = $d.sites("jmghf9dlqf6v84jf"); let $i0; [$i0] = yield [{ default: main }, function () { switch (arguments[0]) {  } }]; yield; 
async function main(/*~$djmghf9dlqf6v84jf:0*/) {
	const database = $d.n($ds[0], $i0.DatabaseSync, ["some.db"]);
	$d.c1($ds[1], database, database.exec, "create table people (name text, age integer)");
	const insert = $d.c1($ds[2], database, database.prepare, "insert into people values (?, ?)");
	for (const [name, age] of [["ada", 36], ["grace", 85]]) $d.c2($ds[3], insert, insert.run, name, age);
	await $d.w($ds[4], $d.n($ds[5], Promise, [(/*~$djmghf9dlqf6v84jf:1*/resolve) => $d.c2($ds[6], void 0, setTimeout, resolve, 5)]));
	const rows = $d.c1($ds[7], ($d.t = $d.c0($ds[8], ($d.t = $d.c1($ds[9], database, database.prepare, "select * from people order by age desc")), $d.t.all)), $d.t.map, (/*~$djmghf9dlqf6v84jf:2*/row) => ({ ...row }));
	$d.c0($ds[10], database, database.close);
	return $d.w($ds[11], rows);
}

})