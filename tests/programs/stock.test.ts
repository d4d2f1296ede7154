/**
 * Stock programs of Debian 13 for riscv64, dynamically linked, as the distribution compiled them. Truth: what
 * qemu-riscv64 prints for the same command when it is there, and always a text that was recorded from it, or that the
 * program's own manual promises (a round trip gives the bytes back).
 */

import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { expect, onTestFinished } from "vitest";
import { runQemu, runStock, shell, stockTest } from "./debian-root.ts";

const LUA = `
local t = {}
for i = 1, 2000 do t[i] = (i * 7919) % 2003 end
table.sort(t)
print(t[1], t[1000], t[2000], #t)
print(string.format("%q %5.3f %x", "a\\nb", math.pi, 3735928559))
local co = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end)
print(co(), co(), co(), pcall(error, "no"))
`;
const LUA_OUTPUT = '1\t1002\t2002\t2000\n"a\\\nb" 3.142 deadbeef\n1\t2\t3\tfalse\tno\n';

const PYTHON = `
import json, math, re, sys, itertools
print(json.dumps({"b": [1, 2.5, None, True], "a": "\\u00fc"}, sort_keys=True))
print(sum(range(100000)), 2**200 % 1000007, math.sqrt(2), round(math.sin(1), 12))
print(re.sub(r"(\\w+) (\\w+)", r"\\2 \\1", "hello world"), sys.byteorder, sys.maxsize)
print(sorted("stock programs"), list(itertools.permutations("abc"))[-1])
`;
const PYTHON_OUTPUT = `{"a": "\\u00fc", "b": [1, 2.5, null, true]}
4999950000 ${String(2n ** 200n % 1000007n)} 1.4142135623730951 0.841470984808
world hello little 9223372036854775807
[' ', 'a', 'c', 'g', 'k', 'm', 'o', 'o', 'p', 'r', 'r', 's', 's', 't'] ('c', 'b', 'a')
`;

const SQL = `create table t(a integer primary key, b text);
with recursive n(i) as (values(1) union all select i + 1 from n where i < 1000) insert into t select i, 'row ' || i from n;
create index x on t(b); select count(*), sum(a), min(b), max(b) from t; select a from t where b = 'row 777';`;
const SQL_OUTPUT = "1000|500500|row 1|row 999\n777\n";

const alone: readonly (readonly [string, readonly [string, ...string[]], string, number])[] = [
  ["lua5.4 sorts, formats and yields", ["/usr/bin/lua5.4", "-e", LUA], LUA_OUTPUT, 0],
  ["python3 computes and imports", ["/usr/bin/python3", "-c", PYTHON], PYTHON_OUTPUT, 0],
  ["sqlite3 in memory", ["/usr/bin/sqlite3", ":memory:", SQL], SQL_OUTPUT, 0],
  ["dash exits with what exit says", ["/bin/dash", "-c", 'f() { echo "f $1"; }; f x; exit 7'], "f x\n", 7],
  ["busybox expr", ["/bin/busybox", "expr", "6", "*", "7"], "42\n", 0],
];

for (const [name, argv, expected, code] of alone) {
  stockTest(name, async () => {
    const ours = await runStock(argv);
    expect(ours).toEqual({ status: { code }, output: expected });
    const qemu = runQemu(argv);
    if (qemu !== null) expect(ours).toEqual(qemu);
  });
}

stockTest("dash: pipes, loops, functions, $(…), here-documents, redirections, traps", async () => {
  const script = `
echo a | cat; for i in 1 2 3; do echo $i; done
x=$(seq 1 5 | wc -l); echo "[$x]"
cat <<END | tr a-z A-Z
here $x
END
{ echo out; echo err >&2; } 2>&1 | sort
echo one >f; echo two >>f; cat <f; [ -s f ] && echo nonempty
i=0; while [ $i -lt 50 ]; do i=$((i + 1)); done; echo $i
(exit 3); echo $?; false || echo "or"; ! true || echo inverted
trap 'echo bye' EXIT; kill -0 $$ && echo alive`;
  expect(await shell(script)).toBe(
    "a\n1\n2\n3\n[5]\nHERE 5\nerr\nout\none\ntwo\nnonempty\n50\n3\nor\ninverted\nalive\nbye\n",
  );
});

stockTest("busybox sh: background jobs, wait, and a signal's exit code", async () => {
  const script = `
sleep 0.05 & a=$!; (sleep 0.01; exit 5) & b=$!
wait $b; echo "b $?"; wait $a; echo "a $?"
sleep 100 & kill -TERM $!; wait $!; echo "killed $?"
yes | head -n 3 | sort | uniq -c | tr -s " "; ls / | grep -c . >/dev/null && echo listed`;
  const { status, output } = await runStock(["/bin/busybox", "sh", "-c", script]);
  expect(status).toEqual({ code: 0 });
  expect(output).toBe("b 5\na 0\nkilled 143\n 3 y\nlisted\n");
});

