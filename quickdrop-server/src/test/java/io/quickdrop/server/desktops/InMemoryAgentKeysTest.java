package io.quickdrop.server.desktops;

class InMemoryAgentKeysTest extends AgentKeysContract {
    private final AgentKeys keys = new InMemoryAgentKeys();

    @Override
    protected AgentKeys keys() {
        return keys;
    }
}
