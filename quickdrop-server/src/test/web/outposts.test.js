import assert from "node:assert/strict";
import { test } from "node:test";
import { REACH_MS } from "../../main/resources/web/watch/outpost.js";
import { Outposts, REST_MS, STEADY_MS } from "../../main/resources/web/watch/outposts.js";
import { Stream } from "../../main/resources/web/watch/stream.js";
import { Subscriptions } from "../../main/resources/web/watch/subscriptions.js";
import { frameOf, PaintedSurface, Picture } from "./watch-fixtures.js";

const SOUTH = "https://south:8443";

/** A viewer, its own server, and the other instances that it is sent to. */
class Viewing {
  nowMs = 1_000;
  home = [];
  /** What each connection elsewhere was made with, its events, and what was sent on it. */
  ways = [];
  streams = new Subscriptions(
    (message) => this.home.push(message),
    () => {},
    (stream, offer, clock) => this.outposts.take(stream, offer, clock),
  );
  outposts = new Outposts(
    (url, ticket, events) => {
      const way = { url, ticket, events, sent: [], open: true, send: (message) => way.sent.push(message), end: () => (way.open = false) };
      this.ways.push(way);
      return way;
    },
    {
      clock: () => this.clock,
      onChange: () => {},
      giveBack: (stream, direct, clock) => this.streams.returned(stream, direct, clock),
      onMessage: (message) => this.told.push(message),
      onBinary: () => {},
    },
  );
  told = [];

  get clock() {
    return { nowMs: this.nowMs, nowTs: 1_800_000_000_000 + this.nowMs };
  }

  open(desktopClientId, rendition = 0) {
    const stream = new Stream({ desktopClientId, monitorId: 0, rendition }, new PaintedSurface());
    this.streams.open(stream, this.clock);
    return stream;
  }

  connect(instance, ...online) {
    this.streams.connected();
    this.list(instance, ...online);
  }

  list(instance, ...online) {
    const clients = online.map((clientId) => ({ clientId, state: "online", monitors: [{ index: 0 }], instance }));
    this.hear({ type: "desktop_clients_list", clients });
  }

  hear(message) {
    this.streams.received(message, this.clock);
  }

  elsewhere(stream, url = SOUTH, ticket = "t-1") {
    this.hear({ type: "stream_elsewhere", ...stream.name, url, ticket });
  }

  pass(ms) {
    this.nowMs += ms;
    this.streams.tick(this.clock);
    this.outposts.tick(this.clock);
  }

  said() {
    return short(this.home);
  }
}

const short = (sent) =>
  sent.splice(0).map(({ type, desktopClientId = "", redirect }) => `${type} ${desktopClientId}${redirect ? " redirect" : ""}`.trim());

const startedOf = (stream, desktopHandle = 7) => ({
  type: "stream_started", ...stream.name, desktopHandle, epoch: 3, width: 256, height: 128,
});

function paint(stream) {
  stream.receive(frameOf(1, [[0, 0, 1]], { epoch: 3 }), 0);
  for (let next = stream.queue.take(); next; next = stream.queue.take()) stream.queue.decoded(next.piece, new Picture(1));
  return stream.paint(() => 1);
}

/** A viewer that watches "a" straight from the other instance. */
function straight() {
  const viewing = new Viewing();
  const stream = viewing.open("a");
  viewing.connect("south", "a");
  viewing.elsewhere(stream);
  viewing.ways[0].events.onReady();
  viewing.ways[0].events.onMessage(startedOf(stream));
  paint(stream);
  viewing.said();
  short(viewing.ways[0].sent);
  return { viewing, stream, way: viewing.ways[0] };
}

test("a stream is fetched where its desktop is, on one connection for all of that instance", () => {
  const viewing = new Viewing();
  const streams = [viewing.open("a"), viewing.open("a", 2), viewing.open("b")];
  viewing.connect("south", "a", "b");
  assert.deepEqual(viewing.said(), ["get_desktop_clients", "start_stream a redirect", "start_stream a redirect", "start_stream b redirect"]);
  for (const stream of streams) viewing.elsewhere(stream);
  assert.deepEqual(viewing.ways.map(({ url, ticket }) => [url, ticket]), [[SOUTH, "t-1"]]);
  const [way] = viewing.ways;
  assert.deepEqual(short(way.sent), [], "nothing is asked before it lets us in");
  way.events.onReady();
  assert.deepEqual(short(way.sent), ["start_stream a", "start_stream a", "start_stream b"]);
  for (const stream of streams) way.events.onMessage(startedOf(stream));
  assert.equal(paint(streams[0]), true);
  assert.deepEqual([streams[0].state, streams[0].facts.host], ["live", SOUTH]);
  assert.deepEqual(viewing.said(), [], "the own server is not asked as well");
});

test("where the other instance can't be reached, the own server fetches the picture, two seconds later", () => {
  const viewing = new Viewing();
  const [a, b] = [viewing.open("a"), viewing.open("b")];
  viewing.connect("south", "a", "b");
  viewing.said();
  viewing.elsewhere(a);
  viewing.elsewhere(b);
  viewing.pass(REACH_MS - 1);
  assert.deepEqual(viewing.said(), []);
  viewing.pass(1);
  assert.deepEqual(viewing.said(), ["start_stream a", "start_stream b"]);
  assert.equal(viewing.ways[0].open, false);
  viewing.hear(startedOf(a));
  paint(a);
  assert.deepEqual([a.state, a.facts.host], ["live", null]);
});

