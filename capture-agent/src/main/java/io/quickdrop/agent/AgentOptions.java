package io.quickdrop.agent;

import io.quickdrop.agent.identity.ServerPin;
import io.quickdrop.agent.screens.ScreenChoice;
import io.quickdrop.websocket.ServerAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asked for, checked.
 *
 * @param home the private folder; null for the usual one
 * @param pointer whether the mouse pointer shall be seen
 */
record AgentOptions(
        ServerAddress server,
        @Nullable String code,
        @Nullable ServerPin pin,
        @Nullable String id,
        @Nullable String name,
        ScreenChoice screens,
        int maxFps,
        int maxQuality,
        boolean pointer,
        @Nullable Path home) {}
