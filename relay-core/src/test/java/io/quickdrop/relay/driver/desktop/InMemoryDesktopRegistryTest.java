package io.quickdrop.relay.driver.desktop;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

class InMemoryDesktopRegistryTest extends DesktopRegistryContract {
    private final AtomicLong clock = new AtomicLong(1_760_000_000_000L);
    private final InMemoryDesktopRegistry registry =
            new InMemoryDesktopRegistry("one", () -> Instant.ofEpochMilli(clock.get()));

    @Override
    protected DesktopRegistry registry() {
        return registry;
    }

    @Override
    protected DesktopRegistry reopened() {
        return registry;
    }

    @Override
    protected DesktopRegistry another() {
        return registry.asInstance("two");
    }

    @Override
    protected void timePasses() {
        clock.addAndGet(86_400_000);
    }
}
