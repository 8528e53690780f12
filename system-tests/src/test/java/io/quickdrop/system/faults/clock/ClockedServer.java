package io.quickdrop.system.faults.clock;

import io.quickdrop.relay.driver.client.Connector;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.TestConnector;
import io.quickdrop.system.harness.TestSocket.Upgrade;
import java.time.Duration;

/** A server whose wall clock jumps, in whatever way. */
interface ClockedServer extends AutoCloseable {
    /** From now on its clock is off by so much; the monotonic clock goes on as before. */
    void jump(Duration offBy);

    /** It stops and starts again under the clock as it is. */
    void restart();

    /** To the server, also after a restart. */
    Door door();

    /** For an upload. */
    default Connector connector() {
        return new TestConnector(door(), Upgrade.v2(door()));
    }

    /** Stops it for good. */
    @Override
    void close();
}
