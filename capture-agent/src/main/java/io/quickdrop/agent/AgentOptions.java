package io.quickdrop.agent;

import io.quickdrop.agent.screens.ScreenChoice;
import io.quickdrop.websocket.ServerAddress;
import io.quickdrop.websocket.ServerPin;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asked for, checked.
 *
 * @param servers at least one; of one store
 * @param pins of the first servers, as many as were given
 * @param home the private folder; null for the usual one
 * @param pointer whether the mouse pointer shall be seen
 */
record AgentOptions(
        List<ServerAddress> servers,
        @Nullable String code,
        List<ServerPin> pins,
        @Nullable String id,
        @Nullable String name,
        ScreenChoice screens,
        int maxFps,
        int maxQuality,
        boolean pointer,
        @Nullable Path home) {}
