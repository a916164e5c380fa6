(function ($d, $imp, $cls, exports, require, module, __filename, __dirname) { const $ds = $d.sites("lb228wd7mw45o31v"); $cls(function () { switch (arguments[0]) {  } }); const { readFileSync, writeFileSync } = require("node:fs");
$d.c2($ds[0], process, process.on, "exit", (/*~$dlb228wd7mw45o31v:0*/code) => $d.c2($ds[1], console, console.log, "exit", code));
$d.c2($ds[2], void 0, writeFileSync, "left", "over");
$d.c1($ds[3], console, console.log, $d.c2($ds[4], void 0, readFileSync, "left", "utf8"));
$d.c2($ds[5], void 0, setTimeout, (/*~$dlb228wd7mw45o31v:1*/) => {
	$d.c1($ds[6], void 0, readFileSync, "nowhere");
}, 5);

})