stockTest("busybox's tools on the overlay: the root can be written and nothing of it reaches the host", async () => {
  const output = await shell(`
cd /usr; mkdir -p made/deep; echo new >made/deep/file; rm -r share/doc; mv lib/os-release x 2>/dev/null; cp /bin/dash made/sh
ls share | grep -c '^doc$'; made/sh -c 'cat made/deep/file'; find made -type f | sort; rm /bin/lua5.4; lua5.4 2>/dev/null || echo $?
ls -la / | head -1; stat -c '%F %h' /bin /etc | sed 's/ [0-9]*$//'; readlink -f /bin/sh`);
  expect(output).toBe("0\nnew\nmade/deep/file\nmade/sh\n127\ntotal 0\nsymbolic link\ndirectory\n/usr/bin/dash\n");
  // Another machine, the same directory.
  expect(await shell("ls -d /usr/made 2>/dev/null || echo none; ls /bin/lua5.4")).toBe("none\n/bin/lua5.4\n");
});

stockTest("gzip, xz and 7z give the bytes back", async () => {
  const sum = createHash("md5")
    .update(Array.from({ length: 20000 }, (_, i) => `${i + 1}\n`).join(""))
    .digest("hex");
  const output = await shell(`
seq 1 20000 >a; gzip -k a; gunzip -c a.gz | md5sum; xz -T1 -k -3 a; xz -t a.xz; xz -dc a.xz | md5sum
7z a -mmt=1 -bso0 -bsp0 a.7z a; mkdir o; cd o; 7z x -mmt=1 -bso0 -bsp0 ../a.7z; md5sum <a; zcat ../a.gz | cmp - a && echo same`);
  expect(output).toBe(`${`${sum}  -\n`.repeat(3)}same\n`);
});

stockTest("gzip and the host's zlib read each other, through a mounted directory", async () => {
  const directory = mkdtempSync(join(tmpdir(), "scanout-stock-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const text = "the quick brown fox\n".repeat(5000);
  writeFileSync(join(directory, "host.gz"), gzipSync(text));
  writeFileSync(join(directory, "plain"), text);
  await shell("cd /mnt && gunzip host.gz && cmp host plain && gzip -9 plain", { mounts: { "/mnt": directory } });
  expect(gunzipSync(readFileSync(join(directory, "plain.gz"))).toString()).toBe(text);
  expect(readFileSync(join(directory, "host"), "utf8")).toBe(text);
});

stockTest("sqlite3: a database file with a rollback journal, and with a write-ahead log", async () => {
  const directory = mkdtempSync(join(tmpdir(), "scanout-stock-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const output = await shell(
    `cd /mnt
sqlite3 j.db "create table t(a); begin; insert into t values(1); rollback; insert into t values(2); select * from t;"
sqlite3 j.db "pragma integrity_check; select count(*) from t;"
sqlite3 w.db "pragma journal_mode=wal; create table t(a); insert into t values(1),(2),(3);"
sqlite3 w.db "select sum(a) from t; pragma journal_mode;"
sqlite3 w.db "pragma mmap_size=1000000; update t set a = a * 2; select sum(a) from t;"`,
    { mounts: { "/mnt": directory } },
  );
  expect(output).toBe("2\nok\n1\nwal\n6\nwal\n1000000\n12\n");
  // The host finds databases, closed in order: no journal and no log is left.
  expect(readFileSync(join(directory, "w.db")).subarray(0, 15).toString()).toBe("SQLite format 3");
});

stockTest("python3: os, subprocess, pipes, files, fork and signals", async () => {
  const program = `
import os, subprocess, signal, time
print(subprocess.run(["/bin/busybox", "echo", "child"], capture_output=True).stdout, os.system("exit 3") >> 8)
p = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE); print(p.communicate(b"through cat")[0])
with open("/tmp/f", "w+b") as f:
    f.write(b"x" * 10000); f.seek(5000); f.write(b"hello"); f.seek(4998); print(f.read(10))
print(os.path.islink("/bin"), os.path.realpath("/bin/sh"), os.stat("/tmp/f").st_size, sorted(os.listdir("/tmp")))
r, w = os.pipe(); pid = os.fork()
if pid == 0: os.write(w, b"from the child"); os._exit(9)
print(os.read(r, 100), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
signal.signal(signal.SIGALRM, lambda *a: print("alarm")); signal.setitimer(signal.ITIMER_REAL, 0.05); time.sleep(0.2)
print(os.uname().machine, [l.split()[1] for l in open("/proc/mounts")][:2])
`;
  const { status, output } = await runStock(["/usr/bin/python3", "-c", program]);
  expect(output).toBe(`b'child\\n' 3
b'through cat'
b'xxhelloxxx'
True /usr/bin/dash 10000 ['f']
b'from the child' 9
alarm
riscv64 ['/', '/tmp']
`);
  expect(status).toEqual({ code: 0 });
});

stockTest("the same run twice prints the same, addresses and times included", async () => {
  const script =
    "cat /proc/self/maps; date +%s.%N; ls -lai /usr/bin | head -20; cat /proc/sys/kernel/random/uuid 2>&1; echo $$";
  expect(await shell(`${script}; true`)).toBe(await shell(`${script}; true`));
});
