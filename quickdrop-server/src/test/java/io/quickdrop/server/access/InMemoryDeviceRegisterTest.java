package io.quickdrop.server.access;

class InMemoryDeviceRegisterTest extends DeviceRegisterContract {
    private final DeviceRegister register = new InMemoryDeviceRegister();

    @Override
    protected DeviceRegister register() {
        return register;
    }
}
