import assert from "node:assert/strict";
import { test } from "node:test";
import { Stream } from "../../main/resources/web/watch/stream.js";
import { Subscriptions } from "../../main/resources/web/watch/subscriptions.js";
import { frameOf, PaintedSurface, Picture } from "./watch-fixtures.js";

/** A viewer with its clock, as the session drives it. */
class Viewing {
  nowMs = 1_000;
  sent = [];
  streams = new Subscriptions((message) => this.sent.push(message), () => {});

  get clock() {
    return { nowMs: this.nowMs, nowTs: 1_800_000_000_000 + this.nowMs };
  }

  open(desktopClientId, monitorId = 0, rendition = 0) {
    const stream = new Stream({ desktopClientId, monitorId, rendition }, new PaintedSurface());
    this.streams.open(stream, this.clock);
    return stream;
  }

  connect(...online) {
    this.streams.connected();
    this.list(...online);
  }

  list(...online) {
    const clients = online.map((clientId) => ({ clientId, state: "online", monitors: [{ index: 0 }, { index: 1 }] }));
    this.hear({ type: "desktop_clients_list", clients });
  }

  hear(message) {
    this.streams.received(message, this.clock);
  }

  started(stream, epoch = 3) {
    this.hear({ type: "stream_started", ...stream.name, desktopHandle: 7, epoch, width: 256, height: 128 });
  }

  stopped(stream, reason) {
    this.hear({ type: "stream_stopped", ...stream.name, reason });
  }

  /** What was sent since the last time, in short. */
  said() {
    return this.sent.splice(0).map(({ type, desktopClientId = "", monitorId = "" }) => `${type} ${desktopClientId}${monitorId}`.trim());
  }
}

/** One frame comes and is painted. */
function show(stream, frameNumber = 1, epoch = 3) {
  stream.receive(frameOf(frameNumber, [[0, 0, 1]], { epoch }), 0);
  for (let next = stream.queue.take(); next; next = stream.queue.take()) stream.queue.decoded(next.piece, new Picture(1));
  return stream.paint(() => 1);
}

test("a stream is asked for when the server answers and its desktop is online, and only once", () => {
  const viewing = new Viewing();
  const stream = viewing.open("a");
  assert.deepEqual(viewing.said(), []);
  viewing.connect("b");
  assert.deepEqual([viewing.said(), stream.state], [["get_desktop_clients"], "waiting"]);
  viewing.list("a", "b");
  viewing.list("a", "b");
  assert.deepEqual([viewing.said(), stream.state], [["start_stream a0"], "opening"]);
  viewing.started(stream);
  assert.equal(show(stream), true);
  assert.deepEqual([stream.state, stream.facts.epoch, stream.facts.width], ["live", 3, 256]);
});

test("after a reconnect every stream is asked for again, and the last picture is stale until then", () => {
  const viewing = new Viewing();
  const stream = viewing.open("a");
  viewing.connect("a");
  viewing.started(stream);
  show(stream);
  viewing.streams.disconnected(viewing.clock);
  assert.deepEqual([stream.state, stream.facts.staleSinceTs], ["stale", viewing.clock.nowTs]);
  viewing.said();
  viewing.nowMs += 5_000;
  viewing.connect("a");
  assert.deepEqual(viewing.said(), ["get_desktop_clients", "start_stream a0"]);
  viewing.started(stream, 4);
  assert.deepEqual([stream.state, stream.facts.staleSinceTs], ["stale", viewing.clock.nowTs - 5_000]);
  show(stream, 1, 4);
  assert.deepEqual([stream.state, stream.facts.staleSinceTs], ["live", null]);
});

test("a desktop that goes leaves its picture stale, and comes back under a new epoch by itself", () => {
  const viewing = new Viewing();
  const stream = viewing.open("a");
  viewing.connect("a");
  viewing.started(stream);
  show(stream);
  viewing.stopped(stream, "desktop_gone");
  assert.equal(stream.state, "stale");
  viewing.list();
  viewing.said();
  viewing.started(stream, 4);
  assert.equal(show(stream, 1, 3), false); // late bytes of the registration before
  assert.equal(show(stream, 1, 4), true);
  assert.equal(stream.state, "live");
  viewing.list("a");
  assert.deepEqual(viewing.said(), []);
});

test("a newer registration without a stop in between is stale until its first picture", () => {
  const viewing = new Viewing();
  const stream = viewing.open("a");
  viewing.connect("a");
  viewing.started(stream);
  show(stream, 40);
  viewing.started(stream, 4);
  assert.deepEqual([stream.state, stream.pace.frameNumber], ["stale", 0]);
  show(stream, 1, 4);
  assert.deepEqual([stream.state, stream.pace.frameNumber], ["live", 1]);
});

