package io.quickdrop.relay.driver.desktop;

class InMemoryDesktopRegistryTest extends DesktopRegistryContract {
    private final DesktopRegistry registry = new InMemoryDesktopRegistry();

    @Override
    protected DesktopRegistry registry() {
        return registry;
    }

    @Override
    protected DesktopRegistry reopened() {
        return registry;
    }
}
