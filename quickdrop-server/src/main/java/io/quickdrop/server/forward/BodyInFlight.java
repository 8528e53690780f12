package io.quickdrop.server.forward;

import io.quickdrop.server.http.BodyDesk;
import io.quickdrop.server.http.Exchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A request's body on its way to another server: read from its sender only as that server takes it. One read of the socket may
 * bring several parts, which is all that ever waits here.
 */
final class BodyInFlight implements BodyDesk.Body, Flow.Publisher<ByteBuffer> {
    private final Exchange exchange;
    private final Queue<ByteBuffer> waiting = new ArrayDeque<>();
    private Flow.@Nullable Subscriber<? super ByteBuffer> subscriber;
    private Runnable onGone = () -> {};
    private long wanted;
    private boolean whole;
    private boolean gone;
    private boolean over;
    private boolean reading;

    BodyInFlight(Exchange exchange) {
        this.exchange = exchange;
    }

    /** What to do when the sender is gone. */
    synchronized void onGone(Runnable what) {
        onGone = what;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> taker) {
        synchronized (this) {
            subscriber = taker;
        }
        taker.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long count) {
                synchronized (BodyInFlight.this) {
                    wanted = Math.min(Long.MAX_VALUE / 2, wanted + Math.min(count, Long.MAX_VALUE / 2));
                }
                move();
            }

            @Override
            public void cancel() {
                synchronized (BodyInFlight.this) {
                    over = true;
                    waiting.clear();
                }
            }
        });
    }

    @Override
    public void part(ByteBuffer bytes) {
        synchronized (this) {
            reading = false;
            if (!over) {
                waiting.add(bytes);
            }
        }
        move();
    }

    @Override
    public void end() {
        synchronized (this) {
            whole = true;
        }
        move();
    }

    @Override
    public void gone() {
        Runnable told;
        synchronized (this) {
            gone = true;
            told = onGone;
        }
        move();
        told.run();
    }

    /** Hands on what is there and wanted; asks for more when nothing is left. Signals are sent one at a time, in order. */
    private synchronized void move() {
        Flow.Subscriber<? super ByteBuffer> taker = subscriber;
        if (taker == null || over) {
            return;
        }
        while (wanted > 0 && !waiting.isEmpty() && !over) {
            wanted--;
            taker.onNext(waiting.remove());
        }
        if (over || !waiting.isEmpty()) {
            return;
        }
        if (whole) {
            over = true;
            taker.onComplete();
        } else if (gone) {
            over = true;
            taker.onError(new IOException("the sender is gone"));
        } else if (wanted > 0 && !reading) {
            reading = true;
            exchange.read();
        }
    }
}