test("an instance that could not be reached is left alone for a minute", () => {
  const viewing = new Viewing();
  const a = viewing.open("a");
  viewing.connect("south", "a", "b", "c");
  viewing.elsewhere(a);
  viewing.ways[0].events.onLost();
  viewing.said();
  const b = viewing.open("b");
  viewing.elsewhere(b);
  assert.deepEqual([viewing.said(), viewing.ways.length], [["start_stream b redirect", "start_stream b"], 1]);
  viewing.nowMs += REST_MS;
  viewing.elsewhere(viewing.open("c"));
  assert.equal(viewing.ways.length, 2);
});

test("a picture that comes from another instance goes on while the own server is away", () => {
  const { viewing, stream, way } = straight();
  viewing.streams.disconnected(viewing.clock);
  assert.deepEqual([stream.state, way.open], ["live", true]);
  viewing.connect("south", "a");
  assert.deepEqual(viewing.said(), ["get_desktop_clients"]);
});

test("when the other instance goes, the own server is asked where the desktop is by now", () => {
  const { viewing, stream, way } = straight();
  viewing.nowMs += STEADY_MS;
  way.events.onLost();
  assert.deepEqual([viewing.said(), stream.state, stream.facts.host], [["start_stream a redirect"], "stale", null]);
  viewing.hear(startedOf(stream));
  assert.equal(stream.epoch, 3);
});

test("a desktop that went from there is asked for at the own server", () => {
  const { viewing, stream, way } = straight();
  way.events.onMessage({ type: "stream_stopped", ...stream.name, reason: "desktop_gone" });
  assert.deepEqual([short(way.sent), viewing.said()], [["stop_stream a"], ["start_stream a redirect"]]);
});

test("a desktop that moved is not waited for where it was, though that connection is open", () => {
  const { viewing, stream, way } = straight();
  viewing.list("south", "a");
  assert.deepEqual(viewing.said(), []);
  viewing.list(undefined, "a");
  assert.deepEqual([short(way.sent), viewing.said(), stream.facts.host], [["stop_stream a"], ["start_stream a redirect"], null]);
});

test("a connection that never lasts is not tried in a circle", () => {
  const { viewing, way } = straight();
  way.events.onLost();
  assert.deepEqual(viewing.said(), ["start_stream a"]);
});

test("what the other instance refuses, the own server is asked for itself", () => {
  const viewing = new Viewing();
  const stream = viewing.open("a");
  viewing.connect("south", "a");
  viewing.elsewhere(stream);
  viewing.said();
  viewing.ways[0].events.onReady();
  viewing.ways[0].events.onMessage({ type: "error", reason: "desktop_offline", detail: "" });
  assert.deepEqual(viewing.said(), ["start_stream a"]);
});

test("an instance that lets us in and gives no picture costs two seconds", () => {
  const viewing = new Viewing();
  const stream = viewing.open("a");
  viewing.connect("south", "a");
  viewing.elsewhere(stream);
  viewing.ways[0].events.onReady();
  viewing.said();
  viewing.pass(REACH_MS);
  assert.deepEqual(viewing.said(), ["start_stream a"]);
});

test("the connection ends with its last stream, and only its numbers go to the page", () => {
  const { viewing, stream, way } = straight();
  way.events.onMessage({ type: "stream_stats", ...stream.name });
  way.events.onMessage({ type: "desktop_clients_list", clients: [] });
  assert.deepEqual(viewing.told.map(({ type }) => type), ["stream_stats"]);
  viewing.streams.close(stream, viewing.clock);
  assert.deepEqual(short(way.sent), ["stop_stream a"]);
  viewing.pass(1_000);
  assert.equal(way.open, false);
});

test("an address that is no https is not gone to", () => {
  const viewing = new Viewing();
  const stream = viewing.open("a");
  viewing.connect("south", "a");
  viewing.said();
  viewing.elsewhere(stream, "javascript:alert(1)");
  assert.deepEqual([viewing.said(), viewing.ways.length], [["start_stream a"], 0]);
});

test("what the own server can't reach is stale with the other's address, and comes back by itself", () => {
  const viewing = new Viewing();
  const stream = viewing.open("a");
  viewing.connect("south", "a");
  viewing.hear(startedOf(stream));
  paint(stream);
  viewing.said();
  viewing.hear({ type: "stream_stopped", ...stream.name, reason: "origin_unreachable", url: SOUTH });
  assert.deepEqual([stream.state, stream.facts.reason, stream.facts.offer], ["stale", "origin_unreachable", SOUTH]);
  viewing.list("south", "a");
  viewing.pass(20_000);
  assert.deepEqual(viewing.said(), [], "it is subscribed still");
  viewing.hear(startedOf(stream));
  paint(stream);
  assert.deepEqual([stream.state, stream.facts.reason, stream.facts.offer], ["live", null, null]);
});

test("what could not be reached is asked for again when its desktop is elsewhere by now", () => {
  const viewing = new Viewing();
  const stream = viewing.open("a");
  viewing.connect("south", "a");
  viewing.hear({ type: "stream_stopped", ...stream.name, reason: "origin_unreachable", url: SOUTH });
  viewing.said();
  viewing.list("west", "a");
  assert.deepEqual(viewing.said(), ["start_stream a redirect"]);
});
