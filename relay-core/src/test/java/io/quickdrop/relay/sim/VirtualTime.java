package io.quickdrop.relay.sim;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * The clock and the event queue of a simulated world. Nothing happens by itself: {@link #step} runs the next event, and
 * time jumps to it. Confined to one thread.
 */
public final class VirtualTime {
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final ArrayDeque<Runnable> ready = new ArrayDeque<>();
    private final SplittableRandom random;
    private long nowNanos;
    private Instant now = Instant.EPOCH;
    private long scheduled;
    private long executed;

    /** @param random decides between tasks that are ready at the same moment */
    public VirtualTime(SplittableRandom random) {
        this.random = random;
    }

    /** Something that is going to happen. */
    public static final class Event implements Comparable<Event> {
        private final long atNanos;
        private final long number;
        private final Runnable task;
        private boolean cancelled;

        private Event(long atNanos, long number, Runnable task) {
            this.atNanos = atNanos;
            this.number = number;
            this.task = task;
        }

        /** It is not going to happen after all. */
        public void cancel() {
            cancelled = true;
        }

        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    /** Monotonic time. */
    public Instant now() {
        return now;
    }

    /** Monotonic time, nanoseconds since the beginning of the world. */
    public long nowNanos() {
        return nowNanos;
    }

    /** Events that have happened. */
    public long executed() {
        return executed;
    }

    /** Lets {@code task} happen after so many milliseconds, fractions allowed. */
    public Event afterMillis(double millis, Runnable task) {
        return atNanos(nowNanos + (long) (millis * 1e6), task);
    }

    /** Lets {@code task} happen at a time; at once where that lies in the past. */
    public Event atNanos(long atNanos, Runnable task) {
        Event event = new Event(Math.max(atNanos, nowNanos), scheduled++, task);
        events.add(event);
        return event;
    }

    /** Lets {@code task} happen now, in any order with others that are ready now. */
    public void soon(Runnable task) {
        ready.add(task);
    }

    /** Runs the next event; false if there is none. */
    public boolean step() {
        Runnable task = ready.poll();
        if (task == null) {
            Event event = events.poll();
            while (event != null && event.cancelled) {
                event = events.poll();
            }
            if (event == null) {
                return false;
            }
            if (event.atNanos != nowNanos) {
                nowNanos = event.atNanos;
                now = Instant.EPOCH.plusNanos(nowNanos);
            }
            task = event.task;
        } else if (!ready.isEmpty() && random.nextInt(8) == 0) {
            ready.add(task);
            task = ready.remove();
        }
        executed++;
        task.run();
        return true;
    }
}
