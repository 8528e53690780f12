import assert from "node:assert/strict";
import { test } from "node:test";
import { absentWords, ClusterState, instanceWords, storeWords } from "../../main/resources/web/dashboard/cluster-state.js";
import { LiveState } from "../../main/resources/web/dashboard/live-state.js";

const NOW = 1_800_000_000_000;
const north = { id: "n", name: "north", url: "https://north:8443", state: "alive", self: true, sinceTs: NOW - 3_600_000, seenTs: NOW };
const south = { ...north, id: "s", name: "south", url: "https://south:8443", self: false };
const up = { kind: "postgresql", state: "up" };

function cluster(instances, store = up) {
  const state = new ClusterState();
  state.reset({ instances, store });
  return state;
}

test("a server by itself has no servers to show, one on PostgreSQL has, and so have two", () => {
  assert.equal(cluster([north], { kind: "sqlite", state: "up" }).isCluster, false);
  assert.equal(cluster([north]).isCluster, true);
  assert.equal(cluster([north, south], { kind: "sqlite", state: "up" }).isCluster, true);
  const old = new ClusterState();
  old.reset({});
  assert.deepEqual([old.isCluster, old.shown(NOW), old.absent(undefined)], [false, [], null], "a server that tells of neither");
});

test("this server comes first, then who lives; who is long gone is not shown any more", () => {
  const west = { ...south, id: "w", name: "west", state: "away" };
  const left = { ...south, id: "l", name: "a-left", state: "left", sinceTs: NOW - 1_000 };
  const gone = { ...left, id: "g", name: "gone", sinceTs: NOW - 100_000_000 };
  const names = cluster([gone, left, west, south, north]).shown(NOW).map(({ name }) => name);
  assert.deepEqual(names, ["north", "south", "west", "a-left"]);
});

test("what lies at a server that is away can't be had, until it is heard of again", () => {
  const state = cluster([north, south]);
  const at = { id: "s", name: "south" };
  assert.equal(state.absent(at), null);
  state.put({ ...south, state: "away", sinceTs: NOW });
  assert.match(absentWords(state.absent(at)), /“south”, which has been away since .*when that server is back/);
  state.put({ ...south, state: "left", sinceTs: NOW });
  assert.match(absentWords(state.absent(at)), /which was ended/);
  state.put(south);
  assert.equal(state.absent(at), null);
  assert.match(absentWords(state.absent({ id: "x", name: "never heard of" })), /“never heard of”/);
});

test("servers and their store say how long", () => {
  assert.deepEqual(instanceWords(north, NOW), { tone: "good", short: "This one", line: "up for 60 min" });
  assert.equal(instanceWords({ ...south, state: "away", seenTs: NOW - 12_000 }, NOW).line, "last heard 12 s ago");
  assert.deepEqual(storeWords(up, NOW), { tone: "good", name: "PostgreSQL", short: "Answers", line: "" });
  assert.equal(storeWords({ ...up, state: "down", sinceTs: NOW - 30_000 }, NOW).line, "for 30 s");
  assert.equal(storeWords({ ...up, sinceTs: NOW - 30_000 }, NOW).line, "again, for 30 s");
});

test("the messages of the server keep it up", () => {
  const live = new LiveState();
  const snapshot = { type: "snapshot", recordings: [], sessions: [], phonesConnected: 0, freeBytes: 1, instances: [north], store: up };
  live.apply(snapshot, 0, NOW);
  assert.equal(live.apply({ type: "instance_status", instance: south }, 0, NOW), true);
  assert.equal(live.apply({ type: "store_status", store: { ...up, state: "down", sinceTs: NOW } }, 0, NOW), true);
  assert.deepEqual([live.cluster.shown(NOW).length, live.cluster.store.state], [2, "down"]);
  live.apply({ ...snapshot, store: undefined, instances: undefined }, 0, NOW);
  assert.deepEqual([live.cluster.isCluster, live.cluster.store.state], [false, "up"]);
});