test("frames find their stream by desktop, screen and rendition", () => {
  const viewing = new Viewing();
  const full = viewing.open("a", 0, 0);
  const small = viewing.open("a", 0, 2);
  viewing.connect("a");
  viewing.started(full);
  viewing.started(small);
  assert.equal(viewing.streams.streamOf(frameOf(1, [])), full);
  assert.equal(viewing.streams.streamOf(frameOf(1, [], { rendition: 2 })), small);
  assert.equal(viewing.streams.streamOf(frameOf(1, [], { screen: 1 })), undefined);
  viewing.streams.close(full, viewing.clock);
  assert.equal(viewing.streams.streamOf(frameOf(1, [])), undefined);
});

test("a refusal goes to the stream that was asked for first, and stays until it is tried again", () => {
  const viewing = new Viewing();
  const first = viewing.open("a", 0);
  const second = viewing.open("a", 1);
  viewing.connect("a");
  viewing.hear({ type: "error", reason: "stream_limit" });
  viewing.started(second);
  assert.deepEqual([first.state, first.reason, second.state], ["refused", "stream_limit", "opening"]);
  viewing.said();
  viewing.list("a");
  assert.deepEqual(viewing.said(), []);
  viewing.streams.retry(first, viewing.clock);
  assert.deepEqual(viewing.said(), ["start_stream a0"]);
});

test("errors about something else refuse nothing", () => {
  const viewing = new Viewing();
  const stream = viewing.open("a");
  viewing.connect("a");
  assert.equal(viewing.streams.received({ type: "error", reason: "bad_field:maxFps" }, viewing.clock), false);
  assert.equal(stream.state, "opening");
  viewing.started(stream);
  assert.equal(viewing.streams.received({ type: "error", reason: "forbidden" }, viewing.clock), false);
  assert.equal(stream.state, "opening");
});

test("a screen that appears later is asked for without anybody's help", () => {
  const viewing = new Viewing();
  const stream = viewing.open("a", 1);
  viewing.connect("a");
  viewing.hear({ type: "error", reason: "screen_unknown" });
  assert.equal(stream.state, "refused");
  viewing.said();
  viewing.list("a");
  assert.deepEqual(viewing.said(), ["start_stream a1"]);
});

test("a desktop that turns out to be offline is waited for", () => {
  const viewing = new Viewing();
  const stream = viewing.open("a");
  viewing.connect("a");
  viewing.hear({ type: "error", reason: "desktop_offline" });
  assert.equal(stream.state, "waiting");
  viewing.list();
  viewing.said();
  viewing.list("a");
  assert.deepEqual(viewing.said(), ["start_stream a0"]);
});

test("a removed desktop is not asked for any more", () => {
  const viewing = new Viewing();
  const stream = viewing.open("a");
  viewing.connect("a");
  viewing.started(stream);
  show(stream);
  viewing.said();
  viewing.stopped(stream, "desktop_removed");
  viewing.list("a");
  assert.deepEqual([stream.state, stream.reason, viewing.said()], ["refused", "desktop_removed", []]);
});

test("closed and opened again while the answer is on its way: the old answer is not the new one's", () => {
  const viewing = new Viewing();
  const old = viewing.open("a");
  viewing.connect("a");
  viewing.streams.close(old, viewing.clock);
  const fresh = viewing.open("a");
  assert.deepEqual(viewing.said(), ["get_desktop_clients", "start_stream a0", "stop_stream a0", "start_stream a0"]);
  viewing.started(old);
  assert.equal(fresh.epoch, null);
  viewing.stopped(old, "asked");
  viewing.started(fresh);
  assert.equal(fresh.epoch, 3);
});

test("an answer that stays away is asked for again", () => {
  const viewing = new Viewing();
  viewing.open("a");
  viewing.connect("a");
  viewing.said();
  viewing.nowMs += 7_999;
  viewing.streams.tick(viewing.clock);
  assert.deepEqual(viewing.said(), []);
  viewing.nowMs += 1;
  viewing.streams.tick(viewing.clock);
  assert.deepEqual(viewing.said(), ["start_stream a0"]);
});

test("a damaged picture is asked for anew at once, and then no more often than every 3 s", () => {
  const viewing = new Viewing();
  const stream = viewing.open("a");
  viewing.connect("a");
  viewing.started(stream);
  show(stream);
  viewing.said();
  const damage = () => {
    stream.damaged = true;
    viewing.streams.repair(stream, viewing.clock);
    return viewing.said();
  };
  assert.deepEqual(damage(), ["stop_stream a0", "start_stream a0"]);
  viewing.stopped(stream, "asked");
  viewing.started(stream);
  show(stream);
  assert.deepEqual(damage(), []);
  viewing.nowMs += 3_000;
  viewing.streams.tick(viewing.clock);
  assert.deepEqual(viewing.said(), ["stop_stream a0", "start_stream a0"]);
  viewing.started(stream);
  viewing.nowMs += 60_000;
  viewing.streams.tick(viewing.clock);
  assert.deepEqual(viewing.said(), []);
});

test("a hidden stream tells the server so as soon as it runs", () => {
  const viewing = new Viewing();
  const stream = viewing.open("a");
  stream.pace.setHidden(true, viewing.nowMs);
  viewing.connect("a");
  viewing.started(stream);
  assert.equal(stream.pace.poll(viewing.nowMs)?.hidden, true);
});
