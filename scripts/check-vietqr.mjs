// Called by scripts/check-vietqr, in a folder where both libraries are installed.
import { execFileSync } from "node:child_process";
import assert from "node:assert/strict";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { QRPay } = require("vietnam-qr-pay");
const vietqr = await import("vietqr-ts");

const program = process.argv[2];
const cases = [
  { bin: "970415", account: "113366668888", amount: "79000", purpose: "Ung Ho Quy Vac Xin" },
  { bin: "970415", account: "113366668888" },
  { bin: "970436", account: "0011004201886", amount: "1", purpose: "000.00.26.H06-261122-0001" },
  { bin: "970422", account: "9999999999999999999", amount: "9999999999999" },
  { bin: "970418", account: "060200001234", amount: "50000", reference: "PAY7K2M9Q", bill: "BL-2026-1" },
  { bin: "970407", card: "9704071133666688", amount: "15000", purpose: "Le phi ho tich" },
  { bin: "970403", account: "060123456789", amount: "120000", purpose: "25 ky tu thi vua du mot~!" },
];
let seed = 57;
const dice = (n) => (seed = (seed * 48271) % 2147483647) % n;
const pick = (letters, from, to) => Array.from({ length: from + dice(to - from + 1) }, () => letters[dice(letters.length)]).join("");
for (let i = 0; i < 60; i++) {
  const one = { bin: "970" + pick("0123456789", 3, 3), account: pick("0123456789", 6, 19) };
  if (dice(3)) one.amount = String(1 + dice(2_000_000_000));
  if (dice(2)) one.purpose = "P" + pick("ABCxyz 0189-.", 0, 23) + "z";
  cases.push(one);
}

for (const one of cases) {
  const args = Object.entries(one).flatMap(([name, value]) => ["--" + name, value]);
  const code = execFileSync(program, ["vietqr", ...args], { encoding: "utf8" }).trimEnd();

  const read = new QRPay(code);
  assert.equal(read.isValid, true, `vietnam-qr-pay refuses ${code}`);
  assert.equal(read.consumer.bankBin, one.bin);
  assert.equal(read.consumer.bankNumber, one.account ?? one.card);
  assert.equal(read.amount ?? undefined, one.amount);
  assert.equal(read.additionalData.purpose ?? undefined, one.purpose);
  assert.equal(read.additionalData.reference ?? undefined, one.reference);
  assert.equal(read.build(), code, "vietnam-qr-pay builds another code from the same values");

  const parsed = vietqr.parse(code);
  assert.equal(parsed.success, true, `vietqr-ts cannot read ${code}: ${JSON.stringify(parsed)}`);
  const said = vietqr.validate(parsed.data, code);
  assert.equal(said.isValid, true, `vietqr-ts refuses ${code}: ${JSON.stringify(said)}`);
  assert.equal(parsed.data.bankCode, one.bin);
  assert.equal(parsed.data.accountNumber, one.account ?? one.card);
  assert.equal(parsed.data.amount ?? undefined, one.amount);
}

// A check that cannot fail is none: both find damage.
const good = execFileSync(program, ["vietqr", "--bin", "970415", "--account", "113366668888"], { encoding: "utf8" }).trimEnd();
const bad = good.replace("113366668888", "113366668889");
assert.equal(new QRPay(bad).isValid, false);
const parsed = vietqr.parse(bad);
assert.equal(parsed.success && vietqr.validate(parsed.data, bad).isValid, false);
console.log(`${cases.length} codes: vietnam-qr-pay and vietqr-ts accept each and read the same values; both refuse a damaged one`);
