import assert from "node:assert/strict";
import { test } from "node:test";
import { Room, roomWords } from "../../main/resources/web/phone/room.js";
import { hoursAndMinutes } from "../../main/resources/web/shared/format.js";

const idle = { freeBytes: 7_410_000_000, waitingBytes: 0, recordedBytes: 0, recordedMs: 0 };
const MINUTE = 60_000;

test("the room on the laptop is told as time", () => {
  assert.deepEqual(roomWords(idle), { words: "The laptop has room for about 3 h 10 min of video.", early: false });
  const take = { ...idle, recordedBytes: 60_000_000, recordedMs: MINUTE };
  assert.equal(roomWords(take).words, "The laptop has room for 2 h 3 min of video.", "at the take's own rate");
  assert.equal(roomWords({ ...take, waitingBytes: 3_600_000_000 }).words, "The laptop has room for 1 h 3 min of video.");
  assert.match(roomWords({ ...idle, freeBytes: 0 }).words, /full/);
});

test("little room is told early", () => {
  const atOneMegabyteASecond = (minutesLeft, minutesRecorded) =>
    roomWords({
      freeBytes: minutesLeft * 60_000_000,
      waitingBytes: 0,
      recordedBytes: minutesRecorded * 60_000_000,
      recordedMs: minutesRecorded * MINUTE,
    }).early;
  assert.ok(atOneMegabyteASecond(14, 1));
  assert.ok(!atOneMegabyteASecond(16, 1));
  assert.ok(atOneMegabyteASecond(100, 60), "less than twice what is recorded");
  assert.ok(!atOneMegabyteASecond(130, 60));
});

test("what the laptop took is gone from its room until it says more", () => {
  const room = new Room();
  assert.equal(room.freeBytes, null);
  room.took(5);
  room.heard({ type: "hello", limits: { freeBytes: 100 } });
  room.took(30);
  assert.equal(room.freeBytes, 70);
  room.heard({ type: "progress", bytes: 30 });
  assert.equal(room.freeBytes, 70);
  room.heard({ type: "progress", bytes: 30, freeBytes: 64 });
  assert.equal(room.freeBytes, 64);
  room.took(1_000);
  assert.equal(room.freeBytes, 0);
});

test("spans of recording are told to the minute", () => {
  assert.deepEqual(
    [40_000, 119_000, 12.9 * MINUTE, 60 * MINUTE, 190 * MINUTE, 3 * 1440 * MINUTE].map(hoursAndMinutes),
    ["40 s", "119 s", "12 min", "1 h", "3 h 10 min", "3 days"],
  );
});